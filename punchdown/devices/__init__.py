"""The only network access to devices: endpoints, trust, sessions, runners.

Each part is loaded when it is first asked for: whoever only reads the operator's folder needs no netmiko.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from punchdown.devices.delivery import deliver
    from punchdown.devices.operator import Credential, Operator
    from punchdown.devices.runner import Limits, run_all
    from punchdown.devices.session import open_reader, open_writer
    from punchdown.devices.target import FileTarget, Target
    from punchdown.devices.trust import HostKey, enrol, is_trusted, seen_key

_HOMES = {"deliver": "delivery", "Credential": "operator", "Operator": "operator", "Limits": "runner",
          "run_all": "runner", "open_reader": "session", "open_writer": "session", "FileTarget": "target",
          "Target": "target", "HostKey": "trust", "enrol": "trust", "is_trusted": "trust", "seen_key": "trust"}

__all__ = ["Credential", "FileTarget", "HostKey", "Limits", "Operator", "Target", "deliver", "enrol", "is_trusted",
           "open_reader", "open_writer", "run_all", "seen_key"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
