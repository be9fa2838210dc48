"""Drafting: rules learned from what confirmed cases have in common and healthy sessions do not."""
