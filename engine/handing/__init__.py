"""Handing: who has a case, since when, and what that cost in time."""
