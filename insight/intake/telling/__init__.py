"""Telling a journey: drafts, the ways back to one, sending it, and changing what was sent."""
