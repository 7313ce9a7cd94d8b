"""A score taken apart: `asking` answers from the store, `explain` takes it apart, `explanation` is the answer."""
