"""The parts of the audit's screen."""
