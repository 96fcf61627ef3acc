"""Logging a story for somebody: the form, what its buttons do, and one's recent entries."""
