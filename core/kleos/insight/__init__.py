"""Questions asked of finished runs: a folder each; `person` and `rescoring` (score again with something changed) are shared."""
