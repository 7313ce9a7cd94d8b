"""What `kleos history` shows: the curve on a terminal, as JSON and as CSV."""
