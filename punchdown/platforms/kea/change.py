"""The safe change: Kea's own check on the staged file, rename, reload over the control socket, or back."""

from __future__ import annotations

from punchdown.platforms.kea.capabilities import CONFIG, SOCKET
from punchdown.platforms.linux import LinuxChange, Store, files_store, slug
from punchdown.platforms.linux.management import STORES

# in the appliance's volatile /run: absent after a restart, when the daemon is not ours to start
_LIVE = "/run/punchdown.kea"

_KEA = f"""ask() {{ printf '{{"command":"%s"}}' "$1" | timeout 20 socat -t 15 - UNIX-CONNECT:{SOCKET} 2>/dev/null; }}
running() {{ ask status-get | grep -q '"result": 0'; }}
load() {{
  mkdir -p /run/kea /var/lib/kea
  if running; then
    answer=$(ask config-reload)
    case "$answer" in *'"result": 0'*) running ;; *) echo "$answer"; return 1 ;; esac
    return
  fi
  if [ -d /run/systemd/system ]; then systemctl restart kea-dhcp4-server || return 1
  else
    mkdir -p /run/lock/kea
    setsid kea-dhcp4 -c {CONFIG} </dev/null >/run/kea/start.log 2>&1 &
  fi
  tries=0
  until running; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || {{ echo 'kea-dhcp4 does not start'; grep ERROR /run/kea/start.log; return 1; }}
    sleep 0.1
  done
}}
"""

_CHECK = f"""out=$(kea-dhcp4 -t "$NEW/{slug(CONFIG)}" 2>&1) && exit 0
echo "$out" | grep -v ' INFO ' >&2
exit 1"""

_RESTORE = f"""[ -e {_LIVE} ] || exit 0
if [ -e "$OLD/was-running" ]; then load
elif [ -d /run/systemd/system ]; then systemctl stop kea-dhcp4-server
elif running; then ask shutdown >/dev/null; fi"""

_file = files_store("DHCP server", (CONFIG,))

DHCP = Store(
    name="DHCP server",
    documents=(CONFIG,),
    snapshot=f'{_KEA}{_file.snapshot}\nrm -f "$OLD/was-running"\n'
             f'if running; then : > "$OLD/was-running"; fi\n: > {_LIVE}',
    check=_CHECK,
    activate=f"{_KEA}{_file.activate} && load",
    restore=f"{_KEA}{{ {_file.restore}\n}} || exit 1\n{_RESTORE}",
)


def dhcp_change() -> LinuxChange:
    """A fresh state machine."""
    return LinuxChange((DHCP, *STORES))
