"""What is changed by hand is named, repaired and gone; what changes no meaning is not named."""

from __future__ import annotations

import itertools

import pytest

from tests.road.conftest import Road

pytestmark = pytest.mark.lab

ACL = "ip access-list extended PD-from-mivb-2"


def named(finding: dict[str, object]) -> str:
    return " ".join(str(finding[key]) for key in ("title", "line", "expected", "meaning"))


def test_drift_a_flow_that_opens_smdr_to_a_pc(applied: Road) -> None:
    applied.on("sw-core-1", "ovs-ofctl", "add-flow", "br0",
            "table=32,priority=40000,tcp,nw_src=10.20.32.7,nw_dst=10.20.10.10,tp_dst=1752,actions=resubmit(,40)")
    (finding,) = applied.drift_of("sw-core-1")
    assert "tp_dst=1752" in finding["line"]
    assert "1752" in finding["meaning"]
    assert "acl-smdr" in finding["controls"]
    applied.repair("sw-core-1")


def test_drift_an_inserted_nft_rule(applied: Road) -> None:
    applied.on("fw-1", "nft", "insert", "rule", "inet", "punchdown", "from_inside", "ip", "saddr", "10.20.32.7",
               "accept")
    (finding,) = applied.drift_of("fw-1")
    assert "10.20.32.7" in finding["line"]
    assert "10.20.32.7" in finding["meaning"]
    applied.repair("fw-1")


def test_drift_a_deleted_radius_client(applied: Road) -> None:
    path = "/etc/freeradius/3.0/clients.conf"
    applied.on("radius-1", "sed", "-i", "/^client sw-core-1/,/^}/d", path)
    findings = applied.drift_of("radius-1")
    assert any("sw-core-1" in item["title"] + item["line"] + item["meaning"] for item in findings)
    applied.repair("radius-1")


def test_drift_port_access_control_taken_off(applied: Road) -> None:
    applied.type_on_switch("interface GigabitEthernet1/0/7", "no authentication port-control")
    findings = applied.drift_of("sw-acc-1")
    assert any("GigabitEthernet1/0/7" in item["title"] + item["meaning"] for item in findings)
    assert any("802.1X" in item["meaning"] for item in findings)
    applied.repair("sw-acc-1")


def entries(road: Road) -> list[tuple[int, str]]:
    """The access list before the PBX of the emulated switch: number and text of each entry."""
    _, _, rest = road.switch_runs().partition(f"{ACL}\n")
    block = itertools.takewhile(lambda line: line.startswith(" "), rest.splitlines())
    found = [line.split(maxsplit=1) for line in block]
    return [(int(number), text) for number, text in found]


def test_drift_two_lines_of_an_access_list_swapped(applied: Road) -> None:
    """The last permission behind the denial of everything: the PBX's log lines get lost."""
    (first, permission), (last, denial) = entries(applied)[-2:]
    assert (permission.split()[0], denial) == ("permit", "deny ip any any log")
    applied.type_on_switch(ACL, f"no {first}", f"no {last}", f"{first} {denial}", f"{last} {permission}")
    assert [text for _, text in entries(applied)[-2:]] == [denial, permission]
    findings = [item for item in applied.drift_of("sw-acc-1") if item["kind"] == "drift"]
    assert findings
    for finding in findings:
        assert "PD-from-mivb-2" in named(finding), finding
        assert permission in named(finding) or denial in named(finding)
        assert "the first line that matches decides" in finding["meaning"]
        assert finding["controls"]
        assert finding["position"]
    applied.repair("sw-acc-1")


def respell_flow(road: Road) -> None:
    """Take the flow of the call records away and add it again in other words."""
    dump = road.on("sw-core-1", "ovs-ofctl", "-O", "OpenFlow14", "--no-stats", "dump-flows", "br0", "table=32")
    (flow,) = [line.strip() for line in dump.splitlines() if "nw_src=10.20.40.15" in line and "tp_dst=1752" in line]
    match, _, actions = flow.partition(" actions=")
    road.on("sw-core-1", "ovs-ofctl", "-O", "OpenFlow14", "--strict", "del-flows", "br0",
            match.partition(", ")[2].strip())
    assert road.run("drift", "-d", "sw-core-1").returncode == 2
    spelled = match.replace("tcp,", "dl_type=0x0800,nw_proto=6,").replace("tp_dst=1752", "tp_dst=0x6d8")
    road.on("sw-core-1", "ovs-ofctl", "-O", "OpenFlow14", "add-flow", "br0", f"{spelled},actions={actions}")


def test_what_changes_no_meaning_is_no_drift(applied: Road) -> None:
    """Equal spellings, order of independent blocks, counters, handles, comments: on every platform by hand."""
    number, entry = next(item for item in entries(applied) if item[1].endswith("eq ntp"))
    respelled = entry.replace("eq ntp", "eq 123").replace("host 10.20.99.5", "10.20.99.5 0.0.0.0")
    applied.type_on_switch(ACL, f"no {number}", f"{number} {respelled}", "no ip access-list extended PD-mark-video",
                           "ip access-list extended PD-mark-video", "permit ip 10.20.20.0 0.0.0.255 any dscp 34")
    before = applied.on("fw-1", "nft", "-a", "list", "table", "inet", "punchdown")
    applied.on("fw-1", "sh", "-c", "nft -s list table inet punchdown | sed -e 's/ comment \"[^\"]*\"$//' "
               "-e 's/tcp dport 22 accept/tcp dport ssh counter accept/' -e 's/priority filter/priority 0/' > /run/t "
               "&& { echo 'delete table inet punchdown'; cat /run/t; } | nft -f -")
    after = applied.on("fw-1", "nft", "-a", "list", "table", "inet", "punchdown")
    assert "counter packets" in after
    assert "comment" not in after
    assert before != after
    respell_flow(applied)
    clients = "/etc/freeradius/3.0/clients.conf"
    applied.on("radius-1", "sh", "-c", f"cp -a {clients} /run/was && sed -i '1i # looked at by hand' {clients}")
    done = applied.run("drift")
    applied.on("radius-1", "cp", "-a", "/run/was", clients)  # older than the server again
    assert done.returncode == 0, done.stdout[-3000:]
