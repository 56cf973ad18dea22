"""The stages in order, one function per verb: what the command line, Ansible and nornir call.

    load -> compile -> render ----------------> intended
    fetch, mask -> normalise -> compare ------> plan -> apply
    read state ---------------> judge --------> findings
"""

from punchdown.pipeline.changing import apply, finish, rollback, rollback_plan
from punchdown.pipeline.reading import check, drift, explain, plan, render, verify
from punchdown.pipeline.work import Context, Pace, Selection, Work, targets

__all__ = [
    "Context", "Pace", "Selection", "Work", "apply", "check", "drift", "explain", "finish", "plan", "render",
    "rollback", "rollback_plan", "targets", "verify",
]
