"""What netmiko and paramiko log: never what they send and read, and nothing on the terminal by itself."""

from __future__ import annotations

import logging

_LIBRARIES = ("netmiko", "paramiko")
_LOGGERS = (*_LIBRARIES, "paramiko.transport")


class _NoPayload(logging.Filter):
    """Both log below WARNING what they send and read, secrets included."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


_NO_PAYLOAD = _NoPayload()
# Without a handler of its own a logger's errors go to the terminal: a connection that is reset, with its traceback.
_NOWHERE = logging.NullHandler()


def hush() -> None:
    """Hold for every session of this process; doing it again changes nothing. Whoever sets up logging still gets the
    errors and warnings."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_NO_PAYLOAD)
    for name in _LIBRARIES:
        logging.getLogger(name).addHandler(_NOWHERE)
