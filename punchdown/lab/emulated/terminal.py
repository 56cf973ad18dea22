"""The typed side of a session: echo, line editing, paging, single-key answers. Bytes in, bytes out; no network here."""

from __future__ import annotations

import re
from collections.abc import Callable

from punchdown.lab.emulated.box import Session

_MORE = " --More-- "
_ERASE = "\b" * 9 + " " * 8 + "\b" * 9
_TYPED = re.compile(r"[ -~]+|[^ -~]")


class Terminal:
    """Feeds typed characters to a session and writes what a screen would show. ``write`` takes text."""

    def __init__(self, session: Session, write: Callable[[str], None]) -> None:
        self.session, self._write = session, write
        self._line = ""
        self._pages: list[str] = []
        self._after_return = False

    def start(self) -> None:
        """Greet with the first prompt."""
        self._write(f"\r\n{self.session.prompt}")

    def type(self, text: str) -> bool:
        """Take typed characters up to one answered line; the rest stays for the next call. False = session over."""
        for part in _TYPED.findall(text):
            if len(part) > 1 and not self._pages and self.session.question is None:
                self._after_return = False
                self._line += part
                self._write(part)
            elif not all(map(self._live_key, part)):
                break
        return not self.session.closed

    def _live_key(self, key: str) -> bool:
        """Take one key. False = the session is over or hangs."""
        self._key(key)
        return not (self.session.closed or self.session.hung)

    def _key(self, key: str) -> None:
        after_return, self._after_return = self._after_return, key == "\r"
        if after_return and key == "\n":
            return
        if self._pages:
            self._page_key(key)
        elif self.session.question is not None and self.session.question.key:
            self._write("\r\n" if key in "\r\n" else f"{key}\r\n")
            self._submit("" if key in "\r\n" else key)
        elif key in "\r\n":
            line, self._line = self._line, ""
            self._write("\r\n")
            self._submit(line)
        else:
            self._edit(key)

    def _edit(self, key: str) -> None:
        if key in "\b\x7f":
            if self._line:
                self._line = self._line[:-1]
                self._write("\b \b")
        elif key == "\x1a":
            self._line = ""
            self._write("^Z\r\n")
            self._submit("\x1a")
        elif key == "\x15":
            self._write("\b \b" * len(self._line))
            self._line = ""
        elif key == "\x03" and not self._line.lstrip().lower().startswith("banner") and not self.session.verbatim:
            self._line = ""
            self._write(f"\r\n{self.session.prompt}")
        elif key.isprintable() or key in "\t\x03":
            self._line += key
            hidden = self.session.question is not None and self.session.question.hidden
            self._write("" if hidden else "^C" if key == "\x03" else key)

    def _submit(self, line: str) -> None:
        output = self.session.feed(line)
        if self.session.hung or self.session.closed:
            self._write(output.replace("\n", "\r\n"))
            return
        lines = output.replace("\n", "\r\n").splitlines(keepends=True)
        if self.session.length and len(lines) >= self.session.length and line.strip():
            self._pages = lines
            self._page(self.session.length - 1)
            return
        self._write("".join(lines) + self.session.prompt)

    def _page(self, count: int) -> None:
        shown, self._pages = self._pages[:count], self._pages[count:]
        more = getattr(self.session, "more", _MORE)
        self._write("".join(shown) + (more if self._pages else self.session.prompt))

    def _page_key(self, key: str) -> None:
        self._write(_ERASE)
        if key == " ":
            self._page(self.session.length - 1)
        elif key in "\r\n":
            self._page(1)
        else:
            self._pages = []
            self._write(self.session.prompt)
