"""Tell the webhooks of an operator."""

from __future__ import annotations

from pathlib import Path

from punchdown.devices import Operator
from punchdown.errors import NotifyError, SecretError
from punchdown.notify.settings import load_hooks
from punchdown.notify.webhook import deliver, wanted
from punchdown.values import Report


def tell(report: Report, operator: Path) -> tuple[str, ...]:
    """Tell every webhook that wants to hear of the report. Gives why one was not told; the others are.

    Raises:
        InputError: ``notifications.yml`` is wrong.
    """
    faults = []
    for name, hook in sorted(load_hooks(operator).items()):
        try:
            if (message := wanted(hook, report)) is not None:
                deliver(name, hook, message, Operator.load(operator).secrets)
        except (NotifyError, SecretError) as error:
            faults.append(str(error))
    return tuple(faults)
