"""What each real appliance is made of: files of its first start and the shell text of every start."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punchdown.lab.real.pki import HostKey, RadiusCertificates
from punchdown.lab.real.site import LabSite

PROGRAM = Path(__file__).resolve().parents[3]
"""The folder that holds the package."""

_SSHD = """Include /etc/ssh/sshd_config.d/*.conf
ListenAddress {address}
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/authorized_keys/%u
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PidFile /run/sshd.pid
Subsystem sftp /usr/lib/openssh/sftp-server
"""

_COMMON_BOOT = """mkdir -p /run/sshd /run/lock
[ -n "$RESTART" ] || [ ! -x /var/lib/punchdown/boot ] || /var/lib/punchdown/boot
for job in /etc/punchdown/boot.d/*; do [ -x "$job" ] && "$job"; done
/usr/sbin/sshd
"""

# the database is made once; a switch out of the box forwards everything to everyone
_OVS_BOOT = """mkdir -p /run/openvswitch
db=/var/lib/openvswitch/conf.db
[ -e $db ] || {{ new=1; ovsdb-tool create $db /usr/share/openvswitch/vswitch.ovsschema; }}
mkdir -p /etc/openvswitch; [ -e /etc/openvswitch/conf.db ] || ln -sf $db /etc/openvswitch/conf.db
ovsdb-server $db --remote=punix:/run/openvswitch/db.sock --pidfile --log-file --detach --no-chdir \\
  -vconsole:off || exit 1
ovs-vsctl --no-wait init
ovs-vswitchd --pidfile --log-file --detach --no-chdir -vconsole:off || exit 1
[ -z "$new" ] || ovs-vsctl -- add-br br0 -- set bridge br0 datapath_type=netdev fail_mode=standalone {ports} || exit 1
echo 0 > /proc/sys/net/ipv6/conf/mgmt/disable_ipv6
ip link set mgmt up; ip link set br0 up
ip addr replace {address} dev mgmt; ip -6 addr replace {address6} dev mgmt nodad
ip route replace default via {router} dev mgmt; ip -6 route replace default via {router6} dev mgmt
"""

_SWITCH_AGENTS = """mkdir -p /run/lldpd /run/punchdown/dot1x
command -v lldpd >/dev/null && lldpd -M 4 -I '{pattern}' -S 'Open vSwitch'
PYTHONPATH={program} PYTHONDONTWRITEBYTECODE=1 setsid {python} -m punchdown.lab.real.authenticator \\
  </dev/null >>/var/log/dot1x.log 2>&1 & echo $! > /run/punchdown/dot1x/agent.pid
"""

_NFT_BOOT = "nft flush ruleset\n[ ! -e /etc/nftables.conf ] || nft -f /etc/nftables.conf || true\n"

_RADIUS_BOOT = """mkdir -p /run/freeradius; chown freerad: /run/freeradius /var/log/freeradius
freeradius || echo 'freeradius did not start'
"""

# out of the box it serves nothing and is not running
_KEA_BOOT = """mkdir -p /run/kea /run/lock/kea
if grep -q interfaces-config /etc/kea/kea-dhcp4.conf; then
  setsid kea-dhcp4 -c /etc/kea/kea-dhcp4.conf </dev/null >>/var/log/kea/kea-dhcp4.log 2>&1 &
  for i in $(seq 100); do [ -S /run/kea/kea4-ctrl-socket ] && break; sleep 0.02; done
fi
"""

_KEA_EMPTY = '{"Dhcp4": {}}\n'

STOP = """for file in /run/*.pid /run/*/*.pid /run/*/*/*.pid; do
  [ -e "$file" ] || continue
  pid=$(cat "$file"); kill "$pid" 2>/dev/null
  for i in $(seq 100); do [ -d "/proc/$pid" ] || break; sleep 0.02; done
  kill -9 "$pid" 2>/dev/null; rm -f "$file"
done
"""
"""Ends every daemon that left its process number below /run; rollback timers and sessions go on."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the lab made for this run. ``authorized`` is the operator's public key line."""

    authorized: str
    hosts: dict[str, HostKey]
    radius: RadiusCertificates


def specification(site: LabSite, device: str, keys: Keys, disk: Path, pid_file: Path) -> dict[str, Any]:
    """What ``appliance_init`` reads."""
    keep = sorted({str(PROGRAM), sys.prefix, sys.base_prefix})
    return {"name": device, "disk": str(disk), "pid_file": str(pid_file), "keep": keep,
            "files": _files(site, device, keys), "boot": boot_script(site, device)}


def boot_script(site: LabSite, device: str) -> str:
    """The shell text of every start, as the machine's own service manager would do it.

    With ``RESTART`` set it starts the daemons only: what belongs to a boot of the whole machine is left out.
    """
    platform, management = site.devices[device]
    if platform == "openvswitch":
        return _ovs_boot(site, management) + _COMMON_BOOT + _switch_agents(site)
    before = {"linux_nftables": _NFT_BOOT}.get(platform, "")
    after = {"freeradius": _RADIUS_BOOT, "kea": _KEA_BOOT}.get(platform, "")
    return before + _COMMON_BOOT + after


def _ovs_boot(site: LabSite, management: str) -> str:
    segment = site.segment_of(management)
    rows = [f"-- add-port br0 {port} -- set interface {port} ofport_request={number}"
            for number, port in enumerate(site.ports, start=1)]
    rows.append("-- add-port br0 mgmt -- set interface mgmt type=internal ofport_request=1000")
    return _OVS_BOOT.format(ports=" ".join(rows), address=segment.cidr(management), address6=segment.cidr6(management),
                            router=segment.router, router6=segment.cidr6(segment.router).partition("/")[0])


def _switch_agents(site: LabSite) -> str:
    return _SWITCH_AGENTS.format(pattern=",".join(site.ports), program=PROGRAM, python=sys.executable)


def _files(site: LabSite, device: str, keys: Keys) -> list[dict[str, str]]:
    platform, management = site.devices[device]
    key = keys.hosts[device]
    files = [
        _file("/etc/hostname", f"{device}\n"),
        # daemons look up their own name: it must not wait for a name server of the machine outside
        _file("/etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {device}\n::1 localhost\n"),
        _file("/etc/resolv.conf", ""),
        _file("/etc/ssh/sshd_config", _SSHD.format(address=management)),
        _file("/etc/ssh/ssh_host_ed25519_key", key.private, "600"),
        _file("/etc/ssh/ssh_host_ed25519_key.pub", f"{key.public}\n"),
        _file("/etc/ssh/authorized_keys/root", f"{keys.authorized}\n"),
    ]
    if platform == "freeradius":
        folder = "/etc/freeradius/3.0/certs/punchdown"
        files += [_file(f"{folder}/ca.pem", keys.radius.authority, "640", "freerad"),
                  _file(f"{folder}/server.pem", keys.radius.server, "640", "freerad"),
                  _file(f"{folder}/server.key", keys.radius.server_key, "640", "freerad")]
    if platform == "linux_nftables":
        files.append(_file("/etc/nftables.conf", "#!/usr/sbin/nft -f\nflush ruleset\n"))
    if platform == "kea":
        files.append(_file("/etc/kea/kea-dhcp4.conf", _KEA_EMPTY))
    return files


def _file(path: str, text: str, mode: str = "644", owner: str = "root") -> dict[str, str]:
    return {"path": path, "text": text, "mode": mode, "owner": owner}
