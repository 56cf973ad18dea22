"""How long changes took, read out of the journal."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from punchdown.state.tables import JOURNAL, RUNS
from punchdown.values import Timing

RUNS_READ = 20
"""The last runs that count."""
_COMMANDS = re.compile(r"(\d+) commands?, ")
_STEPS = ("connect", "commit", "reconnect", "done", "resume")


def timings(connection: Connection) -> Iterator[Timing]:
    """Of every device that one of the last runs changed without a break, oldest first."""
    recent = select(RUNS.c.run).order_by(RUNS.c.started.desc()).limit(RUNS_READ).scalar_subquery()
    rows = connection.execute(select(JOURNAL.c.run, JOURNAL.c.device, JOURNAL.c.step, JOURNAL.c.at, JOURNAL.c.detail)
                              .where(JOURNAL.c.run.in_(recent), JOURNAL.c.step.in_(_STEPS)).order_by(JOURNAL.c.number))
    found: defaultdict[tuple[str, str], dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in rows:
        found[row.run, row.device][row.step] = (row.at, row.detail or "")
    for (_, device), steps in found.items():
        match = _COMMANDS.match(steps.get("commit", ("", ""))[1])
        if match and steps.keys() == set(_STEPS) - {"resume"}:
            begun, commit, reconnect, done = (datetime.fromisoformat(steps[name][0]).timestamp() for name in _STEPS[:4])
            yield Timing(device, done - begun - (reconnect - commit), int(match[1]), reconnect - commit)
