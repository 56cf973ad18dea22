"""Secrets leave the text when it is read; texts can't leave their place; commands and text are one language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punchdown.errors import DeviceError, RenderError
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.fortinet_fortios import FortiosAppliance
from punchdown.platforms.contract import Answer
from punchdown.platforms.fortinet_fortios import words
from punchdown.platforms.fortinet_fortios.effects import applied
from punchdown.platforms.fortinet_fortios.masking import fetch, mask
from punchdown.platforms.fortinet_fortios.normalise import without_defaults
from punchdown.platforms.fortinet_fortios.tree import flat, printed, read_text
from punchdown.render import render_device
from tests.platforms.fortinet_fortios.conftest import ROOM

SECRETS = """\
#config-version=FGT60F-7.2.13-FW-build1762-250708:opmode=0:vdom=0:user=admin
#conf_file_ver=1234
config system global
    set admin-ssh-password enable
    set cfg-save revert
    set cfg-revert-timeout 60
    set hostname "fw"
end
config system console
    set output standard
end
config system admin
    edit "admin"
        set password ENC SH2abc==
    next
end
config vpn ipsec phase1-interface
    edit "p1"
        set psksecret ENC 8r4Xy+/=
        set keylife 86400
    next
    edit "p2"
        set psksecret "pla in"
    next
end
config vpn certificate local
    edit "own"
        set private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIIE
-----END ENCRYPTED PRIVATE KEY-----
"
    next
end
config system snmp community
    edit 1
        set name "hidden"
    next
end
config user radius
    edit "r"
        set server "10.0.0.1"
        set secret ENC Zm9v
    next
