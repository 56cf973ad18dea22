"""A device that never stops talking, drop by drop or in a flood, is left when its time is over."""

from __future__ import annotations

import time

import pytest

from punchdown.devices.terminal import Terminal
from punchdown.errors import DeviceTimeout
from punchdown.platforms.contract import Dialect


class Endless:
    """A channel with a piece of text every so many seconds, for ever."""

    def __init__(self, pause: float) -> None:
        self.pause, self.timeout, self.said = pause, 0.0, 0
        self.base_prompt = "sw-1"
        self.remote_conn = self

    def settimeout(self, seconds: float) -> None:
        self.timeout = seconds

    def recv_ready(self) -> bool:
        return True

    def recv(self, _most: int) -> bytes:
        if self.timeout and self.timeout < self.pause:
            raise TimeoutError
        time.sleep(self.pause)
        self.said += 1
        return b"."

    def sendall(self, data: bytes) -> None:
        """Taken."""


@pytest.mark.parametrize("pause", [0.0, 0.005], ids=["a flood", "drops"])
def test_it_is_left_in_time(pause: float) -> None:
    channel = Endless(pause)
    with pytest.raises(DeviceTimeout, match="did not come back"):
        Terminal(channel, "sw-1", Dialect()).ask("read", "show running-config", 0.05)
    assert channel.said > 1
