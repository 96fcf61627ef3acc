"""Coding passages: the desk, blind rounds of two or more people, and how well the machine agrees."""
