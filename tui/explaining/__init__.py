"""Explaining: rules put to a case, one after the other, and a case kept as an example of a rule."""
