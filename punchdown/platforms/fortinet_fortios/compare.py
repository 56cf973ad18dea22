"""Intended against running, object by object; order counts among policies alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.meaning import Meanings
from punchdown.platforms.fortinet_fortios.normalise import POLICIES
from punchdown.platforms.fortinet_fortios.ownership import (
    ADMINS,
    HELPERS,
    INTERFACES,
    View,
    unmanaged,
    views,
)
from punchdown.platforms.fortinet_fortios.remediation import remediate
from punchdown.platforms.fortinet_fortios.tree import Key, edit, read, read_text, set_line
from punchdown.platforms.lines import misplaced
from punchdown.values import Change, Difference, IntendedConfig, RunningConfig, Verdict


def compare(intent: DeviceIntent, intended: IntendedConfig, running: RunningConfig,
            fingerprint: Mapping[str, str]) -> Change:
    """Differences in canonical words and the remediation; a secret is never compared, the unit encrypts it anew at each
    reading."""
    del fingerprint
    wanted = read((line.text, line.source) for line in intended.document(DOCUMENT).lines).root
    present = read_text(running.text(DOCUMENT)).root
    ours, theirs = views(wanted, present)
    differences = tuple(_Comparison(intent, ours, theirs).all())
    steps = remediate(ours, theirs) if differences else ()
    risk, why = _risk(differences)
    return Change(intent.device, intent.platform, differences, steps, running.digest, unmanaged(wanted, present), risk,
                  why)


class _Comparison:
    """Two views of one device."""

    def __init__(self, intent: DeviceIntent, ours: View, theirs: View) -> None:
        self.intent = intent
        self.ours = ours
        self.theirs = theirs
        self.meanings = Meanings(intent)

    def all(self) -> Iterator[Difference]:
        """Object by object in the order of the template, then what nobody wants, then order."""
        for key, settings in self.ours.objects.items():
            there = self.theirs.objects.get(key)
            if there is None:
                yield self._one(Verdict.MISSING, key[:-1], key[-1], key)
                there = {}
            for name, item in settings.items():
                if name not in there or there[name].values != item.values:
                    yield self._one(Verdict.MISSING, key, set_line(name, item.values), key)
            for name, item in there.items():
                if name not in settings or settings[name].values != item.values:
                    yield self._one(Verdict.EXTRA, key, set_line(name, item.values), key)
        for key in self.theirs.objects:
            if key not in self.ours.objects:
                yield self._one(Verdict.EXTRA, key[:-1], key[-1], key)
        for number in self.theirs.helpers:
            yield self._one(Verdict.EXTRA, (HELPERS,), edit(number), (HELPERS, edit(number)))
        for number in misplaced(self.ours.policies(), self.theirs.policies()):
            yield self._one(Verdict.REORDERED, (POLICIES,), edit(number), (POLICIES, edit(number)))

    def _one(self, verdict: Verdict, path: Key, line: str, key: Key) -> Difference:
        settings = self.ours.objects.get(key, {})
        name = line.split()[1] if line.startswith("set ") else ""
        source = settings[name].source if name in settings else self.ours.sources.get(key, self.intent.source)
        if key[0] == HELPERS:
            source = self.ours.helpers_source
        shown = self.theirs.objects.get(key, settings)
        return Difference(verdict, DOCUMENT, path, line, source, self.meanings.of(verdict, key, line, shown),
                          self.meanings.severity(key))


def _risk(differences: tuple[Difference, ...]) -> tuple[str, str]:
    """High where the way into the device changes; a remark on what is not shown because it is so by default."""
    tables = {item.path[0] for item in differences}
    if ADMINS in tables:
        return "high", "touches who may log in to the device"
    if INTERFACES in tables:
        return "high", "touches an interface: the management session may go by it"
    if any(table.startswith(("config vpn", "config router")) for table in tables):
        return "medium", "touches a VPN: what goes through it may be interrupted"
    if any(table.startswith("config firewall") for table in tables):
        return "medium", "policies change: sessions that they no longer allow end"
    return "low", ""
