"""Event logs as files: read, mined from the command line, and written for other tools."""
