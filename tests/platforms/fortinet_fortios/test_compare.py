"""Object by object: what differs, in which words, and what mends it."""

from __future__ import annotations

import pytest

from punchdown.platforms.fortinet_fortios.effects import applied
from punchdown.values import RunningConfig, RunningDocument
from tests.platforms.fortinet_fortios.conftest import ROOM

USUAL = """\
config system session-helper
    edit 4
        set name rtsp
    next
end
"""


@pytest.fixture
def compared(site, rendered):
    """Compares the rendered text, changed by a function."""
    def compare(change, text=None):
        shown = change(text or rendered.replace("    delete 13\n", "") + USUAL)
        running = RunningConfig("fw-1", "fortinet_fortios", (RunningDocument("running-config", shown),))
        found = ROOM.compare(site[1], site[2], running, {})
        again = applied(shown, (step.text for step in found.steps))
        left = ROOM.compare(site[1], site[2], RunningConfig(
            "fw-1", "fortinet_fortios", (RunningDocument("running-config", again),)), {})
        assert (left.differences, left.steps) == ((), ())
        return found
    return compare


def brief(change):
    return [(str(item.verdict), item.path[-1], item.line) for item in change.differences]


def test_nothing_to_do(compared):
    found = compared(lambda text: text)
    assert (found.differences, found.steps, found.unmanaged, found.risk) == ((), (), (), "low")


def test_a_helper_is_found_by_its_name(compared):
    more = "config system session-helper\n    edit 31\n        set name sip\n    next\nend\n"
    found = compared(lambda text: text + more)
    assert brief(found) == [("extra", "config system session-helper", "edit 31")]
    assert [step.text.strip() for step in found.steps] == ["config system session-helper", "delete 31", "end"]
    assert "SIP ALG" in found.differences[0].meaning


def test_every_account_is_held_to_the_trusted_hosts(compared):
    found = compared(lambda text: text + 'config system admin\n    edit "guest"\n        set accprofile "x"\n'
                                         "        set trusthost2 10.0.0.0/8\n    next\nend\n")
    assert brief(found) == [
        ("missing", 'edit "guest"', "set trusthost1 10.80.99.100 255.255.255.255"),
        ("extra", 'edit "guest"', "set trusthost2 10.0.0.0 255.0.0.0")]
    assert found.risk == "high"
    assert not any("accprofile" in step.text for step in found.steps)


def test_an_interface_that_answers_more(compared):
    found = compared(lambda text: text.replace("set ip 198.51.100.2 255.255.255.0",
                                               "set ip 198.51.100.2/24\n        set allowaccess https ssh"))
    assert brief(found) == [("extra", 'edit "wan0"', "set allowaccess https ssh")]
    assert found.differences[0].meaning == "the firewall itself answers https ssh in wan"
    assert found.differences[0].severity == "high"


def test_a_wider_policy_says_where_it_was_asked_for(compared, site):
    policy = next(line for line in site[2].documents[0].text.splitlines() if "records-1 to mivb-1" in line)
    assert policy
    found = compared(lambda text: text.replace('set service "PD-tcp-1752"', 'set service "ALL"'))
    assert [(verdict, line) for verdict, _, line in brief(found)] == [
        ("missing", "set service PD-tcp-1752"), ("extra", "set service ALL")]
    assert found.differences[0].source.field == "hosts.records-1.uses.0"
    assert "records-1 to mivb-1: smdr" in found.differences[0].meaning


def test_another_order_is_a_difference_and_is_mended_by_moving(compared):
    def turned(text):
        head, _, rest = text.partition("config firewall policy\n")
        first, _, rest = rest.partition("    next\n")
        second, _, rest = rest.partition("    next\n")
        return f"{head}config firewall policy\n{second}    next\n{first}    next\n{rest}"

    found = compared(turned)
    assert [str(item.verdict) for item in found.differences] == ["reordered"]
    assert [step.text.split()[0] for step in found.steps] == ["config", "move", "end"]


def test_what_is_named_goes_after_what_names_it(compared):
    more = """\
config firewall address
    edit "PD-10.0.0.0/8"
        set subnet 10.0.0.0 255.0.0.0
    next
end
config firewall vip
    edit "PD-old"
        set extip 198.51.100.10
        set mappedip "10.80.50.10"
        set extintf "any"
    next
end
config firewall policy
    edit 100001
        set srcaddr "PD-10.0.0.0/8"
        set dstaddr "PD-old"
    next
end
"""
    found = compared(lambda text: text + more)
    deleted = [step.text.strip() for step in found.steps if step.text.strip().startswith("delete")]
    assert deleted == ["delete 100001", 'delete "PD-old"', 'delete "PD-10.0.0.0/8"']


def test_a_policy_lets_go_of_a_virtual_ip_that_goes(compared):
    def other(text):
        return text.replace('"PD-mbg-1-sip-tls-tcp-5061"', '"PD-mbg-1-sip-tls-tcp-5060"')

    found = compared(other)
    texts = [step.text.strip() for step in found.steps]
    policy = next(text for text in texts if text.startswith("delete ") and text[7].isdigit())
    assert texts.index(policy) < texts.index('delete "PD-mbg-1-sip-tls-tcp-5060"') < texts.index(
        'edit "PD-mbg-1-sip-tls-tcp-5061"') < texts.index(policy.replace("delete", "edit"))


def test_what_is_not_ours_is_told_and_left(compared):
    more = """\
config firewall policy
    edit 7
        set name "theirs"
        set action accept
    next
end
config system interface
    edit "wan2"
        set ip 192.0.2.9 255.255.255.0
    next
end
"""
    found = compared(lambda text: text + more)
    assert (found.differences, found.steps) == ((), ())
    assert [item.splitlines()[1] for item in found.unmanaged] == ["edit 7", 'edit "wan2"']
