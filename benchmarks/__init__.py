"""Kleos side by side with others, on the same work in the same run. ``python -m benchmarks`` prints the table."""
