"""Signals against rules: the network that all rules share, and what it remembers of each charger."""
