"""The flows that a session is made of. Their shape is agreed with the switch's platform, which leaves them alone."""

from __future__ import annotations

import subprocess

COOKIE = 0x8021
BRIDGE = "br0"
NEXT_TABLE = 10
_UNTAGGED = "vlan_tci=0x0000/0x1fff"


def session_flow(ofport: int, mac: str, voice_vlan: int) -> str:
    """The flow that lets one MAC in: a phone in the tagged voice VLAN only, a PC (``voice_vlan`` 0) untagged only.

    >>> session_flow(1, "08:00:0f:10:01:01", 120)
    'cookie=0x8021,table=0,priority=300,in_port=1,dl_vlan=120,dl_src=08:00:0f:10:01:01,actions=resubmit(,10)'
    """
    tag = f"dl_vlan={voice_vlan}" if voice_vlan else _UNTAGGED
    return (f"cookie={COOKIE:#x},table=0,priority=300,in_port={ofport},{tag},dl_src={mac},"
            f"actions=resubmit(,{NEXT_TABLE})")


def open_session(ofport: int, mac: str, voice_vlan: int) -> None:
    """Let one MAC in. Raises OSError when the switch refuses."""
    _ofctl("add-flow", session_flow(ofport, mac, voice_vlan))


def close_session(ofport: int, mac: str) -> None:
    """Shut one MAC out."""
    _ofctl("del-flows", f"cookie={COOKIE:#x}/-1,table=0,in_port={ofport},dl_src={mac}")


def close_all() -> None:
    """Shut everyone out: what an earlier run left is not trusted."""
    _ofctl("del-flows", f"cookie={COOKIE:#x}/-1,table=0")


def set_forwarding(ofport: int, *, forward: bool) -> None:
    """Whether the switch sends frames out of a port; the authenticator's own frames leave beside the switch."""
    _ofctl("mod-port", str(ofport), "forward" if forward else "no-forward")


def _ofctl(command: str, *words: str) -> None:
    done = subprocess.run(["ovs-ofctl", "-O", "OpenFlow14", command, BRIDGE, *words], capture_output=True, text=True,
                          timeout=10, check=False)
    if done.returncode != 0:
        raise OSError(done.stderr.strip() or f"ovs-ofctl {command} failed")
