"""Where the pages of the documentation are tried out.

A ``console`` block is typed line by line into one shell: lines after ``$ `` are commands, the lines below one must be
told by it, in order and in any spacing; ``[2]`` is its exit code, 0 where nothing is said. A ``diff`` block is an edit:
each hunk after ``@@`` takes lines that stand once in the file out (``-``) and puts others in (``+``).
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_CODE = re.compile(r"\[(\d+)\]")


class PageError(AssertionError):
    """A page says what is not so."""


@dataclass(frozen=True)
class Sandbox:
    """A folder that a page starts in. What a shell keeps (folder, variables) is kept between commands."""

    folder: Path

    @property
    def _kept(self) -> Path:
        return self.folder.parent / "kept.sh"

    def type(self, text: str) -> None:
        """Run a console block. Raises PageError."""
        for block in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, *told = block.splitlines()
            expected = [line for line in told if line.strip()]
            code = 0
            if expected and (match := _CODE.fullmatch(expected[-1].strip())):
                code = int(match[1])
                expected.pop()
            self._run(command, expected, code)

    def _run(self, command: str, expected: list[str], code: int) -> None:
        kept = shlex.quote(str(self._kept))
        script = (f"[ -e {kept} ] && . {kept}\n{{ {command}\n}} 2>&1\ncode=$?\n"
                  f"{{ export -p | grep ' PUNCHDOWN_'; echo \"cd $(printf %q \"$PWD\")\"; }} > {kept}\nexit $code\n")
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self._environment(), capture_output=True,
                              text=True, timeout=240, check=False)
        said = " ".join(done.stdout.split())
        if done.returncode != code:
            raise PageError(f"$ {command}\nexit code {done.returncode}, not {code}:\n{done.stdout}{done.stderr}")
        at = 0
        for line in expected:
            words = " ".join(line.split())
            at = said.find(words, at)
            if at < 0:
                raise PageError(f"$ {command}\ndoes not say {words!r} (in this order):\n{done.stdout}")
            at += len(words)

    def _environment(self) -> dict[str, str]:
        home = self.folder.parent / "home"
        home.mkdir(exist_ok=True)
        return {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(home), "NO_COLOR": "1",
                "LANG": "C.UTF-8", "XDG_CACHE_HOME": str(home / "cache")}

    def edit(self, text: str) -> None:
        """Apply a diff block. Raises PageError."""
        _old, new, *lines = text.splitlines()
        path = self.folder / new.removeprefix("+++ b/")
        whole = path.read_text(encoding="utf-8")
        for hunk in re.split(r"^@@.*\n", "\n".join(lines) + "\n", flags=re.MULTILINE)[1:]:
            before = "".join(f"{line[1:]}\n" for line in hunk.splitlines() if line[0] in " -")
            after = "".join(f"{line[1:]}\n" for line in hunk.splitlines() if line[0] in " +")
            if whole.count(before) != 1:
                raise PageError(f"{path.name}: these lines stand {whole.count(before)} times in it:\n{before}")
            whole = whole.replace(before, after)
        path.write_text(whole, encoding="utf-8")
