"""What if: reactions taken away or added, and advice; `asking` answers from the store, `simulation` and `advice` are the answers."""
