"""Plotting: what people would rather look at than read: power and temperature, how often cases open, who keeps whom."""
