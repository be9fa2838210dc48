"""Aftercare: what a charger does after somebody fixed it; whether the fix held is decided from that alone."""
