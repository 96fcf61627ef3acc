"""Journeys: the paths people really take, where they wait, are passed on, and turn back."""
