"""What `kleos model` shows beside a model itself: how it was fitted, and how it differs from another."""
