"""The parts of the journeys screens: maps, curves, paths, handoffs and waits, drawn from data."""
