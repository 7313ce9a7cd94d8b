"""A score taken apart, in the terminal and as JSON: `report` puts the page together."""
