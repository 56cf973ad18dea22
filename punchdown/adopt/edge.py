"""The outside of a site: port-forwards as exposed services, lists, the WAN."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Interface
from typing import Any

from punchdown.adopt.hosts import Hosts, service_of
from punchdown.adopt.words import Note, name_of, text_of, unique
from punchdown.catalog import kinds, never_exposed, services
from punchdown.values.adopted import Forward, Opening, SeenDevice, SeenLeg


def add_edge(found: Hosts, devices: Iterable[SeenDevice]) -> dict[str, Any]:
    """``firewall`` of the site, empty where no device shows an outside; hosts get what the Internet reaches of them."""
    firewalls = [device for device in devices if device.role == "firewall"]
    leg, router = next(((leg, device.router) for device in firewalls for leg in device.legs if leg.outside),
                       (None, ""))
    names, blocks = _lists(firewalls)
    forwards = [made for device in firewalls for forward in device.forwards
                if (made := _allowing(found, device.name, forward, names))]
    if leg is None:
        if forwards:
            found.notes.append(Note("left-out", f"{len(forwards)} port-forwards: nothing tells the address of the "
                                    "outside (a text that shows the addresses of its interfaces does)"))
        return {}
    data: dict[str, Any] = {"wan": _wan(found, leg, router)}
    if blocks:
        data["netblocks"] = blocks
    outside = [forward for forward in forwards if not forward.hairpin and forward.public]
    allow = Counter(forward.allow for forward in outside if forward.allow in blocks).most_common(1)
    if allow:
        data["allow"] = allow[0][0]
    if denied := [names[device.name, device.denied] for device in firewalls if (device.name, device.denied) in names]:
        data["deny"] = denied[0]
    inner = {forward.host for forward in forwards if forward.hairpin}
    for address in dict.fromkeys(forward.host for forward in outside):
        _expose(found, [item for item in outside if item.host == address], data.get("allow", ""), address in inner)
    return data


def _lists(firewalls: Iterable[SeenDevice]) -> tuple[dict[tuple[str, str], str], dict[str, list[str]]]:
    """Lists of prefixes: (device, what it calls the list) to the definition's name, and that to the prefixes."""
    names: dict[tuple[str, str], str] = {}
    blocks: dict[str, list[str]] = {}
    for device in firewalls:
        for called, prefixes in device.netblocks:
            name = name_of(called, "list")
            name = name if blocks.get(name) == list(prefixes) else unique(name, blocks)
            names[device.name, called] = name
            blocks[name] = list(prefixes)
    return names, blocks


def _allowing(found: Hosts, device: str, forward: Forward, names: Mapping[tuple[str, str], str]) -> Forward | None:
    """A port-forward with its list by the definition's name; None, and told, where nothing tells who is in the list."""
    if forward.allow and (device, forward.allow) not in names:
        found.notes.append(Note("left-out", f"the forward of {forward.protocol} {forward.first} to {forward.host}: "
                                f"nothing tells who is in {text_of(forward.allow)}", (), device, forward.line.text))
        return None
    return replace(forward, allow=names[device, forward.allow] if forward.allow else "")


def _wan(found: Hosts, leg: SeenLeg, router: str) -> dict[str, str]:
    """The outside; its router is what the device's own way out names, else a guess."""
    own = IPv4Interface(leg.address)
    if router and IPv4Address(router) in own.network and router != str(own.ip):
        return {"address": str(own), "router": router}
    router = next((str(address) for address in own.network.hosts() if address != own.ip), "")
    found.notes.append(Note("guessed", f"{router} is the provider's router", ("firewall", "wan")))
    found.comments["firewall", "wan"] = "guessed: the provider's router"
    return {"address": str(own), "router": router}


def _expose(found: Hosts, forwards: list[Forward], allow: str, hairpin: bool) -> None:
    """What the Internet reaches of one host."""
    address = forwards[0].host
    openings = [Opening("", f"{address}/32", item.protocol, item.first, item.last, "", item.line) for item in forwards]
    host = found.at(address)
    if not host:
        first = forwards[0]
        found.notes.append(Note("left-out", f"port-forwards to {address} ({first.protocol} {first.first}), which is no "
                                "voice system by what is opened to it", line=first.line.text))
        return
    item = found.data[host]
    if kinds()[item["kind"]].private:
        found.notes.append(Note("question", f"the Internet reaches {host} ({address}), a {item['kind']}: put a border "
                                "gateway between them; its port-forwards are left out", ("hosts", host)))
        return
    items = list(_services(found, host, forwards, openings, allow))
    if items:
        item["public"] = forwards[0].public
        if hairpin:
            item["hairpin"] = True
        item["expose"] = items


def _services(found: Hosts, host: str, forwards: list[Forward], openings: list[Opening],
              allow: str) -> Iterator[str | dict[str, str]]:
    kind = kinds()[found.data[host]["kind"]]
    told: list[str] = []
    for forward, opening in zip(forwards, openings, strict=True):
        service = service_of(kind, opening, internet=True)
        if service and (services()[service].clear or never_exposed(services()[service])):
            found.notes.append(Note("question", f"{service} of {host} is open to the Internet, against the guideline: "
                                    "left out", ("hosts", host), line=forward.line.text))
        elif not service or forward.public != forwards[0].public:
            found.notes.append(Note("left-out", f"the forward of {forward.protocol} {forward.first} to {host} is no "
                                    "service of the catalogue", ("hosts", host), line=forward.line.text))
        elif service not in told:
            told.append(service)
            source = forward.allow or "any"
            yield service if source == allow else {"service": service, "from": source}
