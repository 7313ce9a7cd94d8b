"""Questions asked of finished runs: a folder for each question, and `person`, which they share."""
