"""A Linux appliance in its own mount, network and process namespaces, and a Writer that runs commands in it.

``/etc`` and ``/var/lib/punchdown`` are a private disk that outlives :meth:`Appliance.reboot`; ``/run`` does not.
Killing the first process of the process namespace ends all others in it, as a power cut does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from punchdown.errors import DeviceTimeout
from punchdown.platforms.contract import Answer

_INIT = """set -e
for folder in /run /var/lib; do mount -t tmpfs tmpfs $folder; done
mkdir /var/lib/punchdown
mount --bind "$DISK/etc" /etc
mount --bind "$DISK/punchdown" /var/lib/punchdown
ip link set lo up
: > /run/up
exec sleep infinity
"""


@dataclass
class Appliance:
    """``disk`` is an empty folder; ``seed`` are files below /etc (path to text). Root only."""

    disk: Path
    name: str = "box-1"
    seed: dict[str, str] = field(default_factory=dict)
    _init: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Appliance:
        (self.disk / "punchdown").mkdir(parents=True)
        etc = self.disk / "etc"
        etc.mkdir()
        for shared in ("passwd", "group", "nsswitch.conf", "services", "protocols", "ld.so.cache"):
            if Path("/etc", shared).exists():
                (etc / shared).write_bytes(Path("/etc", shared).read_bytes())
        for path, text in self.seed.items():
            target = etc / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Power on; runs nothing by itself."""
        command = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
                   "--propagation", "private", "sh", "-c", _INIT]
        self._init = subprocess.Popen(command, env={**os.environ, "DISK": str(self.disk)}, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while subprocess.run([*self.enter(), "test", "-e", "/run/up"], stderr=subprocess.DEVNULL).returncode:
            assert time.monotonic() < deadline, "the appliance does not come up"
            time.sleep(0.02)

    def stop(self) -> None:
        """Power off, at once."""
        if self._init:
            self._init.send_signal(signal.SIGKILL)
            self._init.wait()
            self._init = None

    def reboot(self) -> None:
        """Power cut and a start, with the job that every start runs."""
        self.stop()
        self.start()
        self.writer().run("if [ -e /var/lib/punchdown/boot ]; then sh /var/lib/punchdown/boot; fi")

    def enter(self) -> list[str]:
        """The words that run a command inside."""
        assert self._init
        children = Path(f"/proc/{self._init.pid}/task/{self._init.pid}/children")
        inside = (children.read_text().split() if children.exists() else []) or [str(self._init.pid)]
        return ["nsenter", "--target", inside[0], "--mount", "--net", "--pid"]

    def writer(self) -> LocalWriter:
        """A new session."""
        return LocalWriter(self)


@dataclass
class LocalWriter:
    """The Writer of the contract without a network; ``sent`` holds every command (never what went to stdin)."""

    appliance: Appliance
    sent: list[str] = field(default_factory=list)

    @property
    def device(self) -> str:
        return self.appliance.name

    def show(self, command: str, *, timeout: float = 30.0) -> Answer:
        return self.run(command, timeout=timeout)

    def run(self, command: str, *, timeout: float = 60.0, stdin: str = "") -> Answer:
        self.sent.append(command)
        try:
            done = subprocess.run([*self.appliance.enter(), "sh", "-c", command], input=stdin, text=True,
                                  capture_output=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            raise DeviceTimeout(self.device, "run", "no answer") from None
        return Answer(done.stdout, done.stderr, done.returncode)

    def configure(self, line: str, *, timeout: float = 30.0) -> Answer:
        raise AssertionError("a Linux appliance has no configuration mode")

    def reconnect(self) -> LocalWriter:
        return self.appliance.writer()

    def close(self) -> None:
        return
