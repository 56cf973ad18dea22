"""The only network access to devices: endpoints, trust, sessions, runners."""

from punchdown.devices.delivery import deliver
from punchdown.devices.operator import Credential, Operator
from punchdown.devices.runner import Limits, run_all
from punchdown.devices.session import open_reader, open_writer
from punchdown.devices.target import FileTarget, Target
from punchdown.devices.trust import HostKey, enrol, is_trusted, seen_key

__all__ = ["Credential", "FileTarget", "HostKey", "Limits", "Operator", "Target", "deliver", "enrol", "is_trusted",
           "open_reader", "open_writer", "run_all", "seen_key"]
