"""Namespaces and cables. Every name on the machine starts with the lab's prefix."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from punchdown.lab.real import netns
from punchdown.lab.real.commands import LabError, attempt, run
from punchdown.lab.real.outside import Wan
from punchdown.lab.real.site import LabSite, Leg

SPARE = "spare"
"""Holds the loose ends of cables: unused switch ports, PC ports of phones."""

_HOST_SETTINGS = {"ipv4/conf/all/rp_filter": "0", "ipv4/conf/default/rp_filter": "0",
                  "ipv6/conf/default/accept_dad": "0", "ipv6/conf/default/accept_ra": "0",
                  "ipv4/ping_group_range": "0 2147483647"}
# one machine with legs in segments that share a wire answers for the address of each leg only
_LEG_SETTINGS = {"ipv4/conf/all/arp_ignore": "1", "ipv4/conf/all/arp_announce": "2"}
_ROUTER_SETTINGS = {"ipv4/ip_forward": "1", "ipv6/conf/all/forwarding": "1"}


def machines(site: LabSite) -> list[str]:
    """Every machine with a namespace of its own, sorted."""
    names = {leg.machine for leg in site.legs} | set(site.appliances()) | {SPARE}
    return sorted(names | set(site.wan.hosts if site.wan else ()))


def build(site: LabSite, prefix: str) -> None:
    """Namespaces, cables, addresses and routes. Raises LabError."""
    names = machines(site)
    run(["ip", "-batch", "-"], stdin="".join(f"netns add {prefix}{name}\n" for name in names))
    for name in names:
        netns.set_sysctl(prefix + name, _settings(site, name))
    run(["ip", "-batch", "-"], stdin="".join(_cables(site, prefix)))
    for name in names:
        _address(site, prefix, name)
    netns.offloads_off(prefix + site.switch, site.ports)


def _settings(site: LabSite, name: str) -> dict[str, str]:
    settings = _HOST_SETTINGS | _LEG_SETTINGS
    if name == site.firewall:
        settings |= _ROUTER_SETTINGS
    if name == site.switch:
        settings |= {"ipv6/conf/default/disable_ipv6": "1"}
    return settings


def pc_port(phone: str) -> str:
    """The loose end of a phone's PC port; interface names hold 15 characters.

    >>> pc_port("room-101")
    'pc-room-101'
    """
    return f"pc-{phone}"[:15]


def _cables(site: LabSite, prefix: str) -> list[str]:
    switch, spare = prefix + site.switch, prefix + SPARE
    by_port = {leg.port: leg for leg in site.legs}
    lines = []
    for port in site.ports:
        leg = by_port.get(port)
        end = (f"{leg.interface} netns {prefix}{leg.machine}" + (f" address {leg.mac}" if leg.mac else "")
               if leg else f"{port} netns {spare}")
        lines.append(f"link add {end} type veth peer name {port} netns {switch}\n")
    lines += [f"link add pc0 netns {prefix}{item.name} type veth peer name {pc_port(item.name)} netns {spare}\n"
              for item in site.endpoints.values() if item.kind == "phone"]
    if site.wan:
        lines.append(f"link add wan netns {prefix}router type bridge\n")
        for name in (*site.wan.hosts, site.firewall):
            if name != "router":
                interface = "wan0" if name == site.firewall else "eth0"
                lines.append(f"link add {interface} netns {prefix}{name} type veth "
                             f"peer name to-{name[:12]} netns {prefix}router\n")
    return lines


def _address(site: LabSite, prefix: str, name: str) -> None:
    """Bring up what the machine has and give it its addresses and routes, in one call of ip."""
    lines = ["link set lo up\n"]
    if name == site.switch:
        lines += [f"link set {port} up\n" for port in site.ports]
    for leg in site.legs:
        if leg.machine == name:
            lines += leg_lines(leg)
    if name == SPARE:
        lines += [f"link set {pc_port(item.name)} down\n" for item in site.endpoints.values() if item.kind == "phone"]
    if name in site.endpoints and site.endpoints[name].kind == "phone":
        lines.append("link set pc0 up\n")
    if site.wan:
        lines += _wan_lines(site, site.wan, name)
    run(["ip", "-n", prefix + name, "-batch", "-"], stdin="".join(lines))
    interfaces = [leg.interface for leg in site.legs if leg.machine == name]
    netns.offloads_off(prefix + name, interfaces)


def leg_lines(leg: Leg) -> list[str]:
    """Lines of an ip batch that bring up one leg."""
    lines = [f"link set {leg.interface} up\n"]
    lines += [f"addr add {address} dev {leg.interface}" + (" nodad\n" if ":" in address else "\n")
              for address in leg.addresses]
    lines += [f"route replace default via {router}\n" for router in leg.routers]
    return lines


def _wan_lines(site: LabSite, wan: Wan, name: str) -> list[str]:
    """The provider's side. Its hosts know the way to the inside: what keeps them out must be the firewall."""
    outside = wan.address.partition("/")[0]
    outside6 = wan.of6(outside).partition("/")[0]
    if name == site.firewall:
        length = wan.address.partition("/")[2]
        return ["link set wan0 up\n", f"addr add {wan.address} dev wan0\n",
                f"addr add {wan.of6(wan.address)} dev wan0 nodad\n",
                *[f"addr add {address}/{length} dev wan0\n" for address in wan.public],
                f"route replace default via {wan.router}\n"]
    if name not in wan.hosts:
        return []
    device = "wan" if name == "router" else "eth0"
    lines = [f"link set {device} up\n", f"addr add {wan.hosts[name]} dev {device}\n",
             f"addr add {wan.of6(wan.hosts[name])} dev {device} nodad\n", f"route add default via {outside6}\n"]
    lines += [f"route add {segment.prefix} via {outside}\n" for segment in site.segments.values()]
    if name == "router":
        ends = [f"to-{other[:12]}" for other in (*wan.hosts, site.firewall) if other != "router"]
        lines += [f"link set {end} master wan up\n" for end in ends]
    return lines


def tear_down(prefix: str) -> None:
    """End every process in the lab's namespaces and remove them; harmless when there is nothing."""
    if not prefix:
        raise LabError("a lab without a prefix of its own can't be told from other namespaces")
    names = netns.existing(prefix)
    for _ in range(50):
        processes = {pid for name in names for pid in _processes(name)}
        if not processes:
            break
        _kill(processes)
        time.sleep(0.02)
    for name in names:
        attempt(["ip", "netns", "del", name])


def await_quiet(namespace: str) -> None:
    """Wait until no process is left in a namespace. Raises LabError when one stays."""
    for _ in range(250):
        if not _processes(namespace):
            return
        time.sleep(0.02)
    raise LabError(f"processes in {namespace} do not end")


def _processes(namespace: str) -> list[int]:
    return [int(pid) for pid in attempt(["ip", "netns", "pids", namespace]).stdout.split()]


def _kill(processes: Iterable[int]) -> None:
    for pid in processes:
        if pid != os.getpid():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def process_alive(pid_file: Path) -> bool:
    """Whether the process that left this file runs."""
    try:
        return Path("/proc", pid_file.read_text(encoding="ascii").strip()).is_dir()
    except OSError:
        return False
