"""Keys: what keys mean everywhere, what a person made of them, and which of them write."""
