"""``python bench/prove.py``: proof of the example site; long access lists; the orders of variables; memory.

``python bench/prove.py sites [NUMBER ...]``: estates of that many sites, no two alike, each in a process of its own.
"""

from __future__ import annotations

import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import many as estates
from ground import ROOT, keep

from punchdown.compiler import CompiledSite
from punchdown.pipeline import Question, Selection, prove_rendered
from punchdown.pipeline.proving import ground_of, rendered_documents, site_state
from punchdown.pipeline.way import way_of
from punchdown.platforms import platform
from punchdown.proof import compare, prove
from punchdown.proof.headers import AS_SENT
from punchdown.proof.rules import Mode, Passage
from punchdown.proof.sets import ORDER, Space
from punchdown.proof.tables import Tables
from punchdown.values import Change, IntendedConfig, RunningConfig, RunningDocument
from punchdown.values.policy import DevicePolicy, Field, LineRef, Match, Rule, Table, Verdict

ROUNDS = 3
PORTS = (22, 53, 80, 123, 443, 514, 1752, 1753, 3306, 5060, 5061, 6801, 8080, 8443)


def best(work: Callable[[], object]) -> float:
    """Processor seconds of the fastest of a few rounds; each starts from nothing."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def real_looking(lines: int, seed: int = 1) -> Table:
    """A list as sites have them: subnets and hosts to hosts, known ports and ranges, a deny among the permits."""
    dice = random.Random(seed)
    subnets = [0x0A000000 | dice.getrandbits(16) << 8 for _ in range(max(20, lines // 20))]
    rules = []
    for number in range(lines):
        source = dice.choice(subnets)
        size = dice.choice((0xFF, 0xFF, 0, 0x3FF))
        source = source & ~size | (dice.randrange(1, 255) if not size else 0)
        destination = dice.choice(subnets) | dice.randrange(1, 255)
        first = dice.choice((*PORTS, 50000, 20000))
        last = first + (511 if first >= 20000 else 0)
        matches = (Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((dice.choice((6, 17)),) * 2,)),
                   Match(Field.SOURCE, ((source, source | size),)), Match(Field.DESTINATION, ((destination,) * 2,)),
                   Match(Field.DESTINATION_PORT, ((first, last),)))
        end = Verdict.DROP if dice.random() < 0.15 else Verdict.ACCEPT
        rules.append(Rule(matches, end, LineRef("acl", number + 1, "")))
    return Table("acl", tuple(rules), Verdict.DROP)


def compiled(table: Table, order: Sequence[Field] = ORDER) -> tuple[float, int]:
    """Processor seconds from rules to the set of what is accepted, and the nodes of its diagram."""
    nodes = 0

    def work() -> None:
        nonlocal nodes
        space = Space(order)
        found = Tables(space, DevicePolicy("box", "plain", (table,))).through(
            ("acl",), AS_SENT, space.everything, Passage(), Mode.MUST)
        nodes = space.weight(next(iter(found.values())))
    empty = best(lambda: Space(order))
    return best(work) - empty, nodes


def megabytes() -> int:
    """The most that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def orders() -> dict[str, tuple[Field, ...]]:
    """Protocol first, as it is; and the ways that were tried."""
    ends = (Field.DESTINATION, Field.SOURCE)
    rest = tuple(field for field in ORDER if field not in ends)
    return {"protocol, ports, destination, source": ORDER,
            "protocol, ports, source, destination": (*rest, Field.SOURCE, Field.DESTINATION),
            "addresses first": (*ends, *rest)}


COMMANDS = 200


