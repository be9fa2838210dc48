"""Packets: cases put to their makers, written to the disk and kept as handed over, by the command and the screen."""
