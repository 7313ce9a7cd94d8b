"""Mastodon for Kleos."""
