"""The emulated FortiGate by itself: modes and refusals in its words, transactions, how changes are kept."""

from __future__ import annotations

import pytest
from ntc_templates.parse import parse_output

from punchdown.lab.emulated import ApplianceSpec, Faults, ManualClock
from punchdown.lab.emulated.fortinet_fortios import FortiosAppliance, prepared

ALIAS = ("config system global", "set alias new", "end")
SHOW = "show system global"


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def box(clock):
    spec = ApplianceSpec("fw-1", platform="fortinet_fortios", startup=prepared((10, 20)), faults=Faults())
    return FortiosAppliance(spec, clock)


@pytest.fixture
def user(box):
    return box.login()


def typed(session, *lines):
    """What was said to all lines but the usual word to a new entry."""
    said = [session.feed(line) for line in lines]
    return "".join(text for text in said if not text.startswith("new entry"))


def policy(number, *more):
    return ("config firewall policy", f"edit {number}", "set srcintf lan10", "set dstintf lan20", "set srcaddr all",
            "set dstaddr all", "set schedule always", "set service ALL", *more, "next", "end")


def test_prompts_tell_where_one_is(user):
    assert user.prompt == "fw-1 # "
    assert typed(user, "config firewall policy") == ""
    assert user.prompt == "fw-1 (policy) # "
    assert user.feed("edit 0") == "new entry '1' added\n"
    assert user.prompt == "fw-1 (1) # "
    assert typed(user, "abort") == ""
    assert user.prompt == "fw-1 # "
    assert "edit" not in user.feed("show firewall policy")


def test_words_may_be_shortened_as_long_as_they_are_clear(user):
    assert typed(user, "conf sys set", "set central enable", "end") == ""
    assert "set central-nat enable" in user.feed("sh sys set")
    assert "ambiguous" in user.feed("config firewall s")
    assert "parse error before 'sytsem'" in user.feed("config sytsem settings")


@pytest.mark.parametrize(("lines", "said"), [
    (("config system global", "set admintimeuot 5"), "command parse error before 'admintimeuot'"),
    (("config system global", "set admintimeout 481"), "value parse error before '481'"),
    (("config system interface", 'edit "lan10"', "set ip 10.0.0.1 255.255.0.255"), "value parse error"),
    (("config system interface", 'edit "lan10"', "set ip 10.0.0.1/24", "next", 'edit "lan20"', "set ip 10.0.0.9/25",
      "next"), "Subnets overlap"),
    (("config firewall policy", "edit 1", 'set srcaddr "nobody"'), "entry not found in datasource"),
    (("config firewall policy", "edit 1", "set srcintf any", "next"), "Attribute 'dstintf' MUST be set."),
    (("config firewall policy", "edit 1", "set poolname x"), "command parse error before 'poolname'"),
    (("config firewall policy", "edit x"), "value parse error before 'x'"),
    (("config firewall policy", "move 1 before 2"), "entry not found"),
    (("config firewall schedule recurring", 'delete "always"', "end"), ""),
    (("nonsense",), "Unknown action 0"), (("end",), "command parse error"), (("execute nothing",), "parse error"),
    (("config firewall service custom", 'edit "x"', "set tcp-portrange 90-80"), "value parse error before '90-80'"),
])
def test_refusals_are_in_its_own_words(user, lines, said):
    answer = typed(user, *lines)
    assert (said in answer and "Return code" in answer) if said else answer == ""


def test_what_is_used_stays(user):
    assert typed(user, "config firewall address", 'edit "a"', "set subnet 10.1.0.0/16", "next", "end") == ""
    assert typed(user, *policy(5, 'set srcaddr "a"')) == ""
    assert "used by other 1 entries" in typed(user, "config firewall address", 'delete "a"')
    assert typed(user, "end", "config firewall policy", "delete 5", "end", "config firewall address", 'delete "a"',
                 "end") == ""


def test_what_is_so_by_default_does_not_show(user):
    assert typed(user, *policy(5, "set action accept", "set logtraffic utm", 'set name "a b"')) == ""
    shown = user.feed("show firewall policy 5")
    assert "set action accept" in shown
    assert "logtraffic" not in shown
    assert shown.index("set name") < shown.index("set uuid") < shown.index("set srcintf")
    assert "set logtraffic utm" in user.feed("show full-configuration firewall policy 5")


