"""Kleos: the reactions that people receive, folded into one score that anyone can run, inspect and trust."""

__version__ = "0.1.0"
