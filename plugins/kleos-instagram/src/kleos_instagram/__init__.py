"""Instagram for Kleos: how many liked, shared and saved what somebody posted, and who wrote under it, tagged and mentioned them."""
