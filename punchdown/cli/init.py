"""``punchdown init``: an estate with one site that checks clean, out of a few answers."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from punchdown.cli.options import ESTATE_FILE, now
from punchdown.errors import ExitCode, InputError
from punchdown.pipeline import Selection, check
from punchdown.platforms import platform, platform_names
from punchdown.schema import WRITTEN_KINDS, schema_text

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST = 48
"""Characters of a name: those of devices are longer by what they are."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new estate is made of. ``prefix`` is the site's, /18 or wider; ``wan`` the firewall's outside, or None."""

    estate: str
    site: str
    prefix: IPv4Network
    switch: str
    access_switches: int
    wan: IPv4Interface | None


def _name(_context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not _NAME.fullmatch(value) or len(value) > _LONGEST:
        raise click.BadParameter(f"{value!r} is no name: lower-case letters, digits and inner hyphens, at most "
                                 f"{_LONGEST}", param=parameter)
    return value


def _prefix(_context: click.Context, parameter: click.Parameter, value: str) -> IPv4Network:
    try:
        prefix = IPv4Network(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no IPv4 prefix: {error}", param=parameter) from None
    if prefix.prefixlen > 18 or not prefix.is_private:
        raise click.BadParameter(f"{value}: a private prefix of /18 or wider is needed, such as 10.20.0.0/16",
                                 param=parameter)
    return prefix


def _wan(_context: click.Context, parameter: click.Parameter, value: str) -> IPv4Interface | None:
    if not value:
        return None
    try:
        wan = IPv4Interface(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is no address with a length: {error}", param=parameter) from None
    if wan.network.prefixlen > 30 or wan.ip in {wan.network.network_address, wan.network.broadcast_address}:
        raise click.BadParameter(f"{value}: an address with room for the provider's router is needed", param=parameter)
    return wan


def _switches() -> list[str]:
    return sorted(name for name in platform_names() if "access-switch" in platform(name).capabilities.roles
                  and platform(name).capabilities.dot1x_models)


class Asked(click.Option):
    """An option that is asked for on a terminal; elsewhere its default holds, and one without is missing."""

    def prompt_for_value(self, ctx: click.Context) -> Any:
        """What the person answers.

        Raises:
            click.MissingParameter: there is no person and no default.
        """
        if sys.stdin.isatty():
            return super().prompt_for_value(ctx)
        if self.default is None or not isinstance(self.default, str | int):
            raise click.MissingParameter(ctx=ctx, param=self)
        return self.type_cast_value(ctx, self.default)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option("--estate", cls=Asked, callback=_name, prompt="Name of the estate (the company)",
              help="Name of the estate.")
@click.option("--site", cls=Asked, callback=_name, prompt="Name of the first site", help="Name of the first site.")
@click.option("--prefix", cls=Asked, callback=_prefix, default="10.20.0.0/16", show_default=True,
              prompt="Private IPv4 prefix of the site", help="IPv4 prefix of the site, /18 or wider.")
@click.option("--switch", cls=Asked, type=click.Choice(_switches()), default="cisco_ios", show_default=True,
              prompt="Platform of the switches", help="Platform of the switches.")
@click.option("--access-switches", cls=Asked, type=click.IntRange(0, 50), default=1, show_default=True,
              prompt="Access switches beside the core one",
              help="How many access switches there are beside the core switch.")
@click.option("--wan", cls=Asked, callback=_wan, default="",
              prompt="Firewall's Internet address with length (empty: none)",
              help="The firewall's outside, such as 203.0.113.2/29. Default: none.")
def init(folder: Path, **given: Any) -> ExitCode:
    """Write punchdown.yml, a profile and a site that checks clean into FOLDER. Nothing is ever overwritten.

    On a terminal it asks for what was not given; elsewhere the defaults hold, and --estate and --site are needed.

    \b
    punchdown init
    punchdown init estate --estate grand-hotels --site lisbon --prefix 10.20.0.0/16 \\
        --switch cisco_ios --access-switches 2 --wan 203.0.113.2/29
    """
    answers = Answers(**given)
    with TemporaryDirectory() as trial:
        write_estate(Path(trial), answers)
        report = check(Path(trial), Selection(), now())
    for path in write_estate(folder, answers):
        click.echo(f"wrote {path}")
    click.echo(f"{len(report.devices)} devices; next: punchdown check -e {folder}")
    return ExitCode.OK


def write_estate(folder: Path, answers: Answers) -> list[Path]:
    """The files that were written.

    Raises:
        InputError: one of them is there already; then none is written.
    """
    files = {folder / name: text for name, text in estate_files(answers).items()}
    if there := [str(path) for path in files if path.exists() or path.is_symlink()]:
        raise InputError([f"{path} is there already; nothing was written" for path in there])
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    return list(files)


def estate_files(answers: Answers) -> dict[str, str]:
    """File name to text: a pure function of the answers."""
    return {
        ESTATE_FILE: f"# yaml-language-server: $schema=schemas/estate.schema.json\nestate: {answers.estate}\n",
        "profiles/standard.yml": _PROFILE,
        f"sites/{answers.site}.yml": _site(answers),
        **{f"schemas/{kind}.schema.json": schema_text(kind) for kind in WRITTEN_KINDS},
    }


_PROFILE = """\
# yaml-language-server: $schema=../schemas/profile.schema.json
# What all sites have in common; a site extends it and may override any of it.
profile: standard
management: {session_timeout_minutes: 15, banner: [Authorised use only. All sessions are recorded.]}
dot1x: {host_mode: multi-domain, dead: critical, critical_segment: office}
"""
_SEGMENTS = (("call-control", 10, "call-control"), ("phones", 20, "voice"), ("office", 32, "data"),
             ("servers", 40, "server"), ("management", 63, "management"))
"""Name, number of the /24 inside of the site's prefix, zone."""


def _net(answers: Answers, number: int) -> str:
    """The first three bytes of a /24 of the site."""
    return str(answers.prefix.network_address + number * 256).rpartition(".")[0]


def _site(answers: Answers) -> str:
    servers, managed = _net(answers, 40), _net(answers, 63)
    radius, dhcp = f"{answers.site}-radius", f"{answers.site}-dhcp"
    lines = ["# yaml-language-server: $schema=../schemas/site.schema.json", f"site: {answers.site}",
             "extends: standard", "segments:"]
    for name, number, zone in _SEGMENTS:
        net = _net(answers, number)
        leases = f", dhcp: {net}.100-{net}.199" if zone in {"voice", "data"} else ""
        lines.append(f"  {name}: {{vlan: {100 + number}, prefix: {net}.0/24, zone: {zone}{leases}}}")
    lines += [
        "hosts:",
        f"  mivb-1: {{kind: mivoice-business, segment: call-control, address: {_net(answers, 10)}.10}}",
        f"  call-records: {{kind: application, segment: servers, address: {servers}.15, uses: [smdr@mivb-1]}}",
        f"  admin-1: {{kind: admin, segment: management, address: {managed}.100, uses: [admin-https@mivb-1]}}",
        f"  {radius}: {{kind: radius-server, segment: management, address: {managed}.5}}",
        f"  {dhcp}: {{kind: dhcp-server, segment: management, address: {managed}.6}}",
        f"services: {{ntp: [{radius}], syslog: [{radius}], dns: [{radius}]}}",
        f"dot1x: {{servers: [{radius}]}}",
    ]
    if answers.wan:
        lines.append(f"firewall: {{wan: {{address: {answers.wan}, router: {_neighbour(answers.wan)}}}}}")
    return "\n".join([*lines, *_devices(answers, managed)]) + "\n"


def _neighbour(wan: IPv4Interface) -> str:
    first = wan.network.network_address + 1
    return str(first if first != wan.ip else first + 1)


def _devices(answers: Answers, managed: str) -> list[str]:
    names = [f"{answers.site}-acc-{number + 1}" for number in range(answers.access_switches)]
    core, firewall = f"{answers.site}-core", f"{answers.site}-fw"
    radius, dhcp = f"{answers.site}-radius", f"{answers.site}-dhcp"
    segments = [name for name, _number, _zone in _SEGMENTS]
    roles = ["mivb-1", "call-records", "admin-1", radius,
             *(f"{dhcp}/{name}" for name in ("phones", "office", "management")),
             *(f"{firewall}/{name}" for name in segments), *names]
    prefix = "p" if platform(answers.switch).capabilities.port_prefix == "p" else ""
    ports = [f"{prefix}{number}: {role}" for number, role in enumerate(roles, 1)]
    model = platform(answers.switch).capabilities.dot1x_models[0]
    kind = f"platform: {answers.switch}" + (f", model: {model}" if model != "*" else "")
    lines = ["devices:", f"  {core}:", "    role: core-switch", *(f"    {part}" for part in kind.split(", ")),
             f"    management: {managed}.2", "    ports:", *(f"      {port}" for port in ports),
             f"      {prefix}{len(roles) + 1}-{max(48, len(roles) + 8)}: phone-and-pc"]
    for number, name in enumerate(names):
        lines.append(f"  {name}: {{role: access-switch, {kind}, management: {managed}.{11 + number},")
        lines.append(f"    ports: {{{prefix}1-46: phone-and-pc, {prefix}47: unused, {prefix}48: {core}}}}}")
    routed = ", ".join(segments)
    lines.append(f"  {firewall}: {{role: firewall, platform: linux_nftables, management: {managed}.1,")
    lines.append(f"    routes: [{routed}]}}")
    lines.append(f"  {radius}: {{role: radius, platform: freeradius, management: {managed}.5}}")
    lines.append(f"  {dhcp}: {{role: dhcp, platform: kea, management: {managed}.6, serves: [phones, office]}}")
    return lines
