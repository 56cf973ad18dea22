"""A FortiGate that runs already, read into the words from which a definition is written.

What is saved of it: ``show``, or a backup of the unit. Source: fact sheet, all sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address

from punchdown.platforms.adoption import gathered
from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.fortinet_fortios.adopt_advice import advice
from punchdown.platforms.fortinet_fortios.adopt_lines import Known, told
from punchdown.platforms.fortinet_fortios.adopt_places import OURS, Places, domains, vlan_of
from punchdown.platforms.fortinet_fortios.adopt_policies import Policies, as_prefixes
from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT, OLDEST, TOO_OLD, TRUSTED_HOSTS
from punchdown.platforms.fortinet_fortios.masking import SHOW, mask
from punchdown.platforms.fortinet_fortios.policy_objects import Library, UnknownError, network
from punchdown.platforms.fortinet_fortios.tree import ANY4, NOWHERE, read
from punchdown.values import RunningConfig, RunningDocument
from punchdown.values.adopted import DENIES, Advice, SeenDevice, SeenVlan
from punchdown.values.policy import LineRef

_SIGN = re.compile(r"^\s*(?:#config-version=F|config (?:vdom|global|system (?:global|interface|admin)|firewall policy)"
                   r"\s*$)", re.MULTILINE)
_STATEMENT = re.compile(r"^\s*(?:set|edit) ", re.MULTILINE)
_BREAKS = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
"""What Python takes for the end of a line, and no device does."""
_UNIT = re.compile(r"^\s*#config-version=(?P<model>[^-\s]+)-(?P<version>\d+(?:\.\d+)+)", re.MULTILINE)
_MODES = {"central-nat": ("disable", "central NAT is on: policies name no virtual IPs there"),
          "opmode": ("nat", "it bridges (transparent mode)"),
          "ngfw-mode": ("profile-based", "its policies are by application (ngfw-mode policy-based)")}
_TIMEOUT = "5"


class FortiosAdopter:
    """See :class:`punchdown.platforms.adoption.Adopter`."""

    def recognises(self, text: str) -> bool:
        """The header of a unit, or blocks that every unit has."""
        return _SIGN.search(text) is not None and _STATEMENT.search(text) is not None

    def masked(self, files: Mapping[str, str], fingerprint: Fingerprint) -> Mapping[str, str]:
        """The configuration, line by line, so that a line's number stays the file's."""
        shown = next((text for text in files.values() if self.recognises(text)), None)
        return {} if shown is None else {DOCUMENT: mask(_BREAKS.sub(" ", shown.replace("\r", "")), fingerprint)}

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """All that is set otherwise than by default. Raises DeviceError."""
        documents = self.masked({SHOW: reader.show(SHOW, timeout=120.0).output}, fingerprint)
        return RunningConfig(reader.device, "fortinet_fortios", tuple(
            RunningDocument(name, text) for name, text in documents.items()))

    def read(self, name: str, source: str, documents: Mapping[str, str]) -> SeenDevice:
        """A firewall; what it is called stands in its text."""
        return _Reading(name, source, documents.get(DOCUMENT, "")).device()


class _Reading:
    """One configuration, as its blocks show it."""

    def __init__(self, name: str, source: str, text: str) -> None:
        self._name, self._source, self._text = name, source, text
        self._lines = tuple(text.split("\n"))
        self._editor = read((line, NOWHERE) for line in self._lines)
        self._domains = domains(self._editor.root)
        self._root = self._domains.root
        library = Library(self._root)
        self._places = Places(self._root, library)
        self._policies = Policies(self._root, library, self._places)
        self._trusted = dict(self._logins())

    def device(self) -> SeenDevice:
        """The firewall as its text shows it."""
        settings, unit = self._root.at("config system global"), _UNIT.search(self._text)
        logins = tuple(dict.fromkeys(prefix for found in self._trusted.values() for prefix in found))
        denials = (Advice(DENIES, tuple(self._policies.denials), (), "medium"),) if self._policies.denials else ()
        known = Known(self._root, self._places, self._policies, self._lines)
        route = self._places.route
        timeout = settings.value("admintimeout", _TIMEOUT if settings.settings else "")
        return SeenDevice(
            name=self._name, shown_name=settings.value("hostname", self._name), platform="fortinet_fortios",
            role="firewall", source=self._source, version=unit["version"] if unit else "",
            lines=tuple(told(known, self._domains.several, self._editor.strays, self._editor.root)),
            advice=(*gathered(advice(self._root, self._places, self._policies, all(self._trusted.values()))), *denials),
            refused=self._refused(unit["version"] if unit else ""), legs=self._places.legs,
            vlans=tuple(self._vlans()), router=_address(route.value("gateway")) if route else "",
            ntp=self._servers("config system ntp", "config ntpserver"), syslog=tuple(self._syslog()),
            banner=self._banner(), session_minutes=int(timeout) if timeout.isdecimal() else 0,
            logins=logins or None, openings=tuple(self._policies.openings), forwards=tuple(self._policies.forwards),
            netblocks=self._policies.lists, denied=self._policies.denied, vpns=self._places.vpns,
            elsewhere=self._places.elsewhere,
            called=tuple(self._policies.called.items()),
            secrets=tuple((f"the key of the VPN {vpn.name}", vpn.line) for vpn in self._places.vpns
                          if vpn.shared_secret))

    def _refused(self, version: str) -> str:
        """Why the unit can't be driven, empty when it can."""
        if self._domains.names:
            return f"it has virtual domains ({', '.join(self._domains.names)}): only a unit without them is driven"
        if version and tuple(map(int, version.split(".")[:3])) < OLDEST[:len(version.split("."))]:
            return f"FortiOS {version}: {TOO_OLD}"
        settings = self._root.at("config system settings")
        modes = [why for name, (usual, why) in _MODES.items() if settings.value(name, usual) != usual]
        if modes:
            return modes[0]
        if not self._places.legs:
            return "nothing tells its interfaces"
        strange = ", ".join(sorted(leg.name for leg in self._places.legs if not OURS.fullmatch(leg.name)))
        return f"its interfaces are called {strange}: this platform knows lanVLAN and wan0" if strange else ""

    def _vlans(self) -> Iterator[SeenVlan]:
        """VLANs by what comments of ours call their segments, or by the names of their interfaces."""
        by_leg = {leg.name: leg for leg in self._places.legs}
        for name, node in self._root.entries("system interface").items():
            vlan, leg = vlan_of(name, node), by_leg.get(name)
            if vlan and not (leg and leg.outside):
                told_name = self._policies.segments.get(self._places.networks((name,))[0], "") if leg else ""
                own = node.value("alias") or ("" if re.fullmatch(r"(?:lan|vlan|port)[-_. ]?\d+", name, re.IGNORECASE)
                                              else name)
                yield SeenVlan(vlan, told_name or own, LineRef(DOCUMENT, node.number, f"edit {name}"))

    def _logins(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Accounts, and the prefixes from which each may log in; none = from anywhere."""
        for name, node in self._root.entries("system admin").items():
            found: list[str] = []
            for number in range(1, TRUSTED_HOSTS + 1):
                words = node.values(f"trusthost{number}")
                try:
                    found += as_prefixes((network(words, 4),), 4) if words and words != ANY4 else ()
                except UnknownError:
                    continue
            yield name, tuple(found)

    def _servers(self, *path: str) -> tuple[str, ...]:
        entries = (self._root.at(*path, line) for line in self._root.at(*path).children)
        return tuple(dict.fromkeys(address for node in entries if (address := _address(node.value("server")))))

    def _syslog(self) -> Iterator[str]:
        for number in ("", "2", "3", "4"):
            node = self._root.at(f"config log syslogd{number} setting")
            if node.value("status") == "enable" and (address := _address(node.value("server"))):
                yield address

    def _banner(self) -> tuple[str, ...]:
        if self._root.at("config system global").value("pre-login-banner") != "enable":
            return ()
        text = self._root.at("config system replacemsg admin pre_admin-disclaimer-text").value("buffer")
        return tuple(line.strip() for line in text.split("\n")) if text else ()


def _address(text: str) -> str:
    """An IPv4 address, empty for a name and for none."""
    try:
        found = IPv4Address(text)
    except ValueError:
        return ""
    return str(found) if int(found) else ""


ADOPTER = FortiosAdopter()
