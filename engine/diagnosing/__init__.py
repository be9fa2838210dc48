"""From what a case shows to its likely causes and the next step. Pure."""
