"""One written value against its form field: the value as it goes on, or the fault. Pure; knows no file and no site."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Network

from pydantic import TypeAdapter, ValidationError

from punchdown.catalog.forms import FormField
from punchdown.model.diagnostics import suggest
from punchdown.model.fields import Text

Value = bool | int | str | tuple[str, ...]
LARGEST = 2**31 - 1
"""Bound of numbers for which no range is published."""

SECRET = re.compile(r"<secret:[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?>")
_FQDN = re.compile(r"(?=.{4,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
_DIGITS = re.compile(r"[0-9*#]{1,32}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .]*", re.ASCII)
_TEXT: TypeAdapter[str] = TypeAdapter(Text)


class FormFaultError(ValueError):
    """``code`` is the name of a diagnostic, ``hint`` may be empty. Never carries the value of a secret field."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.hint = code, hint


@dataclass(frozen=True, slots=True)
class Names:
    """What a value may name instead of writing it: host to address, netblock list to its prefixes."""

    hosts: Mapping[str, str] = field(default_factory=dict)
    netblocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _wrong(form_field: FormField, expected: str, hint: str = "") -> FormFaultError:
    return FormFaultError("setting-type", f"{form_field.label} takes {expected}", hint)


def _text_of(form_field: FormField, raw: object, expected: str) -> str:
    if isinstance(raw, int) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str):
        raise _wrong(form_field, expected)
    return raw


def plain_text(form_field: FormField, raw: object) -> str:
    """A text without control characters and without what a spreadsheet would take for a formula."""
    text = _text_of(form_field, raw, "a text")
    try:
        _TEXT.validate_python(text)
    except ValidationError as error:
        reason = error.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Value error, ")
        raise FormFaultError("setting-text", f"{form_field.label}: {reason}") from None
    if text.startswith(("=", "+", "-", "@")) and not _NUMBER.fullmatch(text):
        raise FormFaultError("setting-formula", f"{form_field.label}: a spreadsheet would take {text[:1]!r} at the "
                             "beginning for a formula")
    if form_field.length and len(text) > form_field.length:
        raise FormFaultError("setting-range", f"{form_field.label} takes at most {form_field.length} characters, "
                             f"not {len(text)}")
    return text


def _read_enum(form_field: FormField, raw: object, _names: Names) -> Value:
    text = _text_of(form_field, raw, f"one of {', '.join(form_field.values)}")
    if text not in form_field.values:
        raise FormFaultError("setting-choice", f"{form_field.label} has no choice {_shown(text)}",
                             suggest(text, form_field.values))
    return text


def _shown(text: str) -> str:
    return repr(text[:60])


def _read_integer(form_field: FormField, raw: object, _names: Names) -> Value:
    unit = f" of {form_field.unit}" if form_field.unit else ""
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise _wrong(form_field, f"a whole number{unit}")
    first, last = form_field.range or (0, LARGEST)
    if not first <= raw <= last:
        raise FormFaultError("setting-range", f"{form_field.label} takes {first} to {last}"
                             + (f" {form_field.unit}" if form_field.unit else "") + f", not {str(raw)[:20]}")
    return raw


def _read_bool(form_field: FormField, raw: object, _names: Names) -> Value:
    if not isinstance(raw, bool):
        raise _wrong(form_field, "true or false")
    return raw


def _read_secret(form_field: FormField, raw: object, _names: Names) -> Value:
    if raw == "" or (isinstance(raw, str) and SECRET.fullmatch(raw)):
        return raw
    raise FormFaultError("setting-secret", f"{form_field.label} is a secret: its value never stands in a definition")


def _read_address(form_field: FormField, raw: object, names: Names) -> Value:
    text = _text_of(form_field, raw, "an address or the name of a host")
    try:
        return str(IPv4Address(text))
    except AddressValueError:
        if text in names.hosts:
            return names.hosts[text]
    raise FormFaultError("setting-address", f"{form_field.label}: {_shown(text)} is neither an IPv4 address nor a host",
                         suggest(text, names.hosts))


def _read_mask(form_field: FormField, raw: object, _names: Names) -> Value:
    text = _text_of(form_field, raw, "a mask, 255.255.255.0")
    try:
        network = IPv4Network(f"0.0.0.0/{text}") if text.count(".") == 3 else None
    except ValueError:
        network = None
    if network is None or str(network.netmask) != text:
        raise FormFaultError("setting-address", f"{form_field.label}: {_shown(text)} is no mask", "write 255.255.255.0")
    return text


def _read_mac(form_field: FormField, raw: object, _names: Names) -> Value:
    text = _text_of(form_field, raw, "a MAC address")
    if not _MAC.fullmatch(text):
        raise FormFaultError("setting-address", f"{form_field.label}: {_shown(text)} is no MAC address",
                             "write 08:00:0F:10:01:01")
    return text.upper().replace("-", ":")


