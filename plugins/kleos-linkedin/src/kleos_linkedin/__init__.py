"""LinkedIn for Kleos: who endorsed and recommended somebody, and how much their posts, or those of their page, drew."""
