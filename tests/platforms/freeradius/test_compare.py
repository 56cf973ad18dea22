"""Refusals, words and comparison without a server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.errors import RenderError
from punchdown.platforms.freeradius import PLATFORM, masking, words
from punchdown.platforms.freeradius.capabilities import CLIENTS, LINKS, MAB, USERS
from punchdown.render import render_device
from punchdown.values import Change, RunningConfig, RunningDocument, Verdict
from tests.platforms.freeradius.radius_box import NAMES, RADIUS, SECRETS, intent, mask, resolve, source


def running(**edits: tuple[str, str]) -> RunningConfig:
    """The device as if pushed; ``edits`` replace text in the document of that constant's name."""
    names = {"clients": CLIENTS, "users": USERS, "mab": MAB}
    changed = {names[key]: edit for key, edit in edits.items()}
    documents = []
    for item in render_device(intent()).documents:
        text = resolve(item.text)
        if item.name in changed:
            assert changed[item.name][0] in text
            text = text.replace(*changed[item.name])
        if item.name == LINKS:
            text = "".join(f"/etc/freeradius/3.0/{name} ../{name.replace('enabled', 'available')}\n"
                           for name in (*text.split(), "mods-enabled/files"))
        documents.append(RunningDocument(item.name, masking.mask(text, mask)))
    return RunningConfig("radius-1", "freeradius", tuple(documents))


def compare(config: RunningConfig) -> Change:
    return PLATFORM.compare(intent(), render_device(intent()), config, NAMES)


def test_what_was_pushed_compares_equal() -> None:
    assert compare(running()).differences == ()


def test_order_comments_blanks_and_quotes_of_clients_are_no_difference() -> None:
    config = running()
    text = config.text(CLIENTS)
    second = text.index("client sw-core-1")
    text = f"# by hand\n{text[second:]}\n\n{text[:second]}".replace("\t", "    ").replace("'", '"').replace(
        "nas_type = cisco", "nas_type=cisco   # catalyst")
    documents = tuple(RunningDocument(item.name, text) if item.name == CLIENTS else item for item in config.documents)
    assert compare(replace(config, documents=documents)).differences == ()


def test_order_of_users_is_no_difference_but_default_in_front_is() -> None:
    config = running()
    lines = config.text(USERS).split("\nroom-102")
    default = lines[1].index("DEFAULT")
    moved = f"room-102{lines[1][:default]}{lines[0]}\n{lines[1][default:]}"
    front = f"{lines[1][default:]}\n{lines[0]}\nroom-102{lines[1][:default]}"

    def with_users(text: str) -> RunningConfig:
        return replace(config, documents=tuple(
            RunningDocument(item.name, text) if item.name == USERS else item for item in config.documents))

    assert compare(with_users(moved)).differences == ()
    found = compare(with_users(front)).differences
    assert {item.verdict for item in found} == {Verdict.REORDERED}
    assert {item.line for item in found} == {"reception", "room-101", "room-102"}


@pytest.mark.parametrize(("edits", "verdict", "meaning"), [
    ({"clients": (SECRETS["radius-sw-acc-1"], "other")}, Verdict.MISSING,
     "switch sw-acc-1 can no longer authenticate anyone: its secret is not the defined one"),
    ({"users": ('"130"', '"199"')}, Verdict.MISSING, "device reception no longer gets VLAN 130"),
    ({"users": (SECRETS["eap-room-102"], "other")}, Verdict.MISSING,
     "phone room-102 no longer gets in with its own password, another password works"),
    ({"mab": ("08-00-0F-10-01-03", "08-00-0F-10-01-04")}, Verdict.MISSING,
     "phone 08-00-0F-10-01-03 no longer gets into the network"),
])
def test_meaning(edits: dict[str, tuple[str, str]], verdict: Verdict, meaning: str) -> None:
    first = compare(running(**edits)).differences[0]
    assert (first.verdict, first.meaning) == (verdict, meaning)


@pytest.mark.parametrize("line", [
    "\tsecret = hunter2-secret", "secret='hunter2-secret'", '# secret = "hunter2-secret"',
    'bob Cleartext-Password := "hunter2-secret", Reply == x', "bob NT-Password:=hunter2-secret",
    "private_key_password = hunter2-secret", 'bob Cleartext-Password := "hunter2-secret',
    'bob Crypt-Password += "hunter2-\\"secret"',
])
def test_every_spelling_of_a_secret_is_masked(line: str) -> None:
    masked = masking.mask(line, mask)
    assert "hunter2" not in masked
    assert "<masked:" in masked
    assert masking.mask(masked, mask) == masked


def test_refusals() -> None:
    def refused(**changes: object) -> str:
        return "\n".join(PLATFORM.refusals(intent(replace(RADIUS, **changes))))  # type: ignore[arg-type]

    assert PLATFORM.refusals(intent()) == ()
    assert "none" in PLATFORM.refusals(intent(None))[0]
    first = RADIUS.clients[0]
    assert "client address 10.20.99.11 is there twice" in refused(clients=(first, replace(first, name="two")))
    user = RADIUS.users[1]
    assert "identity reception is there twice" in refused(users=(user, user))
    assert "DEFAULT" in refused(users=(replace(user, identity="DEFAULT"),))
    assert "'a b'" in refused(users=(replace(user, identity="a b"),))
    assert "not set up for method 'fast'" in refused(users=(replace(user, method="fast"),))
    assert "not among the enabled" in refused(methods=("md5",))
    assert "needs a password" in refused(users=(replace(user, secret=""),))
    assert "certificate" in refused(ca_file="")
    assert "no MAC" in refused(users=(replace(RADIUS.users[0], identity="08-00"),))


def test_words() -> None:
    assert words.mac_key("08:00:0f:10:01:03") == words.mac_key("0800.0f10.0103") == "08-00-0F-10-01-03"
    with pytest.raises(RenderError):
        words.word("x } client y {")


def test_provenance_reaches_the_lines() -> None:
    document = render_device(intent()).document(USERS)
    line = next(line for line in document.lines if line.text.startswith("room-102"))
    assert (line.source.field, line.source.feature) == ("endpoints.room-102", "users")
    assert line.source.position == source("x").position
