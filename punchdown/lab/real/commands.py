"""Programs of the machine that the lab starts."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from punchdown.errors import PunchdownError


class LabError(PunchdownError):
    """The lab could not be built, found or used."""


def run(argv: Sequence[str], *, stdin: str = "", timeout: float = 30.0) -> str:
    """Run to the end and return standard output. Raises LabError with what the program said."""
    done = attempt(argv, stdin=stdin, timeout=timeout)
    if done.returncode != 0:
        raise LabError(f"{' '.join(argv)}: {done.stderr.strip() or done.stdout.strip() or done.returncode}")
    return done.stdout


def attempt(argv: Sequence[str], *, stdin: str = "", timeout: float = 30.0) -> subprocess.CompletedProcess[str]:
    """Run to the end, whatever its exit code. Raises LabError when it is missing or too slow."""
    try:
        return subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=timeout, check=False)
    except FileNotFoundError as error:
        raise LabError(f"the real lab needs the program {argv[0]!r}, which is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise LabError(f"{argv[0]} did not end within {timeout:.0f} s") from error
