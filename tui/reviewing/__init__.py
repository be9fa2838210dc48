"""Reviewing: what waits for a person's decision, what it would change, and the events that the decision is."""
