"""Foursquare and Swarm for Kleos: what others made of somebody's check-ins, tips and lists."""
