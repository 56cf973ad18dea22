"""Gateways of example sites, and columns as a system might have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from punchdown.compiler.gateway import gateway_settings
from punchdown.loader import load_estate
from punchdown.platforms.forms import Column, ColumnMap, Gateway, sheets
from punchdown.values import GatewaySetting

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "inventory" / "examples"


def settings_of(estate: Path, site: str, host: str) -> tuple[GatewaySetting, ...]:
    """The resolved settings of one host."""
    return gateway_settings(load_estate(estate).loaded[site])[host]


def gateway_of(estate: Path, site: str, host: str, *columns: ColumnMap) -> Gateway:
    """One gateway with the columns of some of its forms."""
    netblocks = load_estate(estate).loaded[site].site.firewall.netblocks
    return Gateway(site, host, sheets(settings_of(estate, site, host)), {item.form: item for item in columns},
                   {name: tuple(map(str, prefixes)) for name, prefixes in netblocks.items()})


MINET = ColumnMap(product="border-gateway", form="minet-devices.devices", delimiter=";", columns=(
    Column(header="MAC", field="mac-address", separator="-"), Column(header="Name", field="description"),
    Column(header="Vendor's own"), Column(header="On", field="device-enabled", words=("Y", "N")),
    Column(header="ICP", field="configured-icp")))
SIP = ColumnMap(product="border-gateway", form="sip-devices.devices", columns=(
    Column(header="user", field="set-side-username"), Column(header="secret", field="set-side-password"),
    Column(header="inner user", field="icp-side-username"), Column(header="where", field="availability")))
CLASSES = ColumnMap(product="mivoice-business", form="class-of-service", columns=(
    Column(header="Class Of Service Number", field="class-of-service-number"),
    Column(header="Comment", field="comment"),
    Column(header="PC port off", field="pc-port-on-ip-device-disable")))


@pytest.fixture
def aveiro() -> Gateway:
    """A border gateway with phones of both kinds; its columns are known."""
    return gateway_of(EXAMPLES / "teleworkers", "aveiro", "mbg-1", MINET, SIP)


@pytest.fixture
def evora() -> Gateway:
    """A controller with two classes of service; its columns are known."""
    return gateway_of(EXAMPLES / "icp-branch", "evora", "icp-1", CLASSES)
