"""The safe change of a switch: stores in the order in which they take effect.

Meters and flows come first: a flow can only name a meter that is there, so meters are made before and deleted after.
The bundle of flows is one transaction, and a bridge whose flows already deny what the new configuration
denies can be given its new VLANs. Source: fact sheet "Safe push, save, abort" and "Cookies and removal".
"""

from __future__ import annotations

from punchdown.platforms.linux import LinuxChange, Store, file_store, files_store, management, slug
from punchdown.platforms.openvswitch.documents import (
    AUTHENTICATOR,
    BOOT_FLOWS,
    BOOT_JOB,
    BOOT_METERS,
    DATABASE,
    FLOWS,
    LLDP,
    METERS,
)
from punchdown.platforms.openvswitch.tables import (
    ADMISSION,
    BRIDGE,
    FROM_HOST,
    MANAGEMENT_PORT,
    SESSION_COOKIE,
    TO_HOST,
    VLAN,
)

OFCTL = "ovs-ofctl -O OpenFlow14"
_PLACEHOLDER_PORT = 65000

_SESSION_SHAPE = (rf"^ ?cookie={SESSION_COOKIE:#x},( table={ADMISSION},)? priority=300,in_port=[0-9]+,"
                  rf"(dl_vlan=[0-9]+|vlan_tci=0x0000/0x1fff),dl_src=[0-9a-f:]{{17}} actions=resubmit\(,{VLAN}\)$")


def _others() -> str:
    """Deletions that together match every cookie except that of the 802.1X sessions: one per bit that differs.

    A cookie match has a mask but no negation. Sessions are never touched, so none is lost between reading and writing.
    """
    return "\n".join(f"delete cookie={(SESSION_COOKIE ^ bit) & bit:#x}/{bit:#x}"
                     for bit in (1 << number for number in range(64)))


# flows under the sessions' cookie that are no sessions are deleted one by one, exactly
_LOAD = rf"""dump() {{ {OFCTL} --no-stats --no-names dump-flows {BRIDGE} "$@"; }}
filters() {{ {{ dump table={FROM_HOST}; dump table={TO_HOST}; }} | grep cookie= | sort; }}
load() {{
  filters > filters-before || return 1
  cat > load.flows <<'END'
{_others()}
END
  dump "cookie={SESSION_COOKIE:#x}/-1" | grep cookie= | grep -Ev '{_SESSION_SHAPE}' |
    sed -E 's/ actions=.*//; s/^ *cookie=[^,]*, */delete_strict /; s/(idle|hard)_timeout=[0-9]+, ?//g' >> load.flows
  cat "$1" >> load.flows
  {OFCTL} --bundle add-flows {BRIDGE} load.flows 2> load.log || {{ cat load.log >&2; return 1; }}
  if grep 'normalization changed' load.log >&2; then return 1; fi
  filters > filters-after || return 1
  if comm -23 filters-before filters-after | grep -q .; then ovs-appctl dpctl/flush-conntrack; fi
}}
"""

# one line per meter in the words of add-meter; a bridge has no transaction for meters
_METERS = rf"""meters() {{
  {OFCTL} dump-meters {BRIDGE} | grep -v '^OFPST' | tr -s ' \n' ' ' |
    sed -E 's/ *(meter=)/\n\1/g; s/ bands= / band=/g' | sed -E '/^ *$/d; s/ +$//; s/ /,/g'
}}
set_meters() {{
  meters > meters.now || return 1
  grep -vxFf meters.now "$1" > meters.set
  while IFS= read -r meter; do
    {OFCTL} add-meter {BRIDGE} "$meter" 2>/dev/null || {OFCTL} mod-meter {BRIDGE} "$meter" || return 1
  done < meters.set
}}
drop_meters() {{
  meters | cut -d, -f1 | while read -r id; do
    grep -q "^$id," "$1" || {OFCTL} del-meter {BRIDGE} "$id" || return 1
  done
}}
"""

# names of ports are known to the running switch only
_CHECK_FLOWS = f"""sed 's/in_port={MANAGEMENT_PORT}/in_port={_PLACEHOLDER_PORT}/' "$NEW/{slug(FLOWS)}" > check.flows
{OFCTL} parse-flows check.flows > check.out 2> check.log || {{ cat check.log >&2; exit 1; }}
if grep 'normalization changed' check.log >&2; then exit 1; fi"""

_TOUCH_SESSIONS = f"if [ -e {AUTHENTICATOR} ]; then touch {AUTHENTICATOR}; fi"

