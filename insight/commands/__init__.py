"""The parts of the command line, one file for each capability; ``insight.cli`` puts them together."""
