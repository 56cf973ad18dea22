"""Cisco ASA firewalls, with the interfaces that their engineer named."""

from collections.abc import Mapping
from ipaddress import ip_interface
from typing import Any

from punchdown.intent import DeviceIntent
from tests.contract.features import VPN
from tests.contract.member import Member
from tests.proof.edits import CISCO_ASA


def prepared(intent: DeviceIntent) -> Mapping[str, Any]:
    """A leg for every VLAN that a random site may have: those of the intent with their addresses, the others shut."""
    declared = {leg.name: leg.address for leg in intent.firewall.interfaces} if intent.firewall else {}
    names = [f"lan{vlan}" for vlan in range(2, 255)]
    return {"legs": tuple((name, declared.get(name, "")) for name in (*names, "wan0")), "router": "198.51.100.1",
            "management": str(ip_interface(intent.management.address).ip)}


MEMBER = Member(
    "cisco_asa", "running-config", prepared=prepared, edits=CISCO_ASA, order=CISCO_ASA["swap"],
    says=r"^WARNING: The crypto map entry is incomplete",
    alike=((r"(?<=eq )https", "443"),
           (r"(?<=eq )domain", "53"),
           (r"(?<=range )6801", "06801"),
           (r"^(access-list .*?)host (\d+\.\d+\.\d+\.\d+)", r"\1\2 255.255.255.255"),
           (r"(?<= )any4(?= )", "0.0.0.0 0.0.0.0"),
           (r" log ?$", " log informational interval 300"),
           (r"extended permit tcp", "extended permit 6"),
           (r"^(access-list \S+) extended", r"\1 line 1 extended"),
           (r"match dscp ef", "match dscp 46")),
    golden=VPN,
    foreign=("object network theirs", "host 192.0.2.77", "access-list theirs extended permit tcp any any eq 7777",
             "snmp-server location the cellar", "access-list PD-theirs remark theirs", "username theirs privilege 1",
             "nat (any,any) source static theirs theirs"),
    foreign_shown=(" host 192.0.2.77", "access-list theirs extended permit tcp any any eq 7777",
                   "snmp-server location the cellar", "nat (any,any) source static theirs theirs"),
)
