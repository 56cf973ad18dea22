"""What is rendered is taken by the appliance line by line, and what it then shows is what was meant."""

from __future__ import annotations

import os
import random
import re
from functools import cache

from punchdown.render.engine import environment
from tests.contract.bench import Paper, Rig, bench, resolve
from tests.contract.cases import Case, cases
from tests.contract.member import Member

TYPOS = int(os.environ.get("PUNCHDOWN_TYPOS", "24"))
WORD = r"[a-z][a-z-]{3,}"


def test_no_rendered_line_is_refused(rigged: Member, case: Case) -> None:
    """As it stands, without what a comparison would make of it."""
    rig = Rig(rigged, case.intent)
    hand = rig.hand()
    for line in lines_of(case):
        rig.typed(hand, line)
    assert hand.sent


def test_then_there_is_nothing_to_do(member: Member, case: Case) -> None:
    """On a device as from the factory: everything comes, and a second look finds nothing."""
    device = bench(member, case.intent)
    change = device.compare(case.intent)
    assert [(item.verdict, item.path, item.line) for item in change.differences] == []
    assert change.steps == ()
    if isinstance(device, Rig):
        assert Rig(member, case.intent).compare(case.intent).steps


def test_a_misspelt_word_is_refused(rigged: Member) -> None:
    """One letter of one word of a rendered line changes places; names and numbers are spelt as people like."""
    case = cases(rigged)[0]
    rig, dice = Rig(rigged, case.intent), random.Random(rigged.name)
    rig.push(rig.compare(case.intent))
    lines = lines_of(case)
    taken, tried = [], 0
    while tried < TYPOS:
        place = dice.randrange(len(lines))
        line = misspelt(dice, lines[place], rigged)
        if line is None:
            continue
        tried += 1
        hand = rig.hand()
        for parent in parents(lines, place):
            hand.configure(resolve(parent))
        if not rig.refusal(hand.configure(resolve(line)).output):
            taken.append(line)
        hand.run(rigged.capabilities.cli.leave)
    assert taken == []


def lines_of(case: Case) -> list[str]:
    """Everything that is rendered, in order; a banner with its text as one."""
    found: list[str] = []
    for document in case.intended.documents:
        end = ""
        for line in document.lines:
            if end:
                found[-1] += f"\n{line.text}"
                end = "" if line.text.strip() == end else end
            else:
                found.append(line.text)
                opened = re.match(r"banner \S+ (\S+)$", line.text)
                end = opened[1] if opened else ""
    return found


def parents(lines: list[str], place: int) -> list[str]:
    """The lines that open the place in which a line stands, outermost first."""
    found: list[str] = []
    depth = indent(lines[place])
    for line in reversed(lines[:place]):
        if indent(line) < depth:
            found.insert(0, line)
            depth = indent(line)
    return found


def indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def misspelt(dice: random.Random, line: str, member: Member) -> str | None:
    """Two neighbouring letters of a keyword exchanged; None when the line has none."""
    if "\n" in line or "<secret:" in line:
        return None
    words = [match for match in re.finditer(rf"(?<![\w.-]){WORD}(?![\w.-])", line) if match[0] in keywords(member.name)]
    if not words:
        return None
    word = dice.choice(words)
    places = [at for at in range(len(word[0]) - 1) if word[0][at] != word[0][at + 1]]
    at = word.start() + dice.choice(places)
    return f"{line[:at]}{line[at + 1]}{line[at]}{line[at + 2:]}"


@cache
def keywords(name: str) -> frozenset[str]:
    """Words that stand in the platform's templates as such; ``punchdown`` names things."""
    env = environment(name)
    assert env.loader is not None
    texts = (env.loader.get_source(env, template)[0] for template in env.list_templates()
             if template.startswith(f"{name}/"))
    bare = (re.sub(r"{[{%#].*?[}%#]}", " ", text, flags=re.DOTALL) for text in texts)
    return frozenset(re.findall(rf"(?<![\w.-]){WORD}(?![\w.-])", "\n".join(bare))) - {"punchdown"}


def test_paper_is_only_for_those_without_appliances(member: Member) -> None:
    assert isinstance(bench(member, cases(member)[0].intent), Paper) == (member.family is None)
