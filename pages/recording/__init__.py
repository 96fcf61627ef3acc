"""The parts of the screen of records and retention."""
