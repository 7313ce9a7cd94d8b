"""What attacks were worth, as a table and as JSON."""
