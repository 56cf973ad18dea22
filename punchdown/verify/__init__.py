"""What should be seen and what was seen, judged: pure, observations are handed in."""

from punchdown.verify.forms import form_findings
from punchdown.verify.judge import judge
from punchdown.verify.probes import SOON, looked, probe_document, probe_findings, probe_sightings
from punchdown.verify.questions import NoPlaceError, questions
from punchdown.verify.witness import witness

__all__ = [
    "SOON", "NoPlaceError", "form_findings", "judge", "looked", "probe_document", "probe_findings", "probe_sightings",
    "questions", "witness",
]