def test_lists_grow_and_shrink(user):
    assert typed(user, "config system interface", 'edit "lan10"', "set allowaccess ssh ping",
                 "append allowaccess https", "unselect allowaccess ssh", "next", "end") == ""
    assert "set allowaccess ping https\n" in user.feed("show system interface lan10")


def test_policies_keep_the_order_they_are_given(user):
    for number in (1, 2, 3):
        assert typed(user, *policy(number)) == ""
    assert typed(user, "config firewall policy", "move 3 before 1", "end") == ""
    shown = user.feed("show firewall policy")
    assert shown.index("edit 3") < shown.index("edit 1") < shown.index("edit 2")


def test_a_text_of_several_lines(user):
    typed(user, 'config system replacemsg admin "pre_admin-disclaimer-text"', 'set buffer "one')
    assert user.prompt == "> "
    assert typed(user, 'two \\"quoted\\""', "end") == ""
    assert 'set buffer "one\ntwo \\"quoted\\""' in user.feed("show system replacemsg admin pre_admin-disclaimer-text")


def test_a_whole_configuration_loads_as_it_is_shown(box, user):
    typed(user, *policy(7, 'set comments "it\'s \\"so\\""'))
    text = box.running_config()
    store, refused = box.load(text)
    assert refused == []
    again = FortiosAppliance(box.spec, box.clock, saved={"configuration": text})
    assert again.running_config().splitlines()[4:] == text.splitlines()[4:]
    assert store.blocks["firewall policy"].entries["7"].first("comments") == 'it\'s "so"'


def test_a_transaction_is_seen_by_nobody_until_its_end(box, user):
    other = box.login()
    assert typed(user, "execute config-transaction start", *ALIAS) == ""
    assert "alias" in user.feed(SHOW)
    assert "alias" not in other.feed(SHOW)
    assert "locked" in other.feed("config system global")
    assert typed(user, "execute config-transaction commit") == ""
    assert "alias" in other.feed(SHOW)


def test_a_transaction_is_discarded(box, user, clock):
    assert typed(user, "execute config-transaction start", *ALIAS, "execute config-transaction abort") == ""
    assert "alias" not in user.feed(SHOW)
    typed(user, "execute config-transaction start", *ALIAS)
    clock.advance(301)
    assert "alias" not in user.feed(SHOW)
    assert "no open transaction" in user.feed("execute config-transaction commit")


def reverting(user, *lines):
    assert typed(user, "config system global", "set cfg-save revert", "set cfg-revert-timeout 60", "end", *lines) == ""


def test_what_nobody_saves_is_gone_after_its_time(box, user, clock):
    reverting(user, *ALIAS)
    clock.advance(59)
    assert "alias" in user.feed(SHOW)
    clock.advance(59)
    assert "alias" in user.feed(SHOW), "whoever types is not idle"
    clock.advance(61)
    user.feed("")
    assert user.closed
    assert "alias" not in box.login().feed(SHOW)


def test_what_is_saved_stays(box, user, clock):
    reverting(user, *ALIAS)
    assert "saved" in user.feed("execute cfg save")
    clock.advance(1000)
    assert "alias" in user.feed(SHOW)
    box.restart()
    assert "alias" in box.login().feed(SHOW)


def test_a_reload_asks_first(box, user):
    reverting(user, *ALIAS)
    user.feed("execute cfg reload")
    assert user.prompt.endswith("(y/n)")
    user.feed("n")
    assert "alias" in user.feed(SHOW)
    user.feed("execute cfg reload")
    user.feed("y")
    assert user.closed
    assert "alias" not in box.login().feed(SHOW)


def test_published_parsers_read_its_tables(user):
    typed(user, "config system interface", 'edit "lan10"', "set ip 10.80.10.1/24", "next", "end",
          "config router static", "edit 1", "set gateway 10.80.10.9", 'set device "lan10"', "next", "end")
    rows = {command: parse_output(platform="fortinet", command=command, data=user.feed(command)) for command in (
        "get system status", "get system interface", "get router info routing-table all")}
    assert rows["get system status"][0]["hostname"] == "fw-1"
    assert {row["name"]: row["ip_address"] for row in rows["get system interface"]}["lan10"] == "10.80.10.1"
    assert {(row["destination"], row["interface"]) for row in rows["get router info routing-table all"]} == {
        ("0.0.0.0/0", "lan10"), ("10.80.10.0/24", "lan10")}
