"""Schemas of what programs read: reports of every verb, plans, messages to webhooks; out of the values themselves."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from punchdown.values import Message, Plan, Report

MACHINE_KINDS = ("report", "plan", "notification")
_TYPES: dict[str, tuple[Any, str]] = {
    "report": (Report, "A report: `-o json` of check, plan, apply, rollback, verify, prove, drift and audit"),
    "plan": (tuple[Plan, ...], "Reviewed plans: `punchdown plan --out FILE`"),
    "notification": (Message, "What a webhook gets"),
}


def machine_schema(kind: str) -> tuple[dict[str, Any], str]:
    """The schema of one kind, and its title. Raises KeyError.

    Writers give every key always, so that every key is required.
    """
    of, title = _TYPES[kind]
    schema: dict[str, Any] = TypeAdapter(of).json_schema(mode="serialization")
    for part in (schema, *schema.get("$defs", {}).values()):
        part.pop("title", None)
        if "properties" in part:
            part["required"] = sorted(part["properties"])
            for item in part["properties"].values():
                item.pop("title", None)
        if "description" in part:
            part["description"] = " ".join(part["description"].split())
    return schema, title
