"""The tables of ``docs/platforms.md``, out of what the platforms declare.

    python -m tests.contract.table
"""

from __future__ import annotations

from pathlib import Path

from punchdown.platforms import Capabilities, platform
from punchdown.platforms.register import BUILT_IN
from tests.contract.features import SUBJECTS
from tests.contract.member import members

PAGE = Path(__file__).parents[2] / "docs" / "platforms.md"
BEGIN, END = "<!-- made by make platforms -->\n", "<!-- end -->\n"


def tables() -> str:
    """What each does, and who does what only some do; Markdown."""
    return "\n".join((*_overview(), "", *_needs(), ""))


def page(text: str) -> str:
    """The page with its tables as they should be."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}{tables()}{END}{rest.partition(END)[2]}"


def _overview() -> list[str]:
    rows = ["| platform | roles | filters | 802.1X | judged by | not one transaction |",
            "| --- | --- | --- | --- | --- | --- |"]
    for name in sorted(BUILT_IN):
        can, member = platform(name).capabilities, members().get(name)
        judge = "its own daemon" if can.linux else "an emulated appliance" if member and member.family else "text"
        rows.append(f"| `{name}` | {', '.join(can.roles)} | {_filters(can)} | {_dot1x(can)} | {judge} | "
                    f"{can.not_atomic.replace('|', '/') or 'all of it is one'} |")
    return rows


def _filters(can: Capabilities) -> str:
    if not {"core-switch", "access-switch", "firewall"} & set(can.roles):
        return "none"
    kind = "follow connections" if can.stateful else "packet by packet"
    return f"both ways, {kind}" if can.filter_out else f"inbound, {kind}"


def _dot1x(can: Capabilities) -> str:
    return "every model" if "*" in can.dot1x_models else ", ".join(can.dot1x_models) or "no"


def _needs() -> list[str]:
    names = sorted(BUILT_IN)
    asked = sorted({(feature.need, feature.name) for _, features in SUBJECTS.values() for feature in features
                    if feature.need})
    words: dict[str, str] = {}
    for need, name in asked:
        words.setdefault(need, name)
    rows = [f"| what only some do | {' | '.join(f'`{name}`' for name in names)} |", "| --- |" + " --- |" * len(names)]
    for need, text in sorted(words.items(), key=lambda item: item[1].lower()):
        marks = ("yes" if need in platform(name).capabilities.meets else "" for name in names)
        rows.append(f"| {text} (`{need}`) | {' | '.join(marks)} |")
    return rows


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
