"""One function for many devices, with nornir as the runner; a device that fails is a value."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from nornir.core import Nornir
from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory
from nornir.core.task import Result, Task
from nornir.plugins.runners import ThreadedRunner

from punchdown.devices.operator import Operator
from punchdown.devices.session import ReadSession, open_reader
from punchdown.devices.target import Target
from punchdown.errors import ConnectError, DeviceError, PunchdownError
from punchdown.values.journal import Progress

T = TypeVar("T")


@dataclass
class Limits:
    """``workers`` devices at a time, ``logins_per_second`` new sessions: AAA servers break first."""

    workers: int = 50
    logins_per_second: float = 20.0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next: float = 0.0

    def wait(self) -> None:
        """Until this login may go."""
        with self._lock:
            start = max(self._next, time.monotonic())
            self._next = start + 1 / self.logins_per_second
        time.sleep(max(0.0, start - time.monotonic()))


def run_all(targets: Iterable[Target], task: Callable[[ReadSession], T], *, operator: Operator, limits: Limits,
            progress: Callable[[Progress], None]) -> dict[str, T | PunchdownError]:
    """Run a reading task on every target; device to what it gave or to the error that stopped it."""
    by_name = {target.device: target for target in targets}
    results: dict[str, T | PunchdownError] = {}
    progress(Progress("", "reading", str(len(by_name))))

    def one(job: Task) -> Result:
        target = by_name[job.host.name]
        progress(Progress(target.device, "connect"))
        limits.wait()
        results[target.device] = _attempt(target, task, operator)
        progress(Progress(target.device, "done"))
        return Result(host=job.host)

    nornir: Any = Nornir(
        inventory=Inventory(Hosts({name: Host(name=name) for name in by_name}), Groups(), Defaults()),
        runner=ThreadedRunner(num_workers=limits.workers))
    nornir.run(task=one)
    for name in by_name:
        results.setdefault(name, ConnectError(name, "run", "the task ended without a result"))
    return results


def _attempt(target: Target, task: Callable[[ReadSession], T], operator: Operator) -> T | PunchdownError:
    session = None
    try:
        session = open_reader(operator, target)
        return task(session)
    except PunchdownError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a fault in one device's task must not end the others; nornir would log it
        return DeviceError(target.device, "task", f"internal fault: {type(error).__name__}")
    finally:
        if session is not None:
            session.close()
