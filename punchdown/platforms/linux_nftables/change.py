"""The safe change of a firewall: forwarding, our table, then the management plane.

The snapshot of the table is text behind the two lines that replace it; nft's JSON loses flags and comments.
Connections are forgotten after a change: one that the new rules refuse ends, one that they permit is picked up again by
its next packet.

Source: fact sheet linux_nftables, show back and push.
"""

from __future__ import annotations

from punchdown.platforms.linux import LinuxChange, Store, file_store, management, slug
from punchdown.platforms.linux_nftables.capabilities import FORWARDING, RULES
from punchdown.platforms.linux_nftables.normalise import OWN_TABLE

_FILE = file_store("rules file", RULES, mode="0600")
_SYSCTL = file_store("forwarding file", FORWARDING)

_FORGET = "if command -v conntrack >/dev/null; then conntrack -F 2>/dev/null || true; fi"

_BOOT_JOB = "/var/lib/punchdown/boot.d/50-nftables"

RULES_STORE = Store(
    name="packet filter",
    documents=(RULES,),
    snapshot=f"""{_FILE.snapshot} || exit 1
{{ echo '{OWN_TABLE}'; echo 'delete {OWN_TABLE}'; nft -s list {OWN_TABLE} 2>/dev/null; }} > "$OLD/table.nft"
nft -c -f "$OLD/table.nft\"""",
    check=f'nft -c -f "$NEW/{slug(RULES)}"',
    activate=f"""nft -f "$NEW/{slug(RULES)}" || exit 1
{_FILE.activate} || exit 1
{_FORGET}""",
    restore=f"""nft -f "$OLD/table.nft"; code=$?
{_FILE.restore} || code=1
{_FORGET}
exit $code""",
    persist=f"""mkdir -p /var/lib/punchdown/boot.d || exit 1
echo 'if [ -e {RULES} ]; then nft -f {RULES}; fi' > {_BOOT_JOB}""",
)

# a container may forbid single settings: what then differs is found by verification
FORWARDING_STORE = Store(
    name="forwarding",
    documents=(FORWARDING,),
    snapshot=f"""{_SYSCTL.snapshot} || exit 1
: > "$OLD/sysctl.conf"
for name in $(sed -n 's/^\\([a-z0-9_.]*\\) *=.*/\\1/p' "$NEW/{slug(FORWARDING)}"); do
  value=$(sysctl -n "$name" 2>/dev/null) && echo "$name = $value" >> "$OLD/sysctl.conf"
done
true""",
    check="true",
    activate=f"{_SYSCTL.activate} && {{ sysctl -q -e -p {FORWARDING} || true; }}",
    restore=f'{_SYSCTL.restore} && {{ sysctl -q -e -p "$OLD/sysctl.conf" || true; }}',
    persist=f"""mkdir -p /var/lib/punchdown/boot.d || exit 1
echo 'if [ -e {FORWARDING} ]; then sysctl -q -e -p {FORWARDING}; fi' > /var/lib/punchdown/boot.d/40-forwarding""",
)

STORES: tuple[Store, ...] = (FORWARDING_STORE, RULES_STORE, *management.STORES)


def safe_change() -> LinuxChange:
    """A fresh state machine for one firewall."""
    return LinuxChange(STORES)
