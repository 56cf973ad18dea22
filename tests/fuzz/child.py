"""``punchdown check`` in a process of its own whose memory and processor time are bounded by the kernel."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 30
_CODE = "import sys; from punchdown.cli import main; sys.exit(main(sys.argv[1:]))"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Exit code (negative: killed by that signal) and what was printed."""

    code: int
    output: str
    error: str


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check(estate: Path) -> Outcome:
    """Check an estate within the bounds."""
    done = subprocess.run([sys.executable, "-c", _CODE, "check", "-e", str(estate)], capture_output=True, check=False,
                          preexec_fn=_bounded, stdin=subprocess.DEVNULL,
                          env={**os.environ, "XDG_CACHE_HOME": str(estate.parent / "cache")})
    return Outcome(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
