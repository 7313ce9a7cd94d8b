"""How a score went from day to day: the recorded curve, what moved under it, and how far it came."""
