"""Which weights would foretell best who is reacted to next, and agree best with people who judged: asked of one's own data."""