# a change of the mode empties the flow table, so it has to come first; between the two everything drops
_SECURE = f"""if [ "$(ovs-vsctl --timeout=10 get bridge {BRIDGE} fail_mode)" != secure ]; then
  ovs-vsctl --timeout=10 set bridge {BRIDGE} fail_mode=secure || exit 1
fi
"""

FLOW_STORE = Store(
    name="flows and their meters",
    documents=(METERS, FLOWS),
    snapshot=(f"{_METERS}meters > \"$OLD/{slug(METERS)}\" || exit 1\n"
              f"{OFCTL} --no-stats --names dump-flows {BRIDGE} > flows.all || exit 1\n"
              f"grep cookie= flows.all | grep -v 'cookie={SESSION_COOKIE:#x},' > \"$OLD/{slug(FLOWS)}\" || true"),
    check=_CHECK_FLOWS,
    activate=(f'{_METERS}{_LOAD}{_SECURE}set_meters "$NEW/{slug(METERS)}" && load "$NEW/{slug(FLOWS)}" && '
              f'drop_meters "$NEW/{slug(METERS)}"'),
    restore=(f'{_METERS}{_LOAD}set_meters "$OLD/{slug(METERS)}"\nload "$OLD/{slug(FLOWS)}" || exit 1\n'
             f'drop_meters "$OLD/{slug(METERS)}"\n{_TOUCH_SESSIONS}'),
)

# one argument a line, so that texts with blanks stay one argument; all of it is one transaction
_ARGUMENTS = rf"""sed -E 's/^([^ ]+) ([^ ]+) (external_ids:.*)$/--\nset\n\1\n\2\n\3/; t
s/^/-- set /; s/ /\n/g' "$NEW/{slug(DATABASE)}" > database.arguments || exit 1"""


def _saved_columns(kind: str, name: str, columns: tuple[str, ...]) -> str:
    """Shell that prints arguments which set the columns back; ``get`` prints one value a line."""
    reads = "".join(f"IFS= read -r value && printf '%s\\n' \"{column}=$value\"\n" for column in columns)
    return (f"printf '%s\\n' -- set {kind} {name}\n"
            f"ovs-vsctl --timeout=10 get {kind} {name} {' '.join(columns)} > columns || exit 1\n"
            f"{{ {reads}}} < columns\n")


_SNAPSHOT_DATABASE = f"""ovs-vsctl --timeout=10 list-ports {BRIDGE} > ports || exit 1
{{
{_saved_columns("bridge", BRIDGE, ("fail_mode", "external_ids"))}
while read -r port; do
{_saved_columns("port", '"$port"', ("vlan_mode", "tag", "trunks", "external_ids"))}
{_saved_columns("interface", '"$port"', ("ofport_request",))}
done < ports
}} > "$OLD/{slug(DATABASE)}" """

DATABASE_STORE = Store(
    name="database",
    documents=(DATABASE,),
    snapshot=_SNAPSHOT_DATABASE,
    check=f"{_ARGUMENTS}\nxargs -x -d '\\n' ovs-vsctl --timeout=10 --no-wait --dry-run < database.arguments",
    activate=f"{_ARGUMENTS}\nxargs -x -d '\\n' ovs-vsctl --timeout=10 < database.arguments",
    restore=f"xargs -x -d '\\n' ovs-vsctl --timeout=10 < \"$OLD/{slug(DATABASE)}\"",
)

_BOOT_LINK = (f"mkdir -p /var/lib/punchdown/boot.d && "
              f"ln -sfn {BOOT_JOB} /var/lib/punchdown/boot.d/{BOOT_JOB.rpartition('/')[2]}")
_LLDP_RELOAD = f"if lldpcli show chassis >/dev/null 2>&1; then lldpcli -c {LLDP} >/dev/null; fi"

STORES: tuple[Store, ...] = (
    FLOW_STORE,
    DATABASE_STORE,
    files_store("flows at start", (BOOT_METERS, BOOT_FLOWS)),
    file_store("boot job", BOOT_JOB, mode="0755", reload=_BOOT_LINK),
    file_store("802.1X authenticator", AUTHENTICATOR, mode="0600"),
    file_store("LLDP-MED", LLDP, reload=_LLDP_RELOAD),
    *management.STORES,
)


def safe_change() -> LinuxChange:
    """A fresh state machine for one switch."""
    return LinuxChange(STORES)
