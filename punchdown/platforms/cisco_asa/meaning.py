"""What a difference means, in words: filters, translations, inspection and the way in."""

from __future__ import annotations

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_asa.entries import Ace, parse_ace
from punchdown.platforms.cisco_asa.normalise import BANNER, NAT, NAT_LATE, Entry
from punchdown.platforms.cisco_asa.ownership import is_list
from punchdown.platforms.cisco_asa.words import PREFIX
from punchdown.values import Verdict


def _side(ace: Ace, number: int) -> str:
    items = [item.text for item in ace.items if item.kind != "port"]
    text = items[number] if number < len(items) else "anything"
    if text.startswith("any"):
        return "anyone" if number == 0 else "anything"
    return text.removeprefix("host ").removeprefix("object-group ").removeprefix("object ").removeprefix(PREFIX)


def _service(ace: Ace) -> str:
    ports = ace.items[-1].text if ace.items and ace.items[-1].kind == "port" else ace.icmp
    return f"{ace.protocol.upper()} {ports.removeprefix('eq ').removeprefix('range ').replace(' ', '-')}".strip()


def _filter(verdict: Verdict, entry: Entry) -> str:
    try:
        ace = parse_ace(entry.line)
    except ValueError:
        return f"the access list {entry.path[0].split()[1]} differs"
    opening = f"{_side(ace, 0)} can open {_service(ace)} on {_side(ace, 1)}"
    if verdict is Verdict.REORDERED:
        return f"the first line that matches decides, and this one has moved: it is not certain whether {opening}"
    if (ace.action == "permit") == (verdict is Verdict.EXTRA):
        return opening
    return f"no longer so: {opening}" if ace.action == "permit" else f"dropped although allowed: {opening}"


def meaning(intent: DeviceIntent, verdict: Verdict, entry: Entry) -> str:
    """The words for one difference, empty when there is nothing to say."""
    del intent
    missing = verdict is Verdict.MISSING
    if is_list(entry.path):
        return _filter(verdict, entry)
    if entry.path and entry.path[0] in {NAT, NAT_LATE}:
        if verdict is Verdict.REORDERED:
            return "translations are tried in another order"
        return "packets are translated otherwise than declared" if verdict is Verdict.EXTRA else \
            "packets are not translated as declared"
    if entry.line.startswith("access-group "):
        leg = entry.line.rpartition(" ")[2]
        return f"what enters by {leg} is not filtered as defined"
    if entry.line.endswith("sysopt connection permit-vpn"):
        return "what comes through a VPN is filtered by no list" if missing else "VPNs are filtered by the lists"
    if entry.key[0].startswith(("crypto ", "tunnel-group ")):
        return "the VPN does not come up, or carries something else than declared"
    if entry.line == "inspect sip":
        return "SIP is not rewritten as asked" if missing else "the firewall rewrites SIP (SIP ALG)"
    if entry.line.startswith(("ssh ", "telnet ")) and entry.line.split()[1][:1].isdigit() and not missing:
        return f"{entry.line.split()[1]} may log in by {entry.line.split()[0].upper()}"
    if entry.line == "http server enable":
        return "the web management is open"
    if entry.line.startswith("network-object ") and entry.path:
        name = entry.path[0].rpartition(" ")[2].removeprefix(PREFIX)
        return f"{entry.line.removeprefix('network-object ')} is {'not ' if missing else ''}on the list {name}"
    if entry.path == (BANNER,):
        return "the banner differs"
    return ""


def severity(verdict: Verdict, entry: Entry) -> str:
    """How bad a difference is: filters, translations, lists and logins are high."""
    if verdict is Verdict.UNKNOWN:
        return "unknown"
    if is_list(entry.path) or (entry.path and entry.path[0] in {NAT, NAT_LATE}):
        return "high"
    words = ("access-group", "ssh ", "telnet ", "http server", "aaa ", "network-object", "inspect",
             "same-security", "crypto", "tunnel-group", "sysopt", "ikev2")
    return "high" if entry.line.removeprefix("no ").startswith(words) else "medium"
