"""Questions to answers: hosts at the same time, the ports of one host one after the other, at a slow pace."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from punchdown.probes.ports import tcp_state, udp_state
from punchdown.probes.tls import TlsProbe
from punchdown.values.probe import PortQuestion, PortSeen

PACE_SECONDS = 0.25
"""Between two connections to a host: four a second stay below the five ARP or ICMP packets a second that the firewall
of a phone allows. Source: MiVoice Business Security Guidelines 9.4 (IP phone micro-firewall)."""


@dataclass(frozen=True, slots=True)
class Probe:
    """How to look. ``seconds`` until a port counts as silent; ``roots`` is a file of further trusted roots."""

    pace: float = PACE_SECONDS
    seconds: float = 3.0
    roots: Path | None = None

    def ask(self, question: PortQuestion) -> PortSeen:
        """One port; where it is open and speaks TLS, its handshakes, too."""
        time.sleep(self.pace)
        if question.protocol == "udp":
            return PortSeen(question, udp_state(question.address, question.port, self.seconds))
        state, banner = tcp_state(question.address, question.port, self.seconds)
        if state != "open" or not question.tls or banner:
            return PortSeen(question, state, banner)
        tls = TlsProbe(question.address, question.port, self.seconds, self.pace, self.roots).look()
        return PortSeen(question, state, banner, tls)


def look(questions: Iterable[PortQuestion], probe: Probe, hosts: int = 16) -> tuple[PortSeen, ...]:
    """The answers, in the order of the questions; at most so many hosts at a time."""
    asked = tuple(questions)
    by_address: dict[str, list[int]] = defaultdict(list)
    for number, question in enumerate(asked):
        by_address[question.address].append(number)
    found: dict[int, PortSeen] = {}

    def one_host(numbers: list[int]) -> None:
        for number in numbers:
            found[number] = probe.ask(asked[number])

    with ThreadPoolExecutor(min(hosts, len(by_address)) or 1) as pool:
        list(pool.map(one_host, by_address.values()))
    return tuple(found[number] for number in range(len(asked)))
