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
    ProofEvidence,
    Sighting,
    SiteAudit,
    Statement,
)
from punchdown.values.change import Change, Difference, Plan, Step, Verdict, difference_id
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
from punchdown.values.history import Applied, Fault, Latest, Look, News, Past
from punchdown.values.journal import (
    AuditEntry,
    DeviceOutcome,
    JournalEntry,
    Progress,
    RunRecord,
    RunResult,
    Timing,
)
from punchdown.values.message import Message, Told, Unseen
from punchdown.values.observation import Expectation, Observation, Verified
from punchdown.values.ports import PortRange
from punchdown.values.position import NOWHERE, Position, Provenance
from punchdown.values.proof import Answer, Proof, Proofs
from punchdown.values.report import DeviceReport, Ignored, Report
from punchdown.values.settings import GatewaySetting, SettingValue

__all__ = [
    "NOWHERE",
    "Answer",
    "Applied",
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
    "Fault",
    "Finding",
    "Gap",
    "GatewaySetting",
    "Ignored",
    "IntendedConfig",
    "JournalEntry",
    "Latest",
    "LineEvidence",
    "Look",
    "Message",
    "News",
    "Observation",
    "Past",
    "Plan",
    "PortRange",
    "Position",
    "Progress",
    "Proof",
    "ProofEvidence",
    "Proofs",
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
    "Timing",
    "Told",
    "Unseen",
    "Verdict",
    "Verified",
    "difference_id",
    "file_name",
    "finding_id",
    "from_json",
    "to_json",
    "to_plain",
]
