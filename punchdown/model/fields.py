"""Field types. Each says what it takes; none takes a control character or a fragment of a command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError

from punchdown.model.exact import exact

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TEXT = re.compile(r"[A-Za-z0-9 .,:/()+&'@_=*%-]{0,200}")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}")
_MAC_PREFIX = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){2}[0-9A-Fa-f]{2}")
_PORTS = re.compile(r"(?P<prefix>[A-Za-z][A-Za-z0-9/]*?|[a-z]{2,3}-(?:\d{1,2}/){2}|(?:\d{1,2}/){1,3}|\d{1,2}/[A-Z])?"
                    r"(?P<first>\d{1,4})(?:-(?P=prefix)?(?P<last>\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Stands where an address could not be worked out; ``reason`` becomes the error of the field that meets it."""

    reason: str


class Model(BaseModel):
    """Base of everything people write."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_enum_values=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Numbers and truth values are taken as such only: `"5"` is a text and `yes` a word."""
        return exact(handler(source))


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _short(value: str) -> str:
    return repr(value if len(value) <= 60 else f"{value[:57]}...")


def _name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise PydanticCustomError("name_form", "{value} is no name", {"value": _short(value)})
    return value


def _text(value: str) -> str:
    if len(value) > 200:
        raise PydanticCustomError("text_long", "a text of {count} characters", {"count": len(value)})
    if not _TEXT.fullmatch(value):
        wrong = ", ".join(repr(char) for char in sorted(set(value)) if not _TEXT.fullmatch(char))
        raise PydanticCustomError("text_characters", "a device could take this for a command: {wrong}",
                                  {"wrong": wrong})
    return value


def _mac(value: str) -> str:
    if not _MAC.fullmatch(value):
        raise PydanticCustomError("mac_form", "{value} is no MAC address", {"value": _short(value)})
    return value.upper().replace("-", ":")


def _mac_prefix(value: str) -> str:
    if not _MAC_PREFIX.fullmatch(value):
        raise PydanticCustomError("vendor_form", "{value} is no vendor's prefix", {"value": _short(value)})
    return value.upper().replace("-", ":")


def _port_numbers(value: str) -> str:
    first, dash, last = value.partition("-")
    numbers = [first, last] if dash else [first]
    if not all(number.isascii() and number.isdecimal() and len(number) < 6 and 1 <= int(number) <= 65535
               for number in numbers):
        raise PydanticCustomError("port_number_form", "{value} is no TCP or UDP port", {"value": _short(value)})
    if dash and int(last) < int(first):
        raise PydanticCustomError("port_backwards", "the range {value} runs backwards", {"value": _short(value)})
    return value


@lru_cache(maxsize=4096)
def expand_ports(text: str) -> tuple[str, tuple[int, ...]]:
    """A port key as written: the prefix (empty = the platform's own) and the numbers.

    >>> expand_ports("p22-24")
    ('p', (22, 23, 24))
    >>> expand_ports("xe-0/1/0-1")
    ('xe-0/1/', (0, 1))

    The last port may repeat the prefix, as switches with slots and stacks print it.

    >>> expand_ports("A1-A4"), expand_ports("2/A1-2/A2"), expand_ports("1/1-1/3")
    (('A', (1, 2, 3, 4)), ('2/A', (1, 2)), ('1/', (1, 2, 3)))
    """
    match = _PORTS.fullmatch(text)
    if not match:
        raise PydanticCustomError("port_form", "{value} is no port and no range of ports", {"value": _short(text)})
    first = int(match["first"])
    last = int(match["last"] or first)
    if last < first:
        raise PydanticCustomError("port_backwards", "the range {value} runs backwards", {"value": _short(text)})
    if last - first > 1023:
        raise PydanticCustomError("port_many", "the range {value} has more than 1,024 ports", {"value": _short(text)})
    return match["prefix"] or "", tuple(range(first, last + 1))


def _port_key(value: str) -> str:
    expand_ports(value)
    return value


def _range(value: str) -> str:
    first, _, last = (part.strip() for part in value.partition("-"))
    try:
        forward = IPv4Address(first) <= IPv4Address(last)
    except AddressValueError:
        forward = False
    if not forward:
        raise PydanticCustomError("range_form", "{value} is no range of addresses", {"value": _short(value)})
    return f"{first}-{last}"


def _refuse_unresolved(value: Any) -> Any:
    if isinstance(value, Unresolved):
        raise PydanticCustomError("address_unresolved", "{reason}", {"reason": value.reason})
    return value


def _address(value: Any) -> Any:
    if isinstance(value, int | float):
        raise PydanticCustomError("address_number", "{value} is no address; a host number works where the segment is "
                                  "known", {"value": value})
    return _refuse_unresolved(value)


def _prefix(value: Any) -> Any:
    _address(value)
    try:
        network = ip_network(value, strict=False)
    except (TypeError, ValueError):
        return value
    if isinstance(value, str) and value.partition("/")[0] != str(network.network_address):
        raise PydanticCustomError("prefix_host_bits", "{value} has host bits set; the prefix is {exact}",
                                  {"value": value, "exact": str(network)})
    return value


def _or_number(family: str) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [
        {"type": "string", "format": family},
        {"type": "integer", "minimum": 1, "maximum": 16777214, "description": "host number in the segment's prefix"}]})


Prefix4 = Annotated[IPv4Network, BeforeValidator(_prefix)]
Prefix6 = Annotated[IPv6Network, BeforeValidator(_prefix)]
Prefix = Annotated[IPv4Network | IPv6Network, BeforeValidator(_prefix)]
Address4 = Annotated[IPv4Address, BeforeValidator(_address)]
Address6 = Annotated[IPv6Address, BeforeValidator(_address)]
Interface4 = Annotated[IPv4Interface, BeforeValidator(_address)]
HostAddress4 = Annotated[Address4, _or_number("ipv4")]
HostAddress6 = Annotated[Address6, _or_number("ipv6")]
_Scalar = Annotated[str, BeforeValidator(_as_text)]
Name = Annotated[_Scalar, AfterValidator(_name)]
Text = Annotated[_Scalar, AfterValidator(_text)]
MacPrefix = Annotated[_Scalar, AfterValidator(_mac_prefix)]
DomainName = Annotated[
    str, Field(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$", max_length=253)]
TimeOfDay = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", description="HH:MM")]
PortNumbers = Annotated[_Scalar, AfterValidator(_port_numbers), Field(examples=["8443", "6000-6010"])]
Mac = Annotated[_Scalar, AfterValidator(_mac)]
PortKey = Annotated[_Scalar, AfterValidator(_port_key)]
AddressRange = Annotated[str, BeforeValidator(_refuse_unresolved), AfterValidator(_range)]
VlanId = Annotated[int, Field(ge=1, le=4094, strict=True, description="IEEE 802.1Q VLAN number")]
Word = Annotated[_Scalar, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,62}$", description="a model or version")]

__all__ = [
    "Address4", "Address6", "AddressRange", "DomainName", "HostAddress4", "HostAddress6", "IPv4Address",
    "IPv4Interface", "IPv4Network", "IPv6Address", "IPv6Network", "Interface4", "Mac", "MacPrefix", "Model", "Name",
    "PortKey", "PortNumbers", "Prefix", "Prefix4", "Prefix6", "Text", "TimeOfDay", "Unresolved", "VlanId", "Word",
    "expand_ports",
]
