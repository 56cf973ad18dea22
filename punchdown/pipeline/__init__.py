"""The stages in order, one function per verb: what the command line, Ansible and nornir call.

    load -> compile -> render ----------------> intended
    fetch, mask -> normalise -> compare ------> plan -> apply
    read state ---------------> judge --------> findings
"""

from punchdown.pipeline.auditing import Witnesses, audit
from punchdown.pipeline.changing import apply, finish, rollback, rollback_plan
from punchdown.pipeline.checking import check
from punchdown.pipeline.gateways import settings
from punchdown.pipeline.past import audit_log, journal, runs
from punchdown.pipeline.proving import Question, prove_difference, prove_plan, prove_rendered, prove_running
from punchdown.pipeline.reading import drift, explain, plan, render, verify
from punchdown.pipeline.work import Context, Pace, Selection, Work, targets

__all__ = [
    "Context", "Pace", "Question", "Selection", "Witnesses", "Work",
    "apply", "audit", "audit_log", "check", "drift", "explain", "finish", "journal",
    "plan", "prove_difference", "prove_plan", "prove_rendered", "prove_running", "render", "rollback",
    "rollback_plan", "runs", "settings", "targets", "verify",
]
