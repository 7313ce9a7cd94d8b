"""The model file, and the way from factors to a score."""
