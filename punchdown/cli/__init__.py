"""The command line: arguments, progress, printing, exit codes. Everything else is the pipeline's."""

from punchdown.cli.main import main

__all__ = ["main"]
