"""``python -m insight``: everything the pages can do, from a shell."""

from insight.cli import run

if __name__ == "__main__":
    run()
