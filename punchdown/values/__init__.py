"""What passes between rooms and belongs to none of them: frozen, comparable, writable as JSON.

Every value is a frozen dataclass; :func:`to_json` and :func:`from_json` are its only codec.
"""

from punchdown.values.audit import (
    Audit,
    ControlResult,
    ControlState,
    Coverage,
    Gap,
    LineEvidence,
    Sighting,
    SiteAudit,
    Statement,
)
from punchdown.values.change import Change, Difference, Plan, Step, Verdict
from punchdown.values.codec import from_json, to_json, to_plain
from punchdown.values.config import (
    ConfigLine,
    Document,
    IntendedConfig,
    RunningConfig,
    RunningDocument,
    file_name,
)
from punchdown.values.finding import Finding, Severity, finding_id
from punchdown.values.journal import AuditEntry, DeviceOutcome, JournalEntry, Progress, RunRecord, RunResult
from punchdown.values.observation import Expectation, Observation, Verified
from punchdown.values.ports import PortRange
from punchdown.values.position import NOWHERE, Position, Provenance
from punchdown.values.report import DeviceReport, Report
from punchdown.values.settings import GatewaySetting, SettingValue

__all__ = [
    "NOWHERE",
    "Audit",
    "AuditEntry",
    "Change",
    "ConfigLine",
    "ControlResult",
    "ControlState",
    "Coverage",
    "DeviceOutcome",
    "DeviceReport",
    "Difference",
    "Document",
    "Expectation",
    "Finding",
    "Gap",
    "GatewaySetting",
    "IntendedConfig",
    "JournalEntry",
    "LineEvidence",
    "Observation",
    "Plan",
    "PortRange",
    "Position",
    "Progress",
    "Provenance",
    "Report",
    "RunRecord",
    "RunResult",
    "RunningConfig",
    "RunningDocument",
    "SettingValue",
    "Severity",
    "Sighting",
    "SiteAudit",
    "Statement",
    "Step",
    "Verdict",
    "Verified",
    "file_name",
    "finding_id",
    "from_json",
    "to_json",
    "to_plain",
]
