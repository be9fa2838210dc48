"""Replaying: a recorded log on the screens, at the speed that a person chooses, on the clock of its signals."""
