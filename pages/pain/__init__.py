"""The parts of the pain points screen."""
