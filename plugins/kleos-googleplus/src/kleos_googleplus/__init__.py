"""Google+ for Kleos: what people said to somebody's posts, as the archives of Google Takeout keep it."""
