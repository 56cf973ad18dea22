"""What is shown and what is done outside of the configuration. Source: the platform's fact sheet; the shapes that the
published parsers of these outputs read."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import IPv4Interface, IPv4Network
from typing import TYPE_CHECKING

from punchdown.lab.emulated.box import Question
from punchdown.lab.emulated.fortinet_fortios.catalogue import ZERO
from punchdown.lab.emulated.fortinet_fortios.schema import Refused, unknown_word
from punchdown.lab.emulated.fortinet_fortios.store import Store, one, section, whole

if TYPE_CHECKING:
    from punchdown.lab.emulated.fortinet_fortios.session import CliSession

_FULL = "full-configuration"
_SWITCHED_OFF = ("explicit-web-proxy", "explicit-ftp-proxy", "proxy-captive-portal", "mtu-override", "wccp",
                 "drop-overlapped-fragment", "drop-fragment")
_RELOAD = "This operation will reload the configuration that was saved!\nDo you want to continue? (y/n)"
_REBOOT = "This operation will reboot the system !\nDo you want to continue? (y/n)"


def show(session: CliSession, words: list[str]) -> str:
    """``show [full-configuration] [table [entry]]``."""
    full = bool(words) and len(words[0]) > 1 and _FULL.startswith(words[0])
    words = words[1:] if full else words
    if session.configurator.frames and not words:
        return _lines(session.configurator.shown(full=full))
    if not words:
        return session.appliance.header() + _lines(list(whole(session.store, full=full)))
    try:
        path, block = session.store.resolve(words)
    except Refused:
        if len(words) < 2:
            raise
        path, block = session.store.resolve(words[:-1])
        if not block.table.keyed or words[-1] not in block.entries:
            raise unknown_word(words[-1]) from None
        return _lines([f"config {path}", *one(block, words[-1], block.entries[words[-1]], 1, full=full), "end"])
    return _lines(list(section(path, block, full=full)))


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def get(session: CliSession, words: list[str]) -> str:
    """``get system status``, ``get system interface``, ``get router info routing-table all``, or any table's values."""
    tables: dict[tuple[str, ...], Callable[[CliSession], str]] = {
        ("system", "status"): _status, ("system", "interface"): _interfaces,
        ("router", "info", "routing-table", "all"): _routes, ("vpn", "ipsec", "tunnel", "summary"): _tunnels}
    for path, maker in tables.items():
        if len(words) == len(path) and all(full.startswith(word) for word, full in zip(words, path, strict=True)):
            return maker(session)
    _, block = session.store.resolve(words)
    if block.table.keyed:
        return _lines([f"== [ {name} ]" for name in block.entries])
    return _lines([f"{item.name:20}: {' '.join(block.get(item.name))} " for item in block.table.fields])


def _status(session: CliSession) -> str:
    box = session.appliance
    now = time.strftime("%a %b %d %H:%M:%S %Y", time.gmtime(box.clock.now()))
    return _lines([
        f"Version: {box.spec.model} v{box.spec.version},build2662,240514 (GA.M)", "Security Level: 1",
        "Firmware Signature: certified", "Serial-Number: FGVMEMULATED0001", "BIOS version: 05000008",
        "System Part-Number: P00000-01", "Log hard disk: Not available", f"Hostname: {box.hostname}",
        "Private Encryption: Disable", "Operation Mode: NAT", "Current virtual domain: root",
        "Max number of virtual domains: 10", "Virtual domains status: 1 in NAT mode, 0 in TP mode",
        "Virtual domain configuration: disable", "FIPS-CC mode: disable", "Current HA mode: standalone",
        "Branch point: 2662", "Release Version Information: GA", f"System time: {now}"])