end
"""


class Reads:
    device = "fw-1"

    def show(self, command, *, timeout=30.0):
        assert command == "show"
        return Answer(SECRETS)


def test_no_secret_is_left_and_nothing_else_is_lost():
    found = fetch(Reads(), lambda plain: f"<masked:{len(plain)}>")
    text = found.text("running-config")
    for secret in ("SH2abc", "8r4Xy", "pla in", "MIIE", "hidden", "Zm9v", "BEGIN"):
        assert secret not in text, secret
    assert "set psksecret <masked:6>" in text
    for kept in ('set hostname "fw"', "set admin-ssh-password enable", "set keylife 86400", 'set server "10.0.0.1"'):
        assert kept in text, kept
    assert found.facts == {"model": "FGT60F", "version": "7.2.13"}


def test_how_it_is_saved_and_how_it_pages_is_no_part_of_it():
    text = fetch(Reads(), str).text("running-config")
    assert "cfg-" not in text
    assert "console" not in text
    assert "#" not in text


@pytest.mark.parametrize(("old", "new", "words"), [
    ("7.2.13", "7.2.2", "FortiOS 7.2.2"), (":vdom=0:", ":vdom=1:", "virtual domains")])
def test_units_that_are_not_understood_are_not_read(old, new, words):
    class Other(Reads):
        def show(self, command, *, timeout=30.0):
            return Answer(SECRETS.replace(old, new))

    with pytest.raises(DeviceError, match=words):
        fetch(Other(), str)


@pytest.mark.parametrize(("change", "words"), [
    ({"version": "7.0"}, "before 7.2.3"), ({"version": "7.2.2"}, "before 7.2.3"), ({"version": "7.2"}, ""),
    ({"version": "7.6.1"}, "")])
def test_old_releases_are_refused_before_anything_is_rendered(site, change, words):
    said = ROOM.refusals(replace(site[1], **change))
    assert all(words in reason for reason in said)
    assert bool(said) == bool(words)


def test_a_question_mark_would_call_for_help(site):
    intent = replace(site[1], management=replace(site[1].management, banner=("Lost?",)))
    assert ["call for help" in reason for reason in ROOM.refusals(intent)] == [True]


def test_masking_twice_is_masking_once():
    once = mask(SECRETS, lambda plain: f"<masked:{len(plain)}>")
    assert mask(once, lambda plain: "again") == once


@pytest.mark.parametrize("text", ['a "b" c', "back\\slash", "it's", "$(reboot)", '"\\"', "# no comment", "end", "|"])
def test_texts_stay_in_their_place(site, text):
    """A banner goes through template, reader and appliance and is the same."""
    intent = replace(site[1], management=replace(site[1].management, banner=(text,)))
    rendered = render_device(intent).documents[0].text
    message = 'config system replacemsg admin pre_admin-disclaimer-text'
    assert read_text(rendered).root.at(message).value("buffer") == text
    box = FortiosAppliance(ApplianceSpec("fw-1", platform="fortinet_fortios"), ManualClock())
    lines = rendered.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("config system replacemsg"))
    session = box.login()
    for line in lines[start:start + 3]:
        assert session.feed(line) == ""
    assert session.prompt == "fw-1 # "
    assert read_text(box.running_config()).root.at(message).value("buffer") == text


@pytest.mark.parametrize("text", ["a\nend", "a\rb", "\x03", "a\u2028b"])
def test_what_could_end_a_line_is_refused(text):
    with pytest.raises(RenderError):
        words.quote(text)


@pytest.mark.parametrize("name", ['a"b', "a<b", "a(b", "it's", "a#b", "a\\b", "a\nb"])
def test_names_that_the_device_refuses_are_refused_here(name):
    with pytest.raises(RenderError):
        words.names([name])


NAMES = ("a", "b", "PD-c")
NUMBERS = ("1", "2", "77")
COMMANDS = st.one_of(
    st.tuples(st.just("config firewall address"), st.sampled_from(NAMES).map('edit "{}"'.format), st.sampled_from((
        "set subnet 10.0.0.0/8", "set subnet 10.1.0.0 255.255.0.0", 'set comment "x y"', "unset comment",
        "unset subnet")), st.sampled_from(("next", "abort"))),
    st.tuples(st.just("config firewall address"), st.sampled_from(NAMES).map('delete "{}"'.format)),
    st.tuples(st.just("config firewall policy"), st.sampled_from(NUMBERS).map("edit {}".format),
              st.just("set srcintf any"), st.just("set dstintf any"),
              st.sampled_from(("set srcaddr all", 'set srcaddr "a" "b"', 'append srcaddr "a"', 'unselect srcaddr "a"')),
              st.just("set dstaddr all"), st.just("set schedule always"), st.just("set service ALL"),
              st.sampled_from(("set action accept", "unset action", "set logtraffic all")), st.just("next")),
    st.tuples(st.just("config firewall policy"), st.sampled_from(NUMBERS).map("delete {}".format)),
    st.tuples(st.just("config firewall policy"), st.builds("move {} {} {}".format, st.sampled_from(NUMBERS),
                                                           st.sampled_from(("before", "after")),
                                                           st.sampled_from(NUMBERS))),
    st.tuples(st.just("config system settings"), st.sampled_from((
        "set central-nat enable", "unset central-nat", "set sip-nat-trace disable"))))


@settings(max_examples=25, deadline=None)
@given(st.lists(COMMANDS, max_size=12))
def test_what_commands_make_of_a_text_is_what_the_appliance_shows(groups):
    """Commands that the appliance refuses are left out, whole groups of them."""
    box = FortiosAppliance(ApplianceSpec("fw-1", platform="fortinet_fortios"), ManualClock())
    before, taken = box.running_config(), []
    for group in groups:
        session = box.login()
        whole = (*group, "end")
        session.feed("execute config-transaction start")
        said = [session.feed(line) for line in whole if not (line == "end" and group[-1] == "abort")]
        fine = not any("Return code" in answer for answer in said)
        session.feed("execute config-transaction " + ("commit" if fine else "abort"))
        taken += whole if fine and "abort" not in group else ()
    assert objects(applied(before, taken)) == objects(box.running_config())


def objects(text):
    found = {key: {name: item.values for name, item in without_defaults(key, node.settings).items()}
             for key, node in flat(read_text(text).root) if len(key) > 1 or node.settings}
    order = [key for key in found if key[0] == "config firewall policy"]
    return {key: values for key, values in found.items() if values or len(key) > 1}, order


def test_printing_and_reading_are_each_others_way_back(rendered):
    once = "\n".join(printed(read_text(rendered).root))
    assert "\n".join(printed(read_text(once).root)) == once
    assert read_text(rendered).strays == []
