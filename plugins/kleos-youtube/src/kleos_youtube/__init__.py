"""YouTube for Kleos: what people said under somebody's videos, and how many liked and viewed them."""
