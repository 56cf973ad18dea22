"""The only network access to devices: endpoints, trust, sessions, runners."""

from punchdown.devices.operator import Credential, Operator
from punchdown.devices.runner import Limits, run_all
from punchdown.devices.session import open_reader, open_writer
from punchdown.devices.target import Target
from punchdown.devices.trust import HostKey, enrol, is_trusted, seen_key

__all__ = ["Credential", "HostKey", "Limits", "Operator", "Target", "enrol", "is_trusted", "open_reader", "open_writer",
           "run_all", "seen_key"]
