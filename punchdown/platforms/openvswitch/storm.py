"""Storm control: one meter for what a port broadcasts and one for its multicast.

A meter drops what exceeds its rate. The rates are those of the other platforms, 1 % and 2 % of a port of 1 Gbit/s; the
bucket holds one second of it. Source: fact sheet "Marking, queues, policing, storm control".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from punchdown.intent import PortIntent
from punchdown.platforms.openvswitch.tables import STORM, TRUST, flow, go, lines
from punchdown.platforms.openvswitch.words import ofport
from punchdown.values import Difference, Document, Provenance, Verdict

BROADCAST_KBIT, MULTICAST_KBIT = 10_000, 20_000
_MULTICAST_METERS = 10_000
"""Meter of a port's multicast: its number plus this; the meter of its broadcast has the port's number."""
_GROUPS = "01:00:00:00:00:00/01:00:00:00:00:00"
_EVERYBODY = "ff:ff:ff:ff:ff:ff"


def _meters(port: PortIntent) -> Iterator[tuple[int, str, int]]:
    """(meter, destination, kbit/s), the narrower destination first."""
    if port.storm_control:
        number = int(ofport(port.name))
        yield number, _EVERYBODY, BROADCAST_KBIT
        yield number + _MULTICAST_METERS, _GROUPS, MULTICAST_KBIT


def storm_flows(port: PortIntent) -> str:
    """What a port with storm control sends to many passes its meters."""
    return lines([flow(STORM, 200 - place, f"in_port={ofport(port.name)},dl_dst={destination}",
                       f"meter:{meter},{go(TRUST)}")
                  for place, (meter, destination, _) in enumerate(_meters(port))])


def storm_meters(port: PortIntent) -> str:
    """The meters of a port, one a line, in the words of ``ovs-ofctl add-meter``."""
    return lines([f"meter={meter},kbps,band=type=drop,rate={rate}" for meter, _, rate in _meters(port)])


def shown_meters(dump: str) -> str:
    """The answer of ``dump-meters`` in the words of ``add-meter``, sorted.

    >>> shown_meters("OFPST_METER_CONFIG reply (OF1.4) (xid=0x2):\\nmeter=1 kbps bands=\\ntype=drop rate=10000\\n")
    'meter=1,kbps,band=type=drop,rate=10000\\n'
    """
    words = " ".join(dump.split()).partition("meter=")
    found = re.split(r" (?=meter=)", words[1] + words[2]) if words[1] else []
    return "".join(sorted(f"{meter.replace(' bands= ', ' band=').replace(' ', ',')}\n" for meter in found))


def compare_meters(document: Document, running: str) -> Iterator[Difference]:
    """The bridge's meters are ours as a whole."""
    wanted = {line.text: line.source for line in document.lines}
    found = dict.fromkeys(running.splitlines())
    for text, source in wanted.items():
        if text not in found:
            yield Difference(Verdict.MISSING, document.name, (), text, source, _meaning(text, Verdict.MISSING))
    sources = {_number(text): source for text, source in wanted.items()}
    for text in found:
        if text not in wanted:
            source = sources.get(_number(text), Provenance())
            yield Difference(Verdict.EXTRA, document.name, (), text, source, _meaning(text, Verdict.EXTRA))


def _number(text: str) -> int:
    """The number of a meter; 0 for one that has a name instead (``controller``, ``slowpath``)."""
    numbered = re.match(r"meter=(0x[0-9a-f]+|\d+)(?![^\s,])", text)
    return int(numbered[1], 0) if numbered else 0


def _meaning(text: str, verdict: Verdict) -> str:
    number = _number(text)
    kind, port = ("multicast", number - _MULTICAST_METERS) if number > _MULTICAST_METERS else ("broadcast", number)
    rate = re.search(r"rate=(\d+)", text)
    limit = f"{rate[1]} kbit/s" if rate else "another limit"
    if verdict is Verdict.MISSING:
        return f"{kind} of port p{port} is not limited to {limit}"
    return f"meter {number} limits to {limit}, which nobody declared"
