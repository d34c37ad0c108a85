"""`python -m mutualflow`: the same as the installed command."""

from mutualflow.cli.main import run

if __name__ == "__main__":
    run()
