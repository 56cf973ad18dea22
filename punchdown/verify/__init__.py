"""What should be seen and what was seen, judged: pure, observations are handed in."""

from punchdown.verify.judge import judge

__all__ = ["judge"]
