"""Lookalikes: causes that look the same in all that a model can report, before any case."""
