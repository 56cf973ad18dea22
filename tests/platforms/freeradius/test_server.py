"""Push to a real server, then log in: who gets in, with which VLAN, and what brings the old state back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from punchdown.errors import RejectedError, SecretError
from punchdown.intent import MacVendor
from punchdown.platforms.freeradius import PLATFORM
from punchdown.platforms.freeradius.capabilities import CLIENTS, LINKS, SITE, USERS
from punchdown.render import render_device
from punchdown.values import Change, Verdict
from tests.platforms.freeradius.radius_box import (
    NAMES,
    RADIUS,
    SECRETS,
    Login,
    eap,
    install,
    intent,
    mab,
    make_certificates,
    mask,
    plan,
    push,
    resolve,
)
from tests.platforms.linux.local_writer import Appliance, LocalWriter

pytestmark = [pytest.mark.lab, pytest.mark.skipif(os.geteuid() != 0, reason="needs root and namespaces")]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory, certificates: Path) -> Iterator[Appliance]:
    """One appliance that runs what the intent says; tests that change it put it back."""
    with Appliance(tmp_path_factory.mktemp("box") / "disk", "radius-1") as appliance:
        writer = install(appliance, certificates)
        push(writer, plan(writer))
        yield appliance


@pytest.fixture
def writer(box: Appliance) -> Iterator[LocalWriter]:
    session = box.writer()
    yield session
    if change := plan(session).payload:
        push(session, Change("radius-1", "freeradius", (), (), "", payload=change))


def test_second_compare_finds_nothing(writer: LocalWriter) -> None:
    assert plan(writer).differences == ()


def test_observation_meets_every_expectation(writer: LocalWriter) -> None:
    seen = PLATFORM.observe(writer, intent())
    assert seen.errors == ()
    assert seen.facts == {item.key: item.value for item in PLATFORM.expectations(intent())}


@pytest.mark.parametrize(("method", "identity", "secret", "certificate", "vlan", "voice"), [
    ("MD5", "room-102", SECRETS["eap-room-102"], "", "120", True),
    ("PEAP", "reception", SECRETS["eap-reception"], "", "130", False),
    ("TLS", "room-101", "", "room-101", "120", True),
])
def test_login_gets_its_vlan_with_the_accept_only(box: Appliance, certificates: Path, method: str, identity: str,
                                                  secret: str, certificate: str, vlan: str, voice: bool) -> None:
    login = eap(box, certificates, method, identity, secret, certificate=certificate)
    assert (login.accepted, login.vlan, login.voice, login.early) == (True, vlan, voice, 0)


REFUSED: list[tuple[str, str, str, dict[str, str]]] = [
    ("MD5", "room-102", "wrong", {}),
    ("MD5", "reception", SECRETS["eap-reception"], {}),
    ("MD5", "room-101", "anything", {}),
    ("MD5", "nobody", "anything", {}),
    ("PEAP", "reception", "wrong", {}),
    ("PEAP", "room-102", SECRETS["eap-room-102"], {}),
    ("PEAP", "room-101", "anything", {}),
    ("PEAP", "reception", SECRETS["eap-reception"], {"anonymous": "room-102"}),
    ("PEAP", "reception", SECRETS["eap-reception"], {"inner": "MD5"}),
    ("PEAP", "room-102", SECRETS["eap-room-102"], {"inner": "MD5"}),
    ("TLS", "room-101", "", {"certificate": "rogue-101"}),
    ("TLS", "room-101", "", {"certificate": "room-999"}),
    ("TLS", "room-999", "", {"certificate": "room-999"}),
    ("TLS", "room-102", "", {"certificate": "room-101"}),
]


@pytest.fixture(scope="module")
def refused(box: Appliance, certificates: Path) -> list[Login]:
    """All of them at once: the server delays each refusal by a second."""
    with ThreadPoolExecutor(len(REFUSED)) as pool:
        return list(pool.map(lambda case: eap(box, certificates, case[0], case[1], case[2], **case[3]), REFUSED))


@pytest.mark.parametrize("place", range(len(REFUSED)), ids=lambda place: "-".join(map(str, REFUSED[place])))
def test_login_is_refused(refused: list[Login], place: int) -> None:
    assert (refused[place].accepted, refused[place].vlan) == (False, "")


@pytest.mark.parametrize("user", ["08000f100103", "0800.0f10.0103", "08:00:0f:10:01:03", "08-00-0F-10-01-03"])
@pytest.mark.parametrize("service", ["Call-Check", "Framed-User"])
def test_known_mac_gets_the_voice_domain(box: Appliance, user: str, service: str) -> None:
    answer = mab(box, user, "08:00:0f:10:01:03", service=service)
    assert "Access-Accept" in answer
    assert 'Tunnel-Private-Group-Id:0 = "120"' in answer
    assert "device-traffic-class=voice" in answer


@pytest.mark.parametrize(("user", "calling"), [
    ("08000f100199", "08-00-0F-10-01-99"), ("08000f100103", "08-00-0F-10-01-99"),
    ("08000f100199", "08-00-0F-10-01-03")])
def test_wrong_mac_is_refused(box: Appliance, user: str, calling: str) -> None:
    assert "Access-Reject" in mab(box, user, calling)


def test_a_vendor_prefix_admits_its_own_after_listed_addresses(box: Appliance, writer: LocalWriter) -> None:
    place = RADIUS.users[0].source
    wanted = replace(RADIUS, vendors=(MacVendor("08:00:0F", 130, False, place),
                                      MacVendor("00:10:49", 120, True, place)))
    push(writer, plan(writer, wanted))
    assert plan(writer, wanted).differences == ()
    assert 'Tunnel-Private-Group-Id:0 = "130"' in mab(box, "08000f100199", "08-00-0F-10-01-99")
    assert 'Tunnel-Private-Group-Id:0 = "120"' in mab(box, "08000f100103", "08-00-0F-10-01-03")
    answer = mab(box, "001049000001", "00-10-49-00-00-01")
    assert "device-traffic-class=voice" in answer
    assert "Access-Reject" in mab(box, "09000f100199", "09-00-0F-10-01-99")
    assert "Access-Reject" in mab(box, "aa08000f1001", "AA-08-00-0F-10-01")


def test_password_in_the_clear_is_refused(box: Appliance) -> None:
    for user in ("room-102", "reception"):
        request = f'User-Name="{user}"\nUser-Password="{SECRETS["eap-" + user]}"\nMessage-Authenticator=0x00\n'
        key = SECRETS["radius-sw-core-1"]
        answer = box.writer().run(f"radclient -x -r 1 -t 3 127.0.0.1:1812 auth '{key}'", stdin=request)
        assert "Access-Reject" in answer.output


def test_fetch_shows_no_secret(writer: LocalWriter) -> None:
    shown = repr(PLATFORM.fetch(writer, mask))
    assert mask(SECRETS["eap-room-102"]) in shown
    assert not [secret for secret in SECRETS.values() if secret in shown]


def test_read_commands_cover_what_is_read(writer: LocalWriter) -> None:
    PLATFORM.fetch(writer, mask)
    PLATFORM.observe(writer, intent())
    assert not [command for command in writer.sent
                if not any(re.fullmatch(allowed, command) for allowed in PLATFORM.read_commands)]


def test_client_removed_by_hand(writer: LocalWriter) -> None:
    text = writer.run(f"cat {CLIENTS}").output
    writer.run(f"cat > {CLIENTS}", stdin=text[text.index("client sw-core-1"):])
    (found,) = plan(writer).differences
    assert (found.verdict, found.document, found.line) == (Verdict.MISSING, CLIENTS, "sw-acc-1")
    assert found.meaning == "switch sw-acc-1 can no longer authenticate anyone"
    assert found.source.field == "devices.sw-acc-1"
    push(writer, plan(writer))
    assert plan(writer).empty


def test_user_added_by_hand_is_reported_and_removed(box: Appliance, writer: LocalWriter, certificates: Path) -> None:
    text = writer.run(f"cat {USERS}").output
    writer.run(f"cat > {USERS}", stdin=f'mallory Cleartext-Password := "x"\n\tTunnel-Private-Group-Id = "199"\n{text}')
    change = plan(writer)
    (found,) = change.differences
    assert (found.verdict, found.document) == (Verdict.EXTRA, USERS)
    assert found.meaning == "mallory gets into the network, the definition does not know it"
    assert "x" not in found.line.removeprefix("mallory Cleartext-Password := ").removeprefix(mask("x"))
    push(writer, change)
    assert not eap(box, certificates, "MD5", "mallory", "x").accepted
    assert plan(writer).empty


def test_stock_site_enabled_by_hand(writer: LocalWriter) -> None:
    writer.run("ln -s ../sites-available/default /etc/freeradius/3.0/sites-enabled/default")
    (found,) = plan(writer).differences
    assert (found.verdict, found.document, found.line) == (Verdict.EXTRA, LINKS, "sites-enabled/default")
    push(writer, plan(writer))
    assert plan(writer).empty


def test_change_since_the_start_is_seen(writer: LocalWriter) -> None:
    writer.run(f"sleep 1; touch {CLIENTS}")
    assert PLATFORM.observe(writer, intent()).facts["radius:loaded"] is False
    writer.run(f"touch -d '2020-01-01' {CLIENTS}")


def test_broken_file_is_refused_and_nothing_changes(box: Appliance, writer: LocalWriter, certificates: Path) -> None:
    before = writer.run("find /etc/freeradius /run/freeradius -type f -exec md5sum {} + | sort").output
    broken = Change("radius-1", "freeradius", (), (), "", payload={USERS: "room-102\tCleartext-Pass := 'x'\n"})
    safe = PLATFORM.safe_change()
    safe.stage(writer, broken, resolve)
    with pytest.raises(RejectedError, match="Cleartext-Pass"):
        safe.check(writer)
    assert writer.run("find /etc/freeradius /run/freeradius -type f -exec md5sum {} + | sort").output == before
    assert not safe.pending(writer)
    assert eap(box, certificates, "MD5", "room-102", SECRETS["eap-room-102"]).accepted


def test_server_that_does_not_come_up_is_put_back(box: Appliance, writer: LocalWriter, certificates: Path) -> None:
    """The address passes the check, it does not exist on the appliance: only the start shows it."""
    text = writer.run(f"cat {SITE}").output
    safe = PLATFORM.safe_change()
    safe.stage(writer, Change("radius-1", "freeradius", (), (), "",
                              payload={SITE: text.replace("ipaddr = *", "ipaddr = 192.0.2.7")}), resolve)
    safe.check(writer)
    with pytest.raises(RejectedError, match="does not"):
        safe.commit(writer, 30)
    assert plan(writer).empty
    assert eap(box, certificates, "MD5", "room-102", SECRETS["eap-room-102"]).accepted


def test_rollback_brings_the_old_users_and_sites_back(box: Appliance, writer: LocalWriter, certificates: Path) -> None:
    fewer = replace(RADIUS, users=RADIUS.users[:2])
    change = plan(writer, fewer)
    safe = PLATFORM.safe_change()
    safe.stage(writer, change, resolve)
    safe.check(writer)
    safe.commit(writer, 30)
    assert not eap(box, certificates, "MD5", "room-102", SECRETS["eap-room-102"]).accepted
    safe.rollback(writer)
    assert eap(box, certificates, "MD5", "room-102", SECRETS["eap-room-102"]).accepted
    assert plan(writer).empty


def test_secret_that_would_leave_its_quotes_is_refused(writer: LocalWriter) -> None:
    full = Change("radius-1", "freeradius", (), (), "", payload={CLIENTS: "secret = '<secret:radius-sw-acc-1>'\n"})
    with pytest.raises(SecretError, match="radius-sw-acc-1") as caught:
        PLATFORM.safe_change().stage(writer, full, lambda text: text.replace("<secret:radius-sw-acc-1>", "a'b"))
    assert "a'b" not in str(caught.value)


def test_fingerprints_that_are_not_known_are_unknown(writer: LocalWriter) -> None:
    wanted = intent()
    running = PLATFORM.fetch(writer, mask)
    known = {name: masked for name, masked in NAMES.items() if name != "eap-room-102"}
    found = PLATFORM.compare(wanted, render_device(wanted), running, known)
    (item,) = found.differences
    assert (item.verdict, item.path) == (Verdict.UNKNOWN, ("room-102",))
