"""Put in front of ansible-playbook's Python path: the engine with canned answers, every call kept in a file.

A device's fate is in its name: ``sw-changed-1``, ``sw-failed-1``, ``sw-same-1``.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path

from punchdown import notify, pipeline
from punchdown.errors import InputError
from punchdown.values import (
    Change,
    ConfigLine,
    DeviceReport,
    Difference,
    Document,
    Finding,
    IntendedConfig,
    Plan,
    Provenance,
    Report,
    Severity,
    Verdict,
)

CALLS = Path(os.environ["PUNCHDOWN_TEST_CALLS"])
STATUS = {"plan": {"changed": "different"}, "apply": {"changed": "changed"}, "verify": {"changed": "different"},
          "drift": {"changed": "different"}, "check": {}}


def note(verb, selection):
    with CALLS.open("a") as calls:
        calls.write(json.dumps([verb, sorted(selection.devices)]) + "\n")
    if os.environ.get("PUNCHDOWN_TEST_ERROR"):
        raise InputError(["sites/x.yml:1:1: \x1b[31mwrong"])


def device(verb, name):
    fate = name.split("-")[1]
    status = "failed" if fate == "failed" else STATUS[verb].get(fate, "in-order")
    change = Change(name, "cisco_ios", (
        Difference(Verdict.MISSING, "running-config", (), f"hostname {name}", Provenance()),), (), "0" * 64)
    finding = Finding("0" * 12, name, verb, Severity.HIGH, f"{name} has no name")
    return DeviceReport(
        name, "x", "cisco_ios", "access-switch", status, (finding,) if status == "different" else (),
        f"{name}: connect: no answer" if status == "failed" else "", change if fate == "changed" else None)


def report(verb, selection):
    return Report(verb, "x", "2026-01-01T00:00:00Z", tuple(device(verb, name) for name in sorted(selection.devices)),
                  runs=("3f0c9a1b77de",) if verb == "apply" else ())


def tell(made, operator):
    with CALLS.with_suffix(".told").open("a") as told:
        told.write(json.dumps([made.kind, str(operator)]) + "\n")
    return ("the webhook ops was not told: it answered 404",)


def reader(verb):
    def call(context, selection, **_keywords):
        note(verb, selection)
        CALLS.with_suffix(".pace").write_text(json.dumps(asdict(context.pace)))
        CALLS.with_suffix(".store").write_text(str(context.store_url))
        return report(verb, selection)
    return call


def check(_estate, selection, _now):
    note("check", selection)
    return report("check", selection)


def plan(_context, selection):
    note("plan", selection)
    return (Plan("x", ()),), report("plan", selection)


def render(_estate, selection):
    note("render", selection)
    return tuple(IntendedConfig(name, "cisco_ios", (Document("c", (ConfigLine(f"hostname {name}", Provenance()),)),))
                 for name in selection.devices)


pipeline.check, pipeline.plan, pipeline.render = check, plan, render
notify.tell = tell
pipeline.apply, pipeline.verify, pipeline.drift = reader("apply"), reader("verify"), reader("drift")
