"""A switch without network, and a fleet in a thread."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from punchdown.lab.emulated import ApplianceSpec, Fleet, ManualClock, ScaledClock
from punchdown.lab.emulated.cisco_ios import CliSession, IosAppliance

Type = Callable[..., str]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def switch(clock: ManualClock) -> IosAppliance:
    return IosAppliance(ApplianceSpec("sw-acc-1", management="10.20.99.11"), clock)


@pytest.fixture
def session(switch: IosAppliance) -> CliSession:
    return switch.session()


@pytest.fixture
def type_lines(session: CliSession) -> Type:
    """Feed lines to one session; returns the output of the last."""

    def feed(*lines: str) -> str:
        outputs = [session.feed(line) for line in lines]
        return outputs[-1]

    return feed


@pytest.fixture
def configure(switch: IosAppliance) -> Type:
    """Feed lines in configuration mode; returns everything that the device said."""

    def feed(*lines: str) -> str:
        session = switch.session()
        session.feed("configure terminal")
        return "".join(session.feed(line) for line in lines)

    return feed


class FleetThread:
    """Runs a fleet's event loop beside the test."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.fleet = Fleet(ScaledClock(600.0))
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def start(self, *specs: ApplianceSpec) -> dict[str, int]:
        return asyncio.run_coroutine_threadsafe(self.fleet.start(specs), self.loop).result(30)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self.fleet.stop(), self.loop).result(30)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@pytest.fixture
def fleet() -> Iterator[FleetThread]:
    running = FleetThread()
    yield running
    running.close()
