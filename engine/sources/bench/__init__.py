"""Bench: a small management system for a technician's laptop, to which a charger is pointed on site."""
