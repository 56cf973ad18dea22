"""The safe change: checked on a staged copy of the tree, swapped, restarted, health-checked, or put back."""

from __future__ import annotations

from punchdown.errors import SecretError
from punchdown.platforms.contract import Resolver, Writer
from punchdown.platforms.freeradius.capabilities import FILES, LINKS, ROOT
from punchdown.platforms.linux import LinuxChange, Store, files_store, slug
from punchdown.platforms.linux.management import STORES
from punchdown.secrets import REFERENCE
from punchdown.values import Change

# in the appliance's volatile /run: absent after a restart, when the daemon is not ours to start
_LIVE = "/run/punchdown.freeradius"

_LINK = f"""link() {{
  [ -e "$NEW/{slug(LINKS)}" ] || return 0
  for found in "$1"/sites-enabled/*; do
    [ -e "$found" ] || [ -L "$found" ] || continue
    grep -qxF "sites-enabled/${{found##*/}}" "$NEW/{slug(LINKS)}" || rm -f "$found" || return 1
  done
  while read -r name; do
    [ -n "$name" ] || continue
    rm -f "$1/$name"
    ln -s "../${{name%%-*}}-available/${{name#*/}}" "$1/$name" || return 1
  done < "$NEW/{slug(LINKS)}"
}}
"""

# SIGHUP does not take over clients, listeners or certificates, so the server always restarts; a process that ended and
# was not collected yet has no exe
_RESTART = """alive() { [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = freeradius ] && [ -e "/proc/$pid/exe" ]; }
running() {
  pid=$(cat /run/freeradius/freeradius.pid 2>/dev/null) && [ -n "$pid" ] && alive
}
restart() {
  if [ -d /run/systemd/system ]; then systemctl restart freeradius || return 1
  else
    stop
    mkdir -p /run/freeradius && chown freerad:freerad /run/freeradius
    freeradius -d ROOT </dev/null >/dev/null 2>&1 || { echo 'freeradius does not start'; return 1; }
  fi
  tries=0
  until running && grep -qi ':0714 ' /proc/net/udp /proc/net/udp6; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { echo 'freeradius does not listen on UDP 1812'; return 1; }
    sleep 0.1
  done
  sleep 0.3
  running || { echo 'freeradius ended right after its start'; return 1; }
}
stop() {
  running || return 0
  kill "$pid"
  tries=0
  while alive; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { kill -9 "$pid"; break; }
    sleep 0.1
  done
}
""".replace("ROOT", ROOT)

_STAGED = "".join(
    f'if [ -e "$NEW/{slug(path)}" ]; then install -m 0640 -o freerad -g freerad "$NEW/{slug(path)}" '
    f'"$copy{path.removeprefix(ROOT)}" || exit 1; fi\n' for path in FILES)

# the copy lies beside the tree: the check drops its privileges and could not read the transaction directory
_CHECK = f"""{_LINK}
copy={ROOT}.punchdown
trap 'rm -rf "$copy" xc.log' EXIT
rm -rf "$copy"
cp -a {ROOT} "$copy" || exit 1
{_STAGED}link "$copy" || exit 1
freeradius -d "$copy" -XC > xc.log 2>&1 && exit 0
grep -E 'rror|Unknown|Failed|duplicate|Invalid|Unable' xc.log | tail -n 8 >&2
exit 1"""

_SNAPSHOT = f"""rm -rf "$OLD/links"
mkdir -p "$OLD/links"
for folder in mods-enabled sites-enabled; do cp -a {ROOT}/$folder "$OLD/links/" || exit 1; done
rm -f "$OLD/was-running"
if running; then : > "$OLD/was-running"; fi
: > {_LIVE}"""

_RESTORE = f"""for folder in mods-enabled sites-enabled; do
  if [ -d "$OLD/links/$folder" ]; then rm -rf {ROOT}/$folder && cp -a "$OLD/links/$folder" {ROOT}/ || exit 1; fi
done
[ -e {_LIVE} ] || exit 0
if [ -e "$OLD/was-running" ]; then restart
elif [ ! -d /run/systemd/system ]; then stop
else systemctl stop freeradius; fi"""

_files = files_store("RADIUS server", tuple(FILES), mode="0640", owner="freerad:freerad")

RADIUS = Store(
    name="RADIUS server",
    documents=(*FILES, LINKS),
    snapshot=f"{_RESTART}\n{_files.snapshot}\n{_SNAPSHOT}",
    check=_CHECK,
    activate=f"{_LINK}{_RESTART}\n{_files.activate} && link {ROOT} && restart",
    restore=f"{_RESTART}\n{{ {_files.restore}\n}} || exit 1\n{_RESTORE}",
)


class RadiusChange(LinuxChange):
    """As on every Linux appliance, and secrets that could leave their quotes are refused before they are sent."""

    def __init__(self) -> None:
        super().__init__((RADIUS, *STORES))

    def stage(self, writer: Writer, change: Change, resolve: Resolver) -> None:
        """Raises SecretError for a secret that single quotes can't hold."""
        for text in change.payload.values():
            for name in REFERENCE.findall(text):
                _fits(name, resolve(f"<secret:{name}>"))
        super().stage(writer, change, resolve)


def _fits(name: str, secret: str) -> None:
    if not secret or not secret.isprintable() or set(secret) & {"'", "\\"}:
        raise SecretError(f"secret {name} is empty or holds a quote, a backslash or a control character: "
                          "FreeRADIUS's files can't carry it")
