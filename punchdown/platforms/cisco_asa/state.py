"""Operational state: what the intent expects, and what the device's tables say, read with ntc-templates."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ntc_templates.parse import parse_output
from textfsm.parser import TextFSMError

from punchdown.errors import DeviceError
from punchdown.intent import DeviceIntent, FirewallIntent
from punchdown.platforms.cisco_asa import translations, words
from punchdown.platforms.contract import Reader
from punchdown.values import Expectation, Observation

Row = dict[str, Any]
Facts = dict[str, Any]
READ_COMMANDS = (
    r"show running-config(?: [a-z-]+(?: [a-z-]+)*)?", r"show startup-config", r"show reload", r"show version",
    r"show interface", r"show nat", r"show access-list(?: \S+)?", r"show route", r"show service-policy",
    r"show xlate", r"show failover",
)
_FORWARDED = "translated and let in"


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """Legs are up with their addresses, lists are bound, forwards are translated, SIP is left alone. A VPN comes up
    with the first packet for it and goes after a while without any, so that it is down says nothing."""
    firewall = intent.firewall
    if firewall is None:
        return ()
    out = [Expectation(f"interface:{leg.name}:address", leg.address.partition("/")[0],
                       f"{leg.name} has the firewall's address in {leg.segment}", leg.source, "high")
           for leg in firewall.interfaces]
    out += [Expectation(f"interface:{leg.name}:up", True, f"{leg.name} is up", leg.source)
            for leg in firewall.interfaces]
    out += [Expectation(f"filter:{leg.name}", words.name(f"in-{leg.name}"), f"what enters by {leg.name} is filtered",
                        leg.source, "high") for leg in firewall.interfaces]
    out += [Expectation(f"forward:{item.name}", _FORWARDED, f"{item.public_address} leads to {item.name}", item.source)
            for item in firewall.forwards]
    out.append(Expectation("inspection:sip", "on" if firewall.sip_helper else "off",
                           "signalling is rewritten only where that is asked for (SIP ALG)", firewall.source, "high"))
    return tuple(out)


def _interfaces(rows: list[Row], firewall: FirewallIntent) -> Facts:
    facts: Facts = {}
    known = {row["interface_zone"]: row for row in rows}
    for leg in firewall.interfaces:
        row = known.get(leg.name)
        facts[f"interface:{leg.name}:address"] = (row["ip_address"] or "none") if row else "no such interface"
        facts[f"interface:{leg.name}:up"] = row is not None and row["link_status"] == "up" == row["protocol_status"]
    return facts


def _bindings(rows: list[Row], firewall: FirewallIntent) -> Facts:
    bound = {row["interface"]: row["access_list"] for row in rows}
    return {f"filter:{leg.name}": bound.get(leg.name, "none") for leg in firewall.interfaces}


def _translated(rows: list[Row], firewall: FirewallIntent) -> set[str]:
    """Forwards whose translation the device has."""
    wanted = {}
    for item, line in zip(firewall.forwards, translations.forwarded(firewall), strict=True):
        _, real, mapped = line.text.partition(" service ")[2].partition(" ")[0], *line.text.split()[-2:]
        wanted[item.name] = (translations.network_object(item.host_address), real, mapped)
    have = {(row["source_real"], row["service_real"], row["service_mapped"]) for row in rows}
    return {name for name, parts in wanted.items() if parts in have}


def _permitted(rows: list[Row], firewall: FirewallIntent) -> set[str]:
    """Forwards whose host the list of the outside lets anybody reach."""
    hosts = {row["dst_host"] for row in rows if row["action"] == "permit"}
    return {item.name for item in firewall.forwards if item.host_address in hosts}


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    """Read the tables; one that can't be read leaves its keys out and says so."""
    firewall = intent.firewall
    if firewall is None:
        return Observation(intent.device, {})
    facts: Facts = {}
    errors: list[str] = []
    forwards: list[set[str]] = []

    def read(command: str, use: Callable[[list[Row]], None]) -> None:
        try:
            output = reader.show(command, timeout=60.0).output
            use(_rows(command, output))
        except (DeviceError, TextFSMError, KeyError, ValueError) as error:
            errors.append(f"{command}: {type(error).__name__}: {error}")

    read("show interface", lambda rows: facts.update(_interfaces(rows, firewall)))
    read("show running-config access-group", lambda rows: facts.update(_bindings(rows, firewall)))
    if firewall.forwards:
        read("show nat", lambda rows: forwards.append(_translated(rows, firewall)))
        read(f"show access-list {words.name(f'in-{firewall.wan}')}",
             lambda rows: forwards.append(_permitted(rows, firewall)))
    if len(forwards) == 2:
        for item in firewall.forwards:
            done = [word for word, names in zip(("translated", "let in"), forwards, strict=True) if item.name in names]
            facts[f"forward:{item.name}"] = " and ".join(done) or "absent"
    try:
        shown = reader.show("show running-config policy-map").output
        facts["inspection:sip"] = "on" if re.search(r"^ +inspect sip\b", shown, re.MULTILINE) else "off"
    except DeviceError as error:
        errors.append(f"show running-config policy-map: {error.message}")
    return Observation(intent.device, facts, tuple(errors))


def _rows(command: str, output: str) -> list[Row]:
    if not output.strip() or re.match(r"\s*ERROR: access-list \S+ does not exist", output):
        return []
    known = re.sub(r"(show access-list) \S+", r"\1", command)
    return list(parse_output(platform="cisco_asa", command=known, data=output))
