"""What the actions share: arguments in, one call of the engine, one result per host out."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from ansible import constants as C  # noqa: N812  Ansible's own spelling
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.punchdown.site.plugins.plugin_utils.once import once
from ansible_collections.punchdown.site.plugins.plugin_utils.plain import plain

try:
    from punchdown import notify, pipeline
    from punchdown.errors import PunchdownError
    from punchdown.report import device_fails, device_lines, printable
    from punchdown.values import DeviceReport, Finding, Report, to_plain
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

LOST = {"failed": True, "msg": "the estate has no such device"}
REMEDY = "install the engine into the Python of ansible-playbook: pip install punchdown"
ARGUMENTS = {
    "estate": {"type": "path"},
    "operator": {"type": "path", "default": os.environ.get("PUNCHDOWN_OPERATOR", "~/.config/punchdown")},
    "devices": {"type": "list", "elements": "str"},
    "workers": {"type": "int", "default": 50},
    "timer_seconds": {"type": "int", "default": 120},
    "store_url": {"type": "str", "default": os.environ.get("PUNCHDOWN_STORE"), "no_log": True},
    "fail_on": {"type": "str", "choices": ["low", "medium", "high", "never"]},
    "notify": {"type": "bool", "default": False},
}


class VerbAction(ActionBase):
    """One verb. Subclasses name it, add their arguments and say what its reports mean to Ansible; ``fail_on`` is how
    bad a finding fails a host where the task does not say."""

    _requires_connection = False
    verb = ""
    fail_on = ""
    more: ClassVar[Mapping[str, Any]] = {}

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        """This host's slice of one engine call for all hosts of the play."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        if MISSING is not None:
            raise AnsibleActionFail(f"the punchdown engine is missing ({MISSING}); {REMEDY}")
        _valid, given = self.validate_argument_spec({**ARGUMENTS, **self.more})
        arguments = plain(given)
        host = str(task_vars["inventory_hostname"])
        devices = self._devices(arguments, task_vars)
        one = once(Path(C.DEFAULT_LOCAL_TMP), self._key(arguments), host,
                   lambda: self._all(arguments, task_vars, devices))
        if one is None:
            result.update(skipped=True, msg=f"{host} is not among the devices of this call")
            return result
        if not self._task.diff:
            one.pop("diff", None)
        return {**result, **one}

    def _key(self, arguments: Mapping[str, Any]) -> str:
        task = self._task._uuid  # noqa: SLF001  the only name that a task keeps over hosts and batches
        told = json.dumps([task, self._task.check_mode, arguments], sort_keys=True)
        return f"{self.verb}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"

    def _devices(self, arguments: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, str]:
        """Device name to Ansible's host, for the hosts that are still in the play, whatever the batch."""
        if self.verb == "apply" and self._task.when and not arguments["devices"]:
            raise AnsibleActionFail(
                "`when` can't narrow apply: one call changes all hosts of the play; use `devices:`, `hosts:` or --limit"
            )
        hosts = [str(host) for host in task_vars["ansible_play_hosts"]]
        named = {str(task_vars["hostvars"][host].get("punchdown_device", host)): host for host in hosts}
        if not arguments["devices"]:
            return named
        unknown = sorted(set(arguments["devices"]) - set(named))
        if unknown:
            raise AnsibleActionFail(f"devices: not in this play: {', '.join(unknown)}")
        return {device: named[device] for device in arguments["devices"]}

    def _all(
        self, arguments: dict[str, Any], task_vars: Mapping[str, Any], devices: Mapping[str, str],
    ) -> dict[str, dict[str, Any]]:
        try:
            estate = self._estate(arguments, task_vars)
            selection = pipeline.Selection(devices=tuple(devices))
            return self.slices(estate, arguments, selection, devices)
        except PunchdownError as error:
            told = {"failed": True, "msg": "\n".join(printable(line) for line in str(error).splitlines())}
            return dict.fromkeys(devices.values(), told)

    def _estate(self, arguments: Mapping[str, Any], task_vars: Mapping[str, Any]) -> Path:
        for folder in (arguments["estate"], task_vars.get("punchdown_estate"), task_vars.get("inventory_dir")):
            if folder and (Path(str(folder)) / "punchdown.yml").is_file():
                return Path(str(folder))
        raise PunchdownError("no estate: set `estate:`, or use an inventory next to punchdown.yml")

    def slices(
        self, estate: Path, arguments: dict[str, Any], selection: pipeline.Selection, devices: Mapping[str, str],
    ) -> dict[str, dict[str, Any]]:
        """Call the engine; Ansible's host to its result."""
        report = pipeline.leave_known(self._report(estate, arguments, selection), estate)
        faults = notify.tell(report, Path(arguments["operator"]).expanduser()) if arguments["notify"] else ()
        warnings = [printable(text) for text in (*faults, *map(_warning, report.warnings))]
        bound = arguments["fail_on"] or self.fail_on
        of_all = {name: told for name, told in (("warnings", warnings), ("runs", list(report.runs))) if told}
        found = {row.device: {**self.told(row, bound), **of_all} for row in report.devices}
        return {host: found.get(device, LOST) for device, host in devices.items()}

    def _report(self, estate: Path, arguments: dict[str, Any], selection: pipeline.Selection) -> Report:
        if self.verb == "check":
            return pipeline.check(estate, selection, now())
        context = self._context(estate, arguments)
        if self.verb == "plan" or (self.verb == "apply" and self._task.check_mode):
            return pipeline.plan(context, selection)[1]
        report: Report = getattr(pipeline, self.verb)(context, selection)
        return report

    def told(self, device: DeviceReport, fail_on: str) -> dict[str, Any]:
        """One device as Ansible's result; findings as bad as ``fail_on`` fail it."""
        text = "".join("".join(span.text for span in line).rstrip() + "\n" for line in device_lines(device))
        return {
            "status": device.status,
            "changed": device.status in {"changed", "different"},
            "failed": device_fails(device, fail_on),
            "msg": printable(device.error) or device.status.replace("-", " "),
            "findings": to_plain(device.findings),
            **({"diff": {"prepared": text}} if device.change is not None and not device.change.empty else {}),
        }

    def _context(self, estate: Path, arguments: Mapping[str, Any]) -> pipeline.Context:
        """The engine's context out of the action's arguments."""
        return pipeline.Context(
            estate=estate, operator=Path(arguments["operator"]).expanduser(), now=now(), user=getpass.getuser(),
            workers=arguments["workers"], timer_seconds=arguments["timer_seconds"], store_url=arguments["store_url"],
        )


def _warning(finding: Finding) -> str:
    return f"{finding.position}: {finding.title} {finding.meaning}".rstrip()


def now() -> str:
    """This second, UTC, ISO 8601."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
