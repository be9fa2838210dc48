"""`chargelore watch`: the wire in one process, the engine in another, and what both say."""
