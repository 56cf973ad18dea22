"""The pipeline replaced by canned values; what the command line handed to it is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from punchdown import pipeline
from punchdown.cli import main
from punchdown.values import (
    Change,
    ConfigLine,
    DeviceReport,
    Difference,
    Document,
    IntendedConfig,
    Plan,
    Position,
    Provenance,
    Report,
    Verdict,
)

NOW = "2026-03-02T04:05:06Z"
SOURCE = Provenance("endpoints.room-101", Position("sites/lisbon.yml", 31, 3), ("dot1x",), "by model", "dot1x")
CHANGE = Change(
    "sw-1", "cisco_ios",
    (Difference(Verdict.MISSING, "running-config", ("interface Gi1/0/7",), "dot1x pae authenticator", SOURCE,
                "802.1X is off on port Gi1/0/7", "high"),),
    (), base="0" * 64,
)
PLAN = Plan("lisbon", (CHANGE,), digest="d" * 64)
EMPTY = Plan("lisbon", (), digest="e" * 64)


def report(kind: str, status: str = "in-order", change: Change | None = None, error: str = "") -> Report:
    """One device of one site."""
    return Report(kind, "grand-hotels", NOW,
                  (DeviceReport("sw-1", "lisbon", "cisco_ios", "access-switch", status, change=change, error=error),))


class Engine:
    """Stands in for the pipeline: answers by verb, calls in order."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.answers: dict[str, Any] = {
            "check": report("check"), "plan": ((PLAN,), report("plan", "different", CHANGE)),
            "apply": report("apply", "changed"), "verify": report("verify"),
            "drift": report("drift", "different", CHANGE),
            "render": (IntendedConfig("sw-1", "cisco_ios", (
                Document("running-config", (ConfigLine("hostname sw-1", SOURCE),)),
                Document("/etc/issue.net", (ConfigLine("Authorised use only", SOURCE),)),
            )),),
            "explain": (ConfigLine("hostname sw-1", SOURCE),),
            "settings": (),
        }

    def verb(self, name: str) -> Callable[..., Any]:
        """A function of the pipeline that records and answers, or raises when the answer is an error."""
        def call(*arguments: Any, **keywords: Any) -> Any:
            self.calls.append((name, arguments, keywords))
            answer = self.answers[name]
            if isinstance(answer, BaseException):
                raise answer
            return answer
        return call

    def called(self) -> list[str]:
        """The verbs in the order in which they were called."""
        return [name for name, _arguments, _keywords in self.calls]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The stand-in, in the pipeline's place."""
    made = Engine()
    for name in made.answers:
        monkeypatch.setattr(pipeline, name, made.verb(name))
    return made


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty estate; the current folder is below it."""
    (tmp_path / "punchdown.yml").write_text("estate: grand-hotels\n")
    below = tmp_path / "sites" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    for name in ("PUNCHDOWN_ESTATE", "PUNCHDOWN_OPERATOR", "PUNCHDOWN_YES", "PUNCHDOWN_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(engine: Engine, estate: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command line in this process; gives exit code, output and errors."""
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err
    return call
