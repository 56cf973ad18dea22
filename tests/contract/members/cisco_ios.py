"""Catalyst switches with IOS-XE."""

from tests.contract.member import Member
from tests.proof.edits import CISCO_IOS, exchanging

MEMBER = Member(
    "cisco_ios", "running-config", edits=CISCO_IOS,
    prepared=lambda intent: {"style": "new-style" if intent.authentication == "ibns2" else ""},
    says=r"^% (?:Access|Voice) VLAN does not exist|^Enter TEXT|^%Warning: portfast should only|^%Portfast has been"
         r"|^ host\. Connecting|^ interface +when portfast|^ Use with CAUTION|^ have effect when",
    alike=((r"^interface GigabitEthernet(?=\d)", "interface Gi"),
           (r"(?<=allowed vlan )(\d+),(\d+),(?=\d)", r"\1,\2\n switchport trunk allowed vlan add "),
           (r"(?<=set dscp )ef", "46"),
           (r"(?<= dscp )cs3", "24"),
           (r"(?<= )host (\d+\.\d+\.\d+\.\d+)(?= eq)", r"\1 0.0.0.0"),
           (r"(?<=eq )ntp", "123"),
           (r"(?<=eq )domain", "53"),
           (r"(?<=level )(\d+)\.00", r"\1"),
           (r"spanning-tree portfast$", "spanning-tree portfast edge"),
           (r"^ (\d+)0 (?=permit|deny)", r" \g<1>5 ")),
    order=exchanging(r"^ (?:sequence )?\d+ (?P<rest>(?:permit|deny) .+)", r"^(?:ip|ipv6) access-list .+"),
    inert=r"switchport trunk allowed vlan |banner login|\^C",  # of another mode of a port; of a banner, told whole
    foreign=("vlan 777", "name theirs", "interface Loopback7", "description theirs",
             "snmp-server location the cellar", "ip access-list extended theirs", "permit tcp any any eq 7777"),
    foreign_shown=(" name theirs", " description theirs", "snmp-server location the cellar",
                   " 10 permit tcp any any eq 7777"),
)
