"""The operational state: addresses of the legs, and that nothing rewrites signalling.

Tables are read by ntc-templates where it has one. Source: fact sheet, "Verification", "SIP ALG / session helper off".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ntc_templates.parse import parse_output
from textfsm import TextFSMError

from punchdown.errors import DeviceError
from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Reader
from punchdown.platforms.fortinet_fortios.change import HOW_SAVED
from punchdown.platforms.fortinet_fortios.tree import read_text
from punchdown.platforms.lines import PREFIX
from punchdown.values import Expectation, Observation

LEGS = "get system interface"
VOICE = "show full-configuration system settings | grep voip-alg"
HELPERS = "show system session-helper"
CENTRAL = "show full-configuration system settings | grep central-nat"
TUNNELS = "get vpn ipsec tunnel summary"
READ_COMMANDS = tuple(re.escape(command) for command in (
    LEGS, VOICE, HELPERS, CENTRAL, TUNNELS, HOW_SAVED, "get system status | grep Version"))

_MODE = re.compile(r"set default-voip-alg-mode (\S+)")
_TUNNEL = re.compile(rf"^'{PREFIX}(?P<name>[^']+)' \S+ +selectors\(total,up\): (?P<all>\d+)/(?P<up>\d+)", re.MULTILINE)
_NAT = re.compile(r"set central-nat (\S+)")


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """Facts of the legs, of both SIP helpers and of the mode in which policies are written."""
    firewall = intent.firewall
    if firewall is None:
        return ()
    legs = (Expectation(f"interface:{leg.name}:address", leg.address.partition("/")[0],
                        f"{leg.name} has the firewall's address in {leg.segment}", leg.source, "high")
            for leg in firewall.interfaces)
    vpns = (Expectation(f"vpn:{vpn.name}", "up", f"the VPN {vpn.name} is up with all it may carry", vpn.source, "high")
            for vpn in firewall.vpns)
    return (*legs, *vpns,
            Expectation("sip:alg", "kernel-helper-based", "no proxy rewrites signalling (SIP ALG)", firewall.source,
                        "high"),
            Expectation("sip:helper", "none", "no session helper rewrites signalling", firewall.source, "high"),
            Expectation("nat:central", "disable", "policies name virtual IPs (policy-based NAT)", firewall.source,
                        "high"))


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    """One fact per expectation key; what can't be read is absent and said so."""
    facts: dict[str, str] = {}
    errors = []
    readers: tuple[tuple[str, Callable[[str], dict[str, str]]], ...] = (
        (LEGS, _legs), (VOICE, _voice), (HELPERS, _helpers), (CENTRAL, _central),
        *(((TUNNELS, _tunnels),) if intent.firewall and intent.firewall.vpns else ()))
    for command, read in readers:
        try:
            facts |= read(reader.show(command).output)
        except (DeviceError, TextFSMError, KeyError, ValueError) as error:
            errors.append(f"{command}: {type(error).__name__}: {error}")
    wanted = {item.key for item in expectations(intent)}
    return Observation(intent.device, {key: facts[key] for key in sorted(facts) if key in wanted}, tuple(errors))


def _legs(output: str) -> dict[str, str]:
    rows = parse_output(platform="fortinet", command=LEGS, data=output)
    return {f"interface:{row['name']}:address": str(row["ip_address"]) for row in rows if row["ip_address"]}


def _tunnels(output: str) -> dict[str, str]:
    """Up only when all of its selectors are."""
    return {f"vpn:{row['name']}": "up" if row["all"] == row["up"] != "0" else f"{row['up']} of {row['all']} up"
            for row in _TUNNEL.finditer(output)}


def _voice(output: str) -> dict[str, str]:
    found = _MODE.search(output)
    return {"sip:alg": found[1]} if found else {}


def _helpers(output: str) -> dict[str, str]:
    """The numbers of helpers that rewrite SIP, ``none`` when there is no such."""
    found = [name for name, node in read_text(output).root.entries("system session-helper").items()
             if node.value("name") == "sip"]
    return {"sip:helper": " ".join(found) or "none"}


def _central(output: str) -> dict[str, str]:
    found = _NAT.search(output)
    return {"nat:central": found[1]} if found else {}
