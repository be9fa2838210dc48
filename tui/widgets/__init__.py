"""Widgets: what the screens are put together from."""
