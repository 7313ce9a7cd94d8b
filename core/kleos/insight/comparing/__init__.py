"""Who is ahead of whom, and whether that is more than noise."""
