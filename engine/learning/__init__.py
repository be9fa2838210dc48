"""Learning: what findings say that nobody wrote down yet; a person decides what becomes of it."""
