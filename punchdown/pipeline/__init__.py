"""The stages in order, one function per verb: what the command line, Ansible and nornir call.

    load -> compile -> render ----------------> intended
    fetch, mask -> normalise -> compare ------> plan -> apply
    read state ---------------> judge --------> findings

Each stage is loaded when it is first asked for: a check needs no sessions, a drift no proof.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from punchdown.pipeline.adopting import Import, NotRecognised, import_folder, import_live, import_netbox
    from punchdown.pipeline.auditing import Witnesses, audit
    from punchdown.pipeline.changing import apply, finish, rollback, rollback_plan
    from punchdown.pipeline.checking import check
    from punchdown.pipeline.delivering import deliver_packages, file_targets
    from punchdown.pipeline.exports import ExportName, Layout, keep_columns, layout, read_exports, verify_exports
    from punchdown.pipeline.gateways import settings
    from punchdown.pipeline.ignoring import ignore_rules, leave_known
    from punchdown.pipeline.packages import gateway_packages
    from punchdown.pipeline.past import audit_log, journal, runs
    from punchdown.pipeline.probing import verify_probes
    from punchdown.pipeline.proving import Question, prove_difference, prove_plan, prove_rendered, prove_running
    from punchdown.pipeline.reading import drift, explain, plan, render, verify
    from punchdown.pipeline.remembering import kept_in, remember
    from punchdown.pipeline.reporting import overview
    from punchdown.pipeline.select import Selection
    from punchdown.pipeline.work import Context, Pace, Work, targets

_STAGES: dict[str, tuple[str, ...]] = {
    "adopting": ("Import", "NotRecognised", "import_folder", "import_live", "import_netbox"),
    "auditing": ("Witnesses", "audit"),
    "changing": ("apply", "finish", "rollback", "rollback_plan"),
    "checking": ("check",),
    "delivering": ("deliver_packages", "file_targets"),
    "exports": ("ExportName", "Layout", "keep_columns", "layout", "read_exports", "verify_exports"),
    "gateways": ("settings",),
    "packages": ("gateway_packages",),
    "past": ("audit_log", "journal", "runs"),
    "probing": ("verify_probes",),
    "proving": ("Question", "prove_difference", "prove_plan", "prove_rendered", "prove_running"),
    "reading": ("drift", "explain", "plan", "render", "verify"),
    "ignoring": ("ignore_rules", "leave_known"),
    "remembering": ("kept_in", "remember"),
    "reporting": ("overview",),
    "select": ("Selection",),
    "work": ("Context", "Pace", "Work", "targets"),
}
_HOMES = {name: stage for stage, names in _STAGES.items() for name in names}

__all__ = [
    "Context", "ExportName", "Import", "Layout", "NotRecognised", "Pace", "Question", "Selection", "Witnesses", "Work",
    "apply",
    "audit", "audit_log", "check", "deliver_packages", "drift", "explain", "file_targets", "finish",
    "gateway_packages", "ignore_rules", "import_folder", "import_live", "import_netbox", "journal",
    "keep_columns", "kept_in", "layout", "leave_known",
    "overview", "plan", "prove_difference", "prove_plan", "prove_rendered", "prove_running", "read_exports",
    "remember", "render", "rollback", "rollback_plan", "runs", "settings", "targets", "verify", "verify_exports",
    "verify_probes",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
