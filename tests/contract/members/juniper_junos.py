"""EX switches with Junos."""

from tests.contract.features import MACS
from tests.contract.member import Member
from tests.proof.edits import JUNIPER_JUNOS, exchanging_terms

MEMBER = Member(
    "juniper_junos", "configuration", box={"ports": 0}, edits=JUNIPER_JUNOS,
    order=exchanging_terms,
    golden={"protection": {"source_guard": True}, "hosts": MACS,
            "management": {"snmp": {"managers": ["admin-1"], "roles": ["core-switch"]},
                           "aaa": {"method": "tacacs", "servers": ["radius-1"], "roles": ["core-switch"]}}},
    says=r"^\[edit|^# commit confirmed|^warning: statement not found|^commit complete",
    alike=((r"(?<=-port )22$", "ssh"),
           (r"(?<=-port )123$", "ntp"),
           (r"(?<= from dscp )46$", "ef"),
           (r"(?<=code-points )101110$", "ef"),
           (r"(?<=protocol )tcp$", "6"),
           (r"(?<=icmp-type )echo-request$", "8"),
           (r"^(set protocols rstp interface ge-\S+)(?= edge)", r"\1.0"),
           (r"^(set switch-options voip interface ge-\S+)\.0", r"\1"),
           (r"(?<=ip-source-address)(.*)/32$", r"\1"),
           (r"(?<=filter PD-)(\S+) term T(\d+)", r"\1 term other-\2"),
           (r'(?<= description )"?([\w-]+)"?$', r'"\1"')),
    foreign=("set vlans theirs vlan-id 777", "set snmp location cellar", "set interfaces xe-0/2/3 description theirs",
             "set firewall family ethernet-switching filter theirs term all then accept", "commit"),
    foreign_shown=("set vlans theirs vlan-id 777", "set snmp location cellar",
                   "set interfaces xe-0/2/3 description theirs",
                   "set firewall family ethernet-switching filter theirs term all then accept"),
)
