"""What an appliance holds as from the factory, and with the VLAN interfaces that its engineer made."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.lab.emulated.spec import ApplianceSpec

_DAYS = "sunday monday tuesday wednesday thursday friday saturday"
_HELPERS = (("pptp", 6, 1723), ("h323", 6, 1720), ("ras", 17, 1719), ("tns", 6, 1521), ("tftp", 17, 69),
            ("rtsp", 6, 554), ("rtsp", 6, 7070), ("rtsp", 6, 8554), ("ftp", 6, 21), ("mms", 6, 1863),
            ("pmap", 6, 111), ("pmap", 17, 111), ("sip", 17, 5060), ("dns-udp", 17, 53), ("rsh", 6, 514),
            ("rsh", 6, 512), ("dcerpc", 6, 135), ("dcerpc", 17, 135), ("mgcp", 17, 2427), ("mgcp", 17, 2727))
_SERVICES = ('ALL" "protocol IP', 'ALL_TCP" "tcp-portrange 1-65535', 'ALL_UDP" "udp-portrange 1-65535',
             'ALL_ICMP" "protocol ICMP', 'ALL_ICMP6" "protocol ICMP6', 'HTTP" "tcp-portrange 80',
             'HTTPS" "tcp-portrange 443', 'SSH" "tcp-portrange 22', 'DNS" "tcp-portrange 53|udp-portrange 53',
             'SIP" "tcp-portrange 5060|udp-portrange 5060', 'PING" "protocol ICMP|icmptype 8')


def _entry(name: str, *lines: str) -> str:
    return "".join((f"    edit {name}\n", *(f"        set {line}\n" for line in lines), "    next\n"))


def _table(path: str, *entries: str) -> str:
    return f"config {path}\n{''.join(entries)}end\n"


def prepared(vlans: Iterable[int]) -> str:
    """The VLAN interfaces ``lan<number>`` on the first port, and ``wan0`` as another; to stand behind the factory's."""
    return _table("system interface",
                  *(_entry(f'"lan{vlan}"', 'vdom "root"', 'interface "port1"', f"vlanid {vlan}") for vlan in vlans),
                  _entry('"wan0"', 'vdom "root"', "type physical", "role wan"))


def factory(spec: ApplianceSpec) -> str:
    """As from the factory, with the user's account."""
    ports = (_entry(f'"port{number}"', 'vdom "root"', "type physical")
             for number in range(1, min(spec.ports, 16) + 1))
    services = [text.partition('" "') for text in _SERVICES]
    return "".join((
        _table("system global", f'    set hostname "{spec.hostname}"\n'),
        _table("system accprofile", _entry('"super_admin"', "sysgrp read-write", "fwgrp read-write"),
               _entry('"prof_admin"', "fwgrp read-write")),
        _table("system interface", *ports),
        _table("system admin", *(_entry(f'"{name}"', 'accprofile "super_admin"', 'vdom "root"',
                                        "password ENC SH2factory")
                                 for name in dict.fromkeys(("admin", spec.username)))),
        _table("system session-helper", *(_entry(str(number), f"name {name}", f"protocol {protocol}", f"port {port}")
                                          for number, (name, protocol, port) in enumerate(_HELPERS, 1))),
        _table("firewall address", _entry('"none"', "subnet 0.0.0.0 255.255.255.255"), _entry('"all"')),
        _table("firewall address6", _entry('"none"', "ip6 ::/128"), _entry('"all"')),
        _table("firewall service category", _entry('"General"')),
        _table("firewall service custom", *(_entry(f'"{name}"', 'category "General"', *lines.split("|"))
                                            for name, _, lines in services)),
        _table("firewall schedule recurring", _entry('"always"', f"day {_DAYS}"), _entry('"none"'))))


def startup_config(spec: ApplianceSpec) -> str:
    """The factory's configuration, then the given one; with a management address and without one, as an engineer
    leaves the box: VLAN interfaces up to 254 and that of the management, which alone is reachable."""
    if spec.startup or not spec.management:
        return factory(spec) + spec.startup
    here = f"lan{spec.management_vlan}"
    reachable = _table("system interface", _entry(
        f'"{here}"', f"ip {spec.management}/{spec.management_length}", "allowaccess ping ssh"))
    return factory(spec) + prepared(sorted({*range(2, 255), spec.management_vlan} - {0, 1})) + reachable