def a_way() -> tuple[CompiledSite, dict[str, IntendedConfig], dict[str, dict[str, str]], Change]:
    """A plan of 200 commands: ports of the example switch from the factory, back to what they should be."""
    ground = ground_of(Path(ROOT / "inventory"), Selection(sites=("lisbon",)))
    site, documents, room = ground.sites["lisbon"], rendered_documents(ground.intended), platform("cisco_ios")
    (intent,) = (item for item in site.devices if item.device == "sw-acc-1")
    text = documents["sw-acc-1"]["running-config"]
    ports = re.findall(r"interface GigabitEthernet1/0/\d+\n(?: .*\n)+", text)
    for port in ports[:24]:
        text = text.replace(port, port.split("\n")[0] + "\n", 1)
    documents["sw-acc-1"] = {"running-config": text}
    running = RunningConfig("sw-acc-1", "cisco_ios", (RunningDocument("running-config", text),))
    change = room.compare(intent, ground.intended["sw-acc-1"], running, {})
    return site, dict(ground.intended), documents, replace(change, steps=change.steps[:COMMANDS])


SIZES = (1, 10, 100, 1000)
NOW = "2026-01-01T00:00:00Z"


def proved(sites: int) -> dict[str, float]:
    """All claims of an estate from its files on disk to the answers, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        estate = estates.make_many(Path(folder) / "estate", sites)
        start = time.process_time()
        proofs = prove_rendered(estate, Selection(), Question(), NOW).proofs
        return {"seconds": time.process_time() - start, "claims": sum(len(proof.claims) for proof in proofs),
                "unproved": sum(proof.exit_code.value != 0 for proof in proofs), "mib": megabytes()}


def many(sizes: Sequence[int]) -> None:
    """Estates by size, each measured by a process of its own."""
    rows = []
    for sites in sizes:
        done = subprocess.run([sys.executable, __file__, "one", str(sites)], stdout=subprocess.PIPE, text=True,
                              check=True)
        told = json.loads(done.stdout)
        rows.append((str(sites), str(told["claims"]), str(told["unproved"]), f"{told['seconds']:.1f}",
                     f"{told['seconds'] / sites:.2f}", str(told["mib"])))
    ports = estates.SWITCHES * estates.PORTS
    setting = f"Sites of {estates.DEVICES} devices and {ports} ports, from files to answers; processor seconds, once."
    keep("Proof of many sites", setting, ("sites", "claims", "sites not proved", "seconds", "seconds a site", "MiB"),
         rows, ("punchdown", "dd"))


def main() -> None:
    """Measure, print and keep."""
    kind, *numbers = sys.argv[1:] or [""]
    if kind == "one":
        print(json.dumps(proved(int(numbers[0]))))
    elif kind == "sites":
        many([int(number) for number in numbers] or SIZES)
    else:
        one_site()


def one_site() -> None:
    """The example site, lists, orders and a way."""
    ground = ground_of(Path(ROOT / "inventory"), Selection(sites=("lisbon",)))
    site, documents = ground.sites["lisbon"], rendered_documents(ground.intended)
    state = site_state(site, ground.intended, documents, "rendered")
    rows = [("texts to policies, example site",
             f"{best(lambda: site_state(site, ground.intended, documents, 'rendered')):.3f}", "", str(megabytes())),
            ("all claims, example site", f"{best(lambda: prove(state)):.3f}", "", str(megabytes())),
            ("two states compared, example site", f"{best(lambda: compare(state, state)):.3f}", "", str(megabytes()))]
    changing = a_way()
    way = way_of(changing[0], changing[1], changing[2], [changing[3]])
    rows.append((f"a way of {way.commands} commands, {way.states} different states",
                 f"{best(lambda: way_of(changing[0], changing[1], changing[2], [changing[3]])):.3f}", "",
                 str(megabytes())))
    for lines in (1_000, 2_000, 4_000, 10_000):
        seconds, nodes = compiled(real_looking(lines))
        rows.append((f"list of {lines} lines", f"{seconds:.3f}", str(nodes), str(megabytes())))
    for name, order in orders().items():
        seconds, nodes = compiled(real_looking(1_000), order)
        rows.append((f"1000 lines, {name}", f"{seconds:.3f}", str(nodes), str(megabytes())))
    keep("Proof", f"Processor seconds, fastest of {ROUNDS} rounds; MiB is the most held so far.",
         ("what", "seconds", "nodes", "MiB"), rows, ("punchdown", "dd"))


if __name__ == "__main__":
    sys.exit(main())
