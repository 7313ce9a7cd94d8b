"""A score taken apart, and a change of it: `asking` and `question` answer from the store.

`explain` makes an `explanation`, `between` a `change`; `moments` and `audience` tell what earned most and who gave it.
"""
