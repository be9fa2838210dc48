"""Frames: what all layers of one charger said, page by page: from the store, or from the reels of this sitting."""