def _read_fqdn(form_field: FormField, raw: object, _names: Names) -> Value:
    text = _text_of(form_field, raw, "a domain name")
    if not _FQDN.fullmatch(text):
        raise FormFaultError("setting-text", f"{form_field.label}: {_shown(text)} is no full domain name",
                             "write voice.example.com")
    return text.lower()


def _read_digits(form_field: FormField, raw: object, _names: Names) -> Value:
    text = _text_of(form_field, raw, "digits")
    if not _DIGITS.fullmatch(text):
        raise FormFaultError("setting-text", f"{form_field.label}: {_shown(text)} is no number to dial",
                             "digits, * and #, at most 32; in quotes when it begins with 0")
    return text


def _port(form_field: FormField, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or not 1 <= int(text) <= 65535:
        raise FormFaultError("setting-range", f"{form_field.label}: {_shown(text)} is no port between 1 and 65535")
    return int(text)


def _read_port(form_field: FormField, raw: object, _names: Names) -> Value:
    return _port(form_field, _text_of(form_field, raw, "a port"))


def _read_ports(form_field: FormField, raw: object, _names: Names) -> Value:
    text = _text_of(form_field, raw, "a range of ports, 20000-30999")
    first, dash, last = text.partition("-")
    low = _port(form_field, first)
    if dash and _port(form_field, last) < low:
        raise FormFaultError("setting-range", f"{form_field.label}: the range {text} runs backwards")
    return text


def _read_netblocks(form_field: FormField, raw: object, names: Names) -> Value:
    text = _text_of(form_field, raw, "the name of a netblock list")
    if text not in names.netblocks:
        raise FormFaultError("netblock-unknown", f"there is no netblock list {_shown(text)}",
                             suggest(text, names.netblocks))
    return text


def _netblock(form_field: FormField, raw: object, names: Names) -> tuple[str, ...]:
    text = _text_of(form_field, raw, "a prefix, a host or a netblock list")
    if text in names.netblocks:
        return names.netblocks[text]
    if text in names.hosts:
        return (f"{names.hosts[text]}/32",)
    for kind in (IPv4Network, IPv6Network):
        try:
            return (str(kind(text)),)
        except ValueError:
            continue
    raise FormFaultError("setting-address", f"{form_field.label}: {_shown(text)} is no prefix, host or netblock list",
                         suggest(text, [*names.hosts, *names.netblocks]))


def _read_list(form_field: FormField, raw: object, names: Names) -> Value:
    if not isinstance(raw, list | tuple):
        raise _wrong(form_field, "a list", "write [one, two]")
    item = form_field.model_copy(update={"length": 0})
    found: list[str] = []
    for part in raw:
        if form_field.item == "netblock":
            found += _netblock(item, part, names)
        else:
            found.append(str(_READERS[form_field.item](item, part, names)))
    if form_field.length and len(",".join(found)) > form_field.length:
        raise FormFaultError("setting-range", f"{form_field.label} takes at most {form_field.length} characters in "
                             f"total, not {len(','.join(found))}")
    return tuple(found)


def _read_readonly(form_field: FormField, _raw: object, _names: Names) -> Value:
    raise FormFaultError("setting-read-only", f"{form_field.label} is shown by the product, nobody sets it",
                         "leave it out")


_READERS: dict[str, Callable[[FormField, object, Names], Value]] = {
    "address": _read_address, "bool": _read_bool, "digits": _read_digits, "enum": _read_enum, "fqdn": _read_fqdn,
    "integer": _read_integer, "list": _read_list, "mac": _read_mac, "mask": _read_mask, "netblocks": _read_netblocks,
    "port": _read_port, "ports": _read_ports, "readonly": _read_readonly, "secret": _read_secret,
    "text": lambda form_field, raw, _names: plain_text(form_field, raw),
}


def read_value(form_field: FormField, raw: object, names: Names) -> Value:
    """The value of a field (not of a table) as it goes on: names resolved, addresses and MACs in one spelling.

    Raises:
        FormFaultError: what is wrong with it, with the name of its diagnostic.
    """
    return _READERS[form_field.type](form_field, raw, names)


def secret_fault(form_field: FormField, secret: str) -> str:
    """What is wrong with the resolved value of a secret field, empty when nothing is; never shows the value."""
    if form_field.digits is None:
        return ""
    if not re.fullmatch(r"[0-9]*", secret, re.ASCII) or len(secret) not in form_field.digits:
        return f"{form_field.label} takes {form_field.digits.first} to {form_field.digits.last} digits"
    return ""
