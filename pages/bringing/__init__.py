"""Bringing in a file: what became of it."""
