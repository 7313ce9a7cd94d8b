"""Two models side by side: what differs in them, and who moves and why if one takes the other's place."""
