"""FortiGate firewalls, with the VLAN interfaces that their engineer made."""

from punchdown.lab.emulated.fortinet_fortios import prepared
from tests.contract.member import Member

MEMBER = Member(
    "fortinet_fortios", "running-config", box={"startup": prepared(range(2, 255))}, says=r"^new entry '",
    alike=((r"(?<=set subnet )(\d+\.\d+\.\d+\.\d+) 255\.255\.255\.0", r"\1/24"),
           (r"(?<=set subnet )(\d+\.\d+\.\d+\.\d+) 255\.255\.255\.255", r"\1/32"),
           (r"(?<=portrange )(\d+)$", r"\1-\1"),
           (r"(?<=set allowaccess )ping ssh", "ssh ping"),
           (r'(?<=set member )("\S+") ("\S+")$', r"\2 \1")),
    foreign=("config firewall address", 'edit "theirs"', "set subnet 192.168.7.0/24", "next", "end",
             "config firewall policy", "edit 7", 'set name "theirs"', 'set srcintf "lan2"', 'set dstintf "lan3"',
             'set srcaddr "theirs"', 'set dstaddr "all"', 'set schedule "always"', 'set service "HTTPS"',
             "set action accept", "next", "end"),
    foreign_shown=('    edit "theirs"', '        set name "theirs"', '        set srcaddr "theirs"'),
)
