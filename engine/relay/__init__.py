"""Relay: what is captured on its way from the wire, through a process of its own and a journal, to a store: once each.

The wire hands over items (`item.py`), which wait numbered in bounded memory (`outbox.py`) until the child (`child.py`)
says that they are in the journal (`journal.py`). From there the engine and the mover (`mover.py`) follow at their pace.
"""
