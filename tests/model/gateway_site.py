"""A branch with a controller, a border gateway and whatever settings a test gives them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from punchdown.compiler import compile_site
from punchdown.compiler.gateway import gateway_settings
from punchdown.loader import load_estate
from punchdown.model import Diagnostic, LoadedSite
from punchdown.model.codes.gateways import CODES
from punchdown.values import GatewaySetting

SITE = """\
site: faro
extends: branch
segments:
  call-control: {vlan: 110, prefix: 10.20.10.0/24, zone: call-control}
  phones: {vlan: 120, prefix: 10.20.20.0/24, zone: voice}
  dmz: {vlan: 150, prefix: 10.20.50.0/24, zone: dmz}
  management: {vlan: 199, prefix: 10.20.99.0/24, zone: management}
management: {banner: [Authorised use only.]}
firewall:
  netblocks: {branches: [192.0.2.0/24, 198.51.100.32/27], both: [192.0.2.0/24, '2001:db8::/48']}
hosts:
  icp-1:
    kind: KIND
    segment: call-control
    address: 10.20.10.10
    settings: {PBX}
  mbg-1:
    kind: border-gateway
    segment: dmz
    address: 10.20.50.10
    public: 203.0.113.10
    expose: [minet-tls, sip-tls]
    settings: {MBG}
  taker: {kind: application, segment: dmz, address: 10.20.50.11, uses: [USES]}
  admin-1: {kind: admin, segment: management, address: 10.20.99.100, uses: [ADMIN]}
"""
PROFILE = "profile: branch\n"
SOUND = "password-expiry-interval: 90, phone-administrator-passcode: '<secret:code>'"
"""What System Security Management needs to be without a warning."""


def block(text: str) -> str:
    """Settings in block style at their place."""
    return "\n" + textwrap.indent(textwrap.dedent(text).strip("\n"), " " * 6) if text else "{}"


def load(tmp_path: Path, pbx: str = "", mbg: str = "", *, kind: str = "icp-3300-wan", uses: str = "",
         admin: str = "admin-https@mbg-1, ssh@mbg-1", profile: str = "", extra: str = "") -> LoadedSite:
    """The site above with settings put in."""
    (tmp_path / "sites").mkdir(exist_ok=True)
    (tmp_path / "profiles").mkdir(exist_ok=True)
    (tmp_path / "punchdown.yml").write_text("estate: test\n")
    (tmp_path / "profiles" / "branch.yml").write_text(PROFILE + textwrap.dedent(profile))
    text = SITE.replace("KIND", kind).replace("{PBX}", block(pbx)).replace("{MBG}", block(mbg)).replace("USES", uses)
    text = text.replace("ADMIN", admin)
    (tmp_path / "sites" / "faro.yml").write_text(text + extra)
    return load_estate(tmp_path).loaded["faro"]


def told(loaded: LoadedSite) -> dict[str, Diagnostic]:
    """What is said about settings, by the name of its code."""
    ours = {code.name for code in CODES} | {"never-expose", "netblock-unknown"}
    return {item.name: item for item in compile_site(loaded).diagnostics if item.name in ours}


def settings(loaded: LoadedSite, host: str) -> dict[tuple[str, str, int], GatewaySetting]:
    """A host's settings by form, field and entry."""
    return {(item.form, item.field, item.entry): item for item in gateway_settings(loaded)[host]}


def forward(**cells: object) -> str:
    """One forward of minet-tls to the border gateway, with cells changed."""
    written = {key.replace("_", "-"): value for key, value in cells.items()}
    entry = {"protocol": "TCP", "src-start-port": 6801, "src-end-port": 6802, "dst-ip-address": "mbg-1", **written}
    return "- {" + ", ".join(f"{key}: {value}" for key, value in entry.items() if value is not None) + "}"


def table(*entries: str) -> str:
    """A Port Forward Table of these entries."""
    return "port-forward-table:\n" + "\n".join(f"  {entry}" for entry in entries)


SIP = "- {src-start-port: 5061, src-end-port: 5061, dst-ip-address: mbg-1}"
