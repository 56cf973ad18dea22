"""What should be seen and what was seen, judged: pure, observations are handed in."""

from punchdown.verify.forms import form_findings
from punchdown.verify.judge import judge
from punchdown.verify.witness import witness

__all__ = ["form_findings", "judge", "witness"]
