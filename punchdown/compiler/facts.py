"""What a site states and no device of it enforces: carried for whoever audits it or does it by hand."""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.compiler.context import SiteContext
from punchdown.intent import Fact


def site_facts(context: SiteContext) -> tuple[Fact, ...]:
    """Every such statement, in order of the definition."""
    parts = (_wireless, _names, _resilience, _edges, _backup, _passwords, _probes, _stacks)
    return tuple(fact for part in parts for fact in part(context))


def _fact(context: SiteContext, feature: str, subject: str, text: str, *path: str,
          controls: tuple[str, ...] = ()) -> Fact:
    return Fact(feature, subject, text, context.origin(*path, controls=controls))


def _wireless(context: SiteContext) -> Iterator[Fact]:
    for name, wlan in context.site.wireless.ssids.items():
        segment = context.site.segments[wlan.segment]
        voice = segment.zone == "voice"
        yield _fact(context, "wireless", name, f"{wlan.security} into VLAN {segment.vlan} ({wlan.segment})"
                    + (", name hidden" if wlan.hidden else ""), "wireless", "ssids", name,
                    controls=("wireless-wpa2-minimum", "wireless-ssid-vlan-map",
                              *(("wireless-voice-ssid",) if voice else ())))


def _names(context: SiteContext) -> Iterator[Fact]:
    hosts = context.site.hosts
    for number, item in enumerate(context.site.split_names):
        outside = f", outside {hosts[item.outside].public}" if item.outside else ", unknown outside"
        yield _fact(context, "split-dns", item.name, f"inside {hosts[item.inside].address}{outside}", "split_names",
                    str(number), controls=("mbg-webproxy-internal-dns", "mbg-webproxy-public-dns"))


def _resilience(context: SiteContext) -> Iterator[Fact]:
    for name, host in context.site.hosts.items():
        if host.secondary_of:
            yield _fact(context, "resilience", name, f"stands in for {host.secondary_of}", "hosts", name,
                        "secondary_of", controls=("resiliency-load-distribution",))


def _edges(context: SiteContext) -> Iterator[Fact]:
    """What a gateway with an Internet leg of its own lets in; no device of the site forwards it."""
    for name, host in context.site.hosts.items():
        if context.kind(host).internet_facing:
            for number, item in enumerate(host.expose):
                yield _fact(context, "own-forward", name, f"{item.service} open on {host.public} for "
                            f"{item.source or context.site.firewall.allow or 'any'}", "hosts", name, "expose",
                            str(number), controls=("firewall-port-forward-minimal",))


def _backup(context: SiteContext) -> Iterator[Fact]:
    if backup := context.site.management.backup:
        yield _fact(context, "backup", context.site.site, f"{backup.days} at {backup.at}, {backup.keep} copies kept"
                    + (f" on {backup.server}" if backup.server else ""), "management", "backup",
                    controls=("resiliency-flex-backups", "admin-mivb-sftp"))


def _passwords(context: SiteContext) -> Iterator[Fact]:
    if policy := context.site.management.passwords:
        yield _fact(context, "passwords", context.site.site, f"{policy.length} characters, {policy.days} days, locked "
                    f"for {policy.lockout_minutes} minutes after {policy.attempts} wrong ones", "management",
                    "passwords", controls=("password-mivb-strength", "password-mivb-expiry",
                                           "admin-mivb-login-attempts"))


def _probes(context: SiteContext) -> Iterator[Fact]:
    rate = context.site.protection.probe_packets_per_second
    yield _fact(context, "probe-rate", context.site.site, f"probes send {rate} packets a second at most", "protection",
                "probe_packets_per_second", controls=("endpoint-micro-firewall-rates",))


def _stacks(context: SiteContext) -> Iterator[Fact]:
    for name, device in context.site.devices.items():
        for number, member in device.stack.items():
            if member.model or member.serial:
                yield _fact(context, "stack-member", name, f"member {number}: {member.model} {member.serial}".rstrip(),
                            "devices", name, "stack", str(number))
