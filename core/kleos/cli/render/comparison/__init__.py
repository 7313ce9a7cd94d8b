"""How a comparison looks: as JSON, side by side, or as a ranking."""
