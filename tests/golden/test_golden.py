"""What is rendered, for people to read: one small site in the words of every platform, to be compared side by side.

After a change of templates: ``pytest tests/golden --golden-update``, then read the difference before it is committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from punchdown.platforms.register import BUILT_IN
from punchdown.render import render_device
from punchdown.values import IntendedConfig
from tests.contract.features import SUBJECTS, Patch, definition, roles
from tests.contract.member import Member, members
from tests.contract.test_features import subject

FOLDER = Path(__file__).parent
MORE: Patch = {"hosts": {"mbg-1": {"public": "198.51.100.10", "expose": ["minet-tls"]}},
               "firewall": {"allow": "homes"},
               "management": {"banner": ["Authorised use only.", "All sessions are recorded."]},
               "services": {"ntp": ["radius-1"], "syslog": ["log-1"]}}
EACH = [(member, role) for member in members().values() if member.name in BUILT_IN for role in roles(member)]


def text_of(config: IntendedConfig) -> str:
    """The documents in order; where there are several, each below its name, and what is said twice only once."""
    if len(config.documents) == 1:
        return config.documents[0].text
    first: dict[str, str] = {}
    return "".join(f"==> {document.name} <==\n{document.text}\n" if document.name == first[document.text]
                   else f"==> {document.name}: as {first[document.text]} <==\n\n"
                   for document in config.documents if first.setdefault(document.text, document.name))


@pytest.mark.parametrize(("member", "role"), EACH, ids=[f"{member.name}-{role}" for member, role in EACH])
def test_rendered_text_is_the_golden_one(member: Member, role: str, request: pytest.FixtureRequest) -> None:
    site = definition(member, role, MORE, dict(member.golden))
    path = FOLDER / member.name / site["site"] / f"{SUBJECTS[role][0]}.cfg"
    text = text_of(render_device(subject(site, role)))
    if request.config.getoption("--golden-update"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), "pytest tests/golden --golden-update writes it"
    assert text == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    ours = {FOLDER / member.name / "viseu" / f"{SUBJECTS[role][0]}.cfg" for member, role in EACH}
    assert set(FOLDER.glob("*/*/*.cfg")) <= ours
