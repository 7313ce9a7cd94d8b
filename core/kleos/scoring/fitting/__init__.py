"""Weights learnt from comparisons: who of two people is more influential, or who of two was reacted to more next."""