def _interfaces(session: CliSession) -> str:
    rows = []
    for name, entry in session.store.blocks["system interface"].entries.items():
        told = {"name": name, "mode": entry.first("mode"), "management-ip": " ".join(ZERO),
                "ip": " ".join(entry.get("ip")), "status": entry.first("status"), "netbios-forward": "disable",
                "type": entry.first("type"), "netflow-sampler": "disable", "sflow-sampler": "disable",
                "src-check": entry.first("src-check"), **dict.fromkeys(_SWITCHED_OFF, "disable")}
        rows += [f"== [ {name} ]", "".join(f"{key}: {value}   " for key, value in told.items())]
    return _lines(rows)


def _tunnels(session: CliSession) -> str:
    """Selectors are up as soon as a policy uses the tunnel: the far side always answers here."""
    store, rows = session.store, []
    for name, entry in store.blocks["vpn ipsec phase1-interface"].entries.items():
        all_of_it = sum(item.first("phase1name") == name
                        for item in store.blocks["vpn ipsec phase2-interface"].entries.values())
        used = any(name in (*item.get("srcintf"), *item.get("dstintf"))
                   for item in store.blocks["firewall policy"].entries.values() if item.first("status") == "enable")
        rows.append(f"'{name}' {entry.first('remote-gw')}:0  selectors(total,up): {all_of_it}/{all_of_it * used}  "
                    "rx(pkt,err): 0/0  tx(pkt,err): 0/0")
    return _lines(rows)


def _routes(session: CliSession) -> str:
    head = ["Codes: K - kernel, C - connected, S - static, R - RIP, B - BGP", "       O - OSPF, IA - OSPF inter area",
            "       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2",
            "       E1 - OSPF external type 1, E2 - OSPF external type 2",
            "       i - IS-IS, L1 - IS-IS level-1, L2 - IS-IS level-2, ia - IS-IS inter area",
            "       * - candidate default", "", "Routing table for VRF=0"]
    return _lines([*head, *_static(session.store), *_connected(session.store)])


def _static(store: Store) -> list[str]:
    found = []
    for entry in store.blocks["router static"].entries.values():
        network = IPv4Network("/".join(entry.get("dst")))
        mark = "S*" if network.prefixlen == 0 else "S "
        if entry.first("status") == "enable" and entry.first("device"):
            found.append(f"{mark}      {network} [{entry.first('distance')}/0] via {entry.first('gateway')}, "
                         f"{entry.first('device')}")
    return found


def _connected(store: Store) -> list[str]:
    found = [(IPv4Interface("/".join(entry.get("ip"))), name, entry)
             for name, entry in store.blocks["system interface"].entries.items()]
    return [f"C       {address.network} is directly connected, {name}" for address, name, entry in found
            if int(address.ip) and entry.first("status") == "up"]


def run(session: CliSession, words: list[str]) -> str:
    """``execute ...``."""
    actions: dict[tuple[str, ...], Callable[[CliSession], str]] = {
        ("cfg", "save"): _save, ("cfg", "reload"): _reload, ("reboot",): _reboot,
        ("config-transaction", "start"): _begin, ("config-transaction", "commit"): _commit,
        ("config-transaction", "abort"): _abort}
    for path, action in actions.items():
        if len(words) == len(path) and all(full.startswith(word) for word, full in zip(words, path, strict=True)):
            return action(session)
    raise unknown_word(words[-1] if words else "execute")


def _begin(session: CliSession) -> str:
    return session.begin()


def _commit(session: CliSession) -> str:
    return session.finish(commit=True)


def _abort(session: CliSession) -> str:
    return session.finish(commit=False)


def _save(session: CliSession) -> str:
    session.appliance.save()
    return "configs saved.\n"


def _reload(session: CliSession) -> str:
    return session.ask(Question(_RELOAD, lambda answer: _go(session, answer), key=True))


def _reboot(session: CliSession) -> str:
    return session.ask(Question(_REBOOT, lambda answer: _go(session, answer), key=True))


def _go(session: CliSession, answer: str) -> str:
    if answer.lower() == "y":
        session.appliance.restart()
    return ""
