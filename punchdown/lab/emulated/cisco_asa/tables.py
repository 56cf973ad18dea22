"""What the show commands print, computed from the configuration.

Source: ASA command reference, ``show``; the layout is that which the published templates read.
"""

from __future__ import annotations

import math
import time
import zlib
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_asa.printer import running_config, section
from punchdown.lab.emulated.cisco_asa.store import Block

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_asa.appliance import AsaAppliance

_COUNTERS = """\
\t0 packets input, 0 bytes, 0 no buffer
\tReceived 0 broadcasts, 0 runts, 0 giants
\t0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored, 0 abort
\t0 pause input, 0 resume input
\t0 L2 decode drops
\t0 packets output, 0 bytes, 0 underruns
\t0 pause output, 0 resume output
\t0 output errors, 0 collisions, 0 interface resets
\t0 late collisions, 0 deferred
\t0 input reset drops, 0 output reset drops
\tinput queue (blocks free curr/low): hardware (511/511)
\toutput queue (blocks free curr/low): hardware (511/511)
"""
_TRAFFIC = "\t0 packets input, 0 bytes\n\t0 packets output, 0 bytes\n\t0 packets dropped\n"
_CACHED = ("access-list cached ACL log flows: total 0, denied 0 (deny-flow-max 4096)\n"
           "            alert-interval 300\n")


def show_running(box: AsaAppliance, words: str = "") -> str:
    """``show running-config``, whole or a part of it."""
    if words:
        return "".join(f"{line}\n" for line in section(box.config, words))
    return running_config(box.config, box.spec.version, box.serial)


def show_startup(box: AsaAppliance) -> str:
    """``show startup-config``."""
    return box.startup


def show_reload(box: AsaAppliance) -> str:
    """``show reload``."""
    if box.reload_at is None:
        return "No reload is scheduled.\n"
    left = max(0, math.ceil((box.reload_at - box.clock.now()) / 60))
    when = time.strftime("%H:%M:%S UTC %a %b %d %Y", time.gmtime(box.reload_at))
    return f"Reload scheduled for {when} (in {left} minutes) by {box.spec.username} from ssh\n"


def show_version(box: AsaAppliance) -> str:
    """``show version``, its first part."""
    return (f"\nCisco Adaptive Security Appliance Software Version {box.spec.version} \n"
            f"Device Manager Version 7.18(1)\n\nCompiled on Thu 01-Jun-23 13:09 PDT by builders\n"
            f'System image file is "disk0:/asa.SPA"\nConfig file at boot was "startup-config"\n\n'
            f"{box.config.hostname} up 1 day 2 hours\n\nHardware:   {box.spec.model}, 8192 MB RAM, CPU Atom C2000 "
            f"series 2416 MHz, 1 CPU (8 cores)\n\nSerial Number: {box.serial}\n")


def _address(block: Block) -> tuple[str, str]:
    words = block.value("ip address").split()
    return (words[0], words[1]) if len(words) > 1 and words[0][:1].isdigit() else ("", "")


def show_interface(box: AsaAppliance) -> str:
    """``show interface``: an interface is up unless it is shut."""
    parts = []
    for block in box.config.blocks("interface "):
        up = "shutdown" not in block.lines
        name, (address, mask) = block.value("nameif"), _address(block)
        state = "is up, line protocol is up" if up else "is administratively down, line protocol is down"
        parts.append(f'Interface {block.name} "{name}", {state}\n'
                     "  Hardware is Accelerator rev01, BW 1000 Mbps, DLY 10 usec\n"
                     "\tAuto-Duplex(Full-duplex), Auto-Speed(1000 Mbps)\n"
                     "\tInput flow control is unsupported, output flow control is off\n")
        if description := block.value("description"):
            parts.append(f"\tDescription: {description}\n")
        unnamed = "\tAvailable but not configured via nameif\n"
        parts.append("\tMAC address 00a3.8e00.0001, MTU 1500\n" if name else unnamed)
        parts.append(f"\tIP address {address}, subnet mask {mask}\n" if address else "\tIP address unassigned\n")
        parts.append(_COUNTERS)
        if name:
            parts.append(f'  Traffic Statistics for "{name}":\n{_TRAFFIC}')
    return "".join(parts)


def show_nat(box: AsaAppliance) -> str:
    """``show nat``: the three sections in the order in which they are tried."""
    config = box.config
    objects = [(block, block.value("nat")) for block in config.blocks("object network ") if block.value("nat")]
    objects.sort(key=lambda pair: " dynamic " in f" {pair[1]} ")
    sections = (
        ("Manual NAT Policies (Section 1)", [text.removeprefix("nat ") for text in config.early]),
        ("Auto NAT Policies (Section 2)", [_object_line(block.name, text) for block, text in objects]),
        ("Manual NAT Policies (Section 3)", [text.removeprefix("nat ").replace("after-auto ", "")
                                             for text in config.late]))
    out = []
    for title, lines in sections:
        if lines:
            out.append(f"{title}\n")
        for number, text in enumerate(lines, 1):
            pair, _, rest = text.partition(") ")
            real, _, mapped = pair.removeprefix("(").partition(",")
            out.append(f"{number} ({real}) to ({mapped}) {rest}\n    translate_hits = 0, untranslate_hits = 0\n")
        if lines:
            out.append("\n")
    return "".join(out)


def _object_line(name: str, text: str) -> str:
    pair, kind, *rest = text.split()
    return f"{pair} source {kind} {name} {' '.join(rest)}"


def show_access_list(box: AsaAppliance, name: str = "") -> str:
    """``show access-list``: every line with its number, its level of logging in full and a hash."""
    lists = box.config.access_lists
    if name and name not in lists:
        return f"ERROR: access-list <{name}> does not exist\n"
    out = [] if name else [_CACHED]
    for one in ([name] if name else lists):
        elements = [text for text in lists[one] if not text.startswith("remark")]
        out.append(f"access-list {one}; {len(elements)} elements; name hash: {zlib.crc32(one.encode()):#010x}\n")
        for number, text in enumerate(lists[one], 1):
            if text.startswith("remark"):
                out.append(f"access-list {one} line {number} {text}\n")
                continue
            out.append(f"access-list {one} line {number} {_logged(text)} (hitcnt=0) "
                       f"{zlib.crc32(f'{one} {text}'.encode()):#010x} \n")
    return "".join(out)


def _logged(text: str) -> str:
    words = text.split()
    if "log" not in words or "disable" in words:
        return text
    at = words.index("log")
    rest = words[at + 1:]
    level = rest.pop(0) if rest and rest[0] not in {"interval", "inactive", "time-range"} else "informational"
    interval = rest[1] if rest[:1] == ["interval"] else "300"
    rest = rest[2:] if rest[:1] == ["interval"] else rest
    return " ".join((*words[:at], "log", level, "interval", interval, *rest))
