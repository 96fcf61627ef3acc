"""The parts of the search screen."""
