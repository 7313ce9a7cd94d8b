"""Questions asked of finished runs. `asking` answers them from the store; `explain` takes a score apart."""
