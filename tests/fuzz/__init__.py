"""Hostile input at every door: ``make fuzz`` throws all of it, ``test_sample.py`` a small sharp part."""
