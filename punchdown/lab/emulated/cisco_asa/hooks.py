"""Lines with a behaviour of their own: objects, lists, translations, bindings, secrets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_asa.acl import parse_entry
from punchdown.lab.emulated.cisco_asa.catalogue import MODES
from punchdown.lab.emulated.cisco_asa.hooks_services import SERVICES
from punchdown.lab.emulated.cisco_asa.nat import check_member, check_service, parse_alone, parse_object
from punchdown.lab.emulated.cisco_asa.refusals import Incomplete, Invalid, Rejected
from punchdown.lab.emulated.cisco_asa.store import Block, Configuration, Line
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_asa.configure import Configurator

Hook = Callable[["Configurator", Block, Parsed, bool, str], str]


def _interface(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    name = parsed.words[1]
    if negated:
        if "." not in name:
            raise Invalid(1)
        return box.store(block, parsed, negated=True)
    known = f"interface {name}" in block.lines
    if not known and "." in name and f"interface {name.partition('.')[0]}" not in block.lines:
        raise Invalid(1)
    if not known and "." not in name and name.startswith(("Gigabit", "Ten", "Ethernet", "Management")):
        raise Invalid(1)
    return box.store(block, parsed, negated=False)


def add_interface(box: Configurator, name: str) -> None:
    """An interface that the hardware has."""
    parsed = MODES["config"].parse(["interface", name])
    if isinstance(parsed, Parsed):
        box.store(box.config.root, parsed, negated=False)
        del box.frames[1:]


def _nameif(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    name = parsed.value
    if not negated and box.config.legs().get(name, block) is not block:
        raise Rejected(f'ERROR: Name "{name}" has been assigned to another interface')
    if negated and (old := block.value("nameif")):
        for key in [key for key, line in box.config.root.lines.items() if old in line.text.split()[1:]
                    and not key.startswith("interface ")]:
            del box.config.root.lines[key]
    box.store(block, parsed, negated=negated)
    if negated or "security-level" in block.lines:
        return ""
    level = 100 if name == "inside" else 0
    rank = next(MODES["config-if"].rank[id(one)] for one in MODES["config-if"].commands
                if one.pattern.startswith("security-level"))
    block.lines["security-level"] = Line(f"security-level {level}", rank)
    return f'INFO: Security level for "{name}" set to {level} by default.'


def _address(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    return box.store(block, parsed, negated=negated)


def _banner(box: Configurator, _block: Block, parsed: Parsed, negated: bool, raw: str) -> str:
    kind = parsed.words[1]
    if negated:
        box.config.banner.pop(kind, None)
        return ""
    text = re.sub(r"^\s*\S+\s+\S+ ?", "", raw)
    box.config.banner.setdefault(kind, []).append(text.replace("$(hostname)", box.config.hostname))
    return ""


def _banner_off(box: Configurator, _block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    if not negated:
        raise Incomplete
    box.config.banner.pop(parsed.words[1], None)
    return ""


def _object(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    """Objects, groups, classes and policies: opened, or removed when nothing uses them."""
    words, name = parsed.words, parsed.words[2] if parsed.words[0].startswith("object") else parsed.words[-1]
    if negated:
        _free(box.config, words, name)
        return box.store(block, parsed, negated=True)
    held = block.lines.get(parsed.key)
    if held and held.text != parsed.text:
        raise Rejected(f"ERROR: object-group <{name}> exists with another type")
    if words[0].startswith("object"):
        other = {box.config.kind_of(word, name) for word in ("object", "object-group")} - {""}
        if other and not held:
            raise Rejected(f"ERROR: {words[0]} <{name}> has the name of another object")
    return box.store(block, parsed, negated=False)


def _free(config: Configuration, words: Sequence[str], name: str) -> None:
    if words[0] == "object" and config.users(f"object {name}"):
        raise Rejected(f"ERROR: unable to delete object ({name}). object is being used.")
    if words[0] == "object-group" and config.users(f"object-group {name}") + config.users(f"group-object {name}"):
        raise Rejected(f"ERROR: Object-group {name} is being used")
    if words[0] == "policy-map" and any(line.text.split()[:2] == ["service-policy", name]
                                        for line in config.root.lines.values()):
        raise Rejected(f"ERROR: % policy-map {name} is being used")
    if words[0] == "class-map" and any(key == f"class {name}" for block in config.blocks("policy-map ")
                                       for key in block.lines):
        raise Rejected(f"ERROR: % class-map {name} is being used")
    if words[0] == "time-range" and config.users(f"time-range {name}"):
        raise Rejected(f"ERROR: Time-range {name} is being used")


def _member(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    words = parsed.text.split()
    opening = next(line.text for line in box.config.root.lines.values() if line.block is block)
    if words[0] == "network-object" and words[1] == "object" and box.config.kind_of("object", words[2]) != "network":
        raise Rejected(f"ERROR: specified object <{words[2]}> does not exist")
    if words[0] == "group-object" and not box.config.kind_of("object-group", words[1]):
        raise Rejected(f"ERROR: specified object-group <{words[1]}> does not exist")
    if block.mode == "config-service-object-group" and words[0] != "group-object" and words[1] != "object":
        words = check_member(words, opening).split()
    text = " ".join(words)
    if text == "network-object 0.0.0.0 0.0.0.0":
        raise Rejected("ERROR: network-object 0.0.0.0 0.0.0.0 is not allowed")
    text = re.sub(r"^network-object (\S+) 255\.255\.255\.255$", r"network-object host \1", text)
    if negated:
        if text not in block.lines:
            raise Rejected(f"ERROR: specified object <{text}> does not exist in the group")
        name = opening.split()[2]
        if len(box.config.members(name)) == 1 and box.config.users(f"object-group {name}"):
            raise Rejected(f"ERROR: Removing object from object-group ({name}) not allowed;\n"
                           f"object-group ({name}), being used in access-list, would become empty")
        del block.lines[text]
        return ""
    if text in block.lines:
        raise Rejected(f"ERROR: Adding obj ({text}) to grp ({opening.split()[2]}) failed; object already exists")
    block.lines[text] = Line(text, len(MODES[block.mode].commands))
    return ""


def _service(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    return box.store(block, parsed, negated=negated,
                     text=f"service {check_service(parsed.text.split())}" if not negated else "")


def _access_list(box: Configurator, _block: Block, _parsed: Parsed, negated: bool, raw: str) -> str:
    """Add, insert or remove one line; the last line that goes takes the list with it."""
    words = raw.split()[1:] if negated else raw.split()
    name, start, place = words[1], 2, None
    if words[2] == "line" and len(words) > 4:
        if not words[3].isdigit() or words[3] == "0":
            raise Invalid(3 + negated)
        start, place = 4, int(words[3])
    lists = box.config.access_lists
    if words[start] == "remark":
        text = f"remark {raw.split('remark ', 1)[1].strip()}" if len(words) > start + 1 else ""
        if not text:
            raise Incomplete
    else:
        try:
            text = parse_entry(words, start, box.config)
        except Invalid as error:
            raise Invalid(error.place + negated) from None
    held = lists.get(name, [])
    if negated:
        if text not in held:
            raise Rejected("Specified access-list does not exist")
        if len(held) == 1:
            box.drop_list(name)
        else:
            held.remove(text)
        return ""
    if any(line.split()[0] not in {text.split()[0], "remark"} for line in held) and text.split()[0] != "remark":
        raise Rejected(f"ERROR: access-list {name} has another type")
    if text in held and not text.startswith("remark"):
        return f"WARNING: <{name}> found duplicate element"
    lists.setdefault(name, held).insert(len(held) if place is None else min(place - 1, len(held)), text)
    return ""


def _nat(box: Configurator, _block: Block, _parsed: Parsed, negated: bool, raw: str) -> str:
    words = raw.split()[1:] if negated else raw.split()
    try:
        text, late, place = parse_alone(words, box.config)
    except Invalid as error:
        raise Invalid(error.place + negated) from None
    section = box.config.late if late else box.config.early
    if negated:
        if text not in section:
            raise Rejected("ERROR: No matching NAT policy found")
        section.remove(text)
        return ""
    if text in section:
        raise Rejected("ERROR: duplicate NAT policy")
    if place is not None and place > len(section) + 1:
        raise Rejected(f"ERROR: invalid line number {place}")
    section.insert(len(section) if place is None else place - 1, text)
    return ""


def _object_nat(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    if negated:
        return box.store(block, parsed, negated=True)
    return box.store(block, parsed, negated=False, text=f"nat {parse_object(parsed.text.split(), box.config)}")


def _access_group(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    name = parsed.words[1]
    if name not in box.config.access_lists:
        raise Rejected(f"ERROR: access-list <{name}> does not exist")
    if negated and (block.lines.get(parsed.key) is None or block.lines[parsed.key].text != parsed.text):
        raise Rejected("ERROR: access-group does not exist")
    return box.store(block, parsed, negated=negated)


def _service_policy(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    held = block.lines.get(parsed.key)
    if f"policy-map {parsed.words[1]}" not in block.lines:
        raise Rejected(f"ERROR: % policy map {parsed.words[1]} not configured")
    if not negated and held and held.text != parsed.text:
        raise Rejected(f"ERROR: {held.text} is configured; only one policy is allowed")
    return box.store(block, parsed, negated=negated)


def _hashed(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    """Passwords are kept as PBKDF2 hashes."""
    if negated:
        block.lines.pop(parsed.key, None)
        return ""
    words = parsed.text.split()
    places = [at + 1 for at, word in enumerate(words) if word == "password" and at + 1 < len(words)]
    at = places[0] if places else 1 if words[0] == "passwd" else -1
    if at > 0 and not words[at].startswith("$sha512$") and not set(words[at + 1:]) & {"encrypted", "pbkdf2"}:
        digest = hashlib.sha512(words[at].encode()).hexdigest()[:22]
        words[at] = f"$sha512$5000${digest}==${digest[::-1]}=="
        words.insert(at + 1, "pbkdf2")
    return box.store(block, parsed, negated=False, text=" ".join(words))


def _starred(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    return box.store(block, parsed, negated=negated, text=f"{parsed.text.rpartition(' ')[0]} *****")


def _periodic(_box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    """Days in full, hours without a zero in front."""
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    words, found = parsed.text.split()[1:], []
    for at, word in enumerate(words, 1):
        named = [name for name in (*days, "daily", "weekdays", "weekend") if name.lower().startswith(word.lower())]
        if match := re.fullmatch(r"(\d{1,2}):(\d\d)", word):
            if int(match[1]) > 23 or int(match[2]) > 59:
                raise Invalid(at)
            found.append(f"{int(match[1])}:{match[2]}")
        elif word == "to" and found:
            found.append(word)
        elif len(named) == 1:
            found.append(named[0])
        else:
            raise Invalid(at)
    if "to" not in found or ":" not in found[-1] or ":" not in found[found.index("to") - 1]:
        raise Incomplete
    text = " ".join(("periodic", *found))
    if negated:
        block.lines.pop(text, None)
    else:
        block.lines[text] = Line(text, MODES[block.mode].rank[id(parsed.command)])
    return ""


def _ntp(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    if "source" in parsed.words and parsed.words[parsed.words.index("source") + 1] not in box.config.legs():
        raise Invalid(parsed.words.index("source") + 1 + negated)
    return box.store(block, parsed, negated=negated)


def _route(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    text = parsed.text if parsed.value else f"{parsed.text} 1"
    return box.store(block, parsed, negated=negated, text=text)


HOOKS: dict[str, Hook] = {
    "interface": _interface, "nameif": _nameif, "address": _address, "banner": _banner, "banner-off": _banner_off,
    "object": _object, "member": _member, "service": _service, "access-list": _access_list, "nat": _nat,
    "object-nat": _object_nat, "access-group": _access_group, "service-policy": _service_policy, "hashed": _hashed,
    "starred": _starred, "ntp": _ntp, "periodic": _periodic, "route": _route,
    **SERVICES,
}
