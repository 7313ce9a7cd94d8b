"""Facebook for Kleos: what others did to somebody's photos, on their timeline, and to the posts of their Pages."""
