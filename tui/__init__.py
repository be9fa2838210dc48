"""Everything that a person touches: the command line and the terminal UI."""

import os

# How often Textual looks for something to paint, in times a second. At its own 60 a key waits up to 17 ms for its turn,
# a third of what a person may wait for what it did; it reads this once, when its screens are imported.
os.environ.setdefault("TEXTUAL_FPS", "120")
