"""Escalating: a case that no step is worth its minutes for becomes a packet for its maker, with one question."""
