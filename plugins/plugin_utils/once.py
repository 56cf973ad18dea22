"""One call for all hosts of a task, under every strategy.

Ansible runs an action once per host, each time in a process of its own. ``BYPASS_HOST_LOOP`` would run it once, but
then only one host gets a result, ``serial`` repeats it per batch, and the free strategy refuses such actions. So the
first process that arrives makes the call while it holds a file lock; the others wait for the lock and take their own
slice of what it left. A host that comes back to the same task (a loop, ``until``) starts a new call.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Slices = Mapping[str, Mapping[str, Any]]


def once(folder: Path, key: str, host: str, call: Callable[[], Slices]) -> dict[str, Any] | None:
    """The slice of ``host``; None when the call had none for it.

    ``folder`` must live as long as one ansible-playbook. ``call`` must not raise: it would be repeated per host.
    """
    name = hashlib.sha256(host.encode()).hexdigest()
    turns = folder / f"punchdown-{key}-{name}.turns"
    with (folder / f"punchdown-{key}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        turn = turns.stat().st_size if turns.exists() else 0
        desk = folder / f"punchdown-{key}-{turn}"
        if not desk.exists():
            _lay_out(desk, call())
        with turns.open("a") as counted:
            counted.write(".")
        mine = desk / name
        return json.loads(mine.read_text(encoding="utf-8")) if mine.exists() else None


def _lay_out(desk: Path, slices: Slices) -> None:
    """One file per host, so that no host reads what ten thousand others need."""
    desk.mkdir(mode=0o700)
    for host, one in slices.items():
        name = hashlib.sha256(host.encode()).hexdigest()
        (desk / name).write_text(json.dumps(one), encoding="utf-8")
