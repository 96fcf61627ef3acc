"""Throughline's domain: hears journeys, keeps them, and finds what hurts across services. Knows nothing of screens."""

__version__ = "0.1.0"
