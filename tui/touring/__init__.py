"""Touring: the demo, and the tour through it: six things that a person does on a live fault, one told at a time."""
