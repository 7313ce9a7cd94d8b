"""Questions asked of finished runs: a folder for each question; `person` and `rescoring` (score again with something changed) are shared."""
