"""What was promised to plugins stays: the public surface is frozen, and what is taken from it is reported."""
