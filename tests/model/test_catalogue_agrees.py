"""The words of the definition and the data of the catalogue are the same, and the data holds together."""

from __future__ import annotations

from itertools import chain
from typing import get_args

import pytest

from punchdown.catalog import custom_service, kinds, marks, never_exposed, remote_kinds, services
from punchdown.catalog.controls import controls
from punchdown.model.edge import RemoteKind
from punchdown.model.operation import Qos
from punchdown.model.segments import Zone
from punchdown.model.site import HostKind


def test_every_kind_that_can_be_written_is_in_the_catalogue_and_no_other() -> None:
    assert set(get_args(HostKind)) == set(kinds())
    assert set(get_args(RemoteKind)) == set(remote_kinds())
    assert all(marks(profile) for profile in get_args(Qos.model_fields["profile"].annotation))


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_kind_speaks_of_services_and_zones_that_exist(name: str) -> None:
    kind = kinds()[name]
    assert {*kind.offers, *kind.renames.values(), *chain(*kind.clients.values(), *kind.reaches.values())} <= \
        set(services())
    assert {*kind.clients, *kind.reaches} <= set(get_args(Zone))
    assert set(chain(*kind.clients.values())) <= set(kind.offers)
    assert set(kind.renames) <= set(kind.offers)


@pytest.mark.parametrize("name", sorted(remote_kinds()))
def test_what_is_granted_beyond_the_site_is_established(name: str) -> None:
    kind = remote_kinds()[name]
    granted = [services()[service] for service in chain(*kind.clients.values())]
    assert not [service.name for service in granted if service.confirm or service.clear]
    assert set(kind.clients) <= set(get_args(Zone))
    assert kind.source


@pytest.mark.parametrize("name", sorted(services()))
def test_a_service_has_ports_a_source_and_known_controls(name: str) -> None:
    service = services()[name]
    assert service.transports
    assert service.source
    assert set(service.controls) <= set(controls())
    assert all(1 <= item.first <= item.last <= 65535 for _, ports in service.transports for item in ports)


def test_no_zone_is_granted_what_no_document_establishes() -> None:
    granted = {kind.renames.get(service, service) for kind in kinds().values()
               for service in chain(*kind.clients.values(), *kind.reaches.values())}
    assert not [name for name in granted if services()[name].confirm]


@pytest.mark.parametrize(("tcp", "udp", "control"), [
    ((), ("69",), "wan-disable-unused"), (("1000-2000",), (), "wan-pptp-disabled"),
    (("22",), (), "admin-mbg-ssh-restricted"),
    (("6800",), (), "acl-secure-minet"), (("6801-6802",), (), ""), ((), ("1752",), ""), (("1754-1760",), (), "")])
def test_ports_never_face_the_internet_whatever_they_are_called(tcp: tuple[str, ...], udp: tuple[str, ...],
                                                                control: str) -> None:
    assert never_exposed(custom_service("harmless", tcp, udp, "nowhere")) == control
