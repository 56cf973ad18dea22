"""What FreeRADIUS 3.2 on Debian can enforce, and the documents that hold it.

Source: fact sheet freeradius.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent, RadiusIntent
from punchdown.platforms.contract import Capabilities
from punchdown.platforms.freeradius.words import CHECK_ITEMS, mac_key, word
from punchdown.platforms.linux import management

ROOT = "/etc/freeradius/3.0"
CLIENTS = f"{ROOT}/clients.conf"
EAP = f"{ROOT}/mods-available/eap"
MAB_MODULE = f"{ROOT}/mods-available/mab_file"
MAB = f"{ROOT}/mods-config/files/mab"
USERS = f"{ROOT}/mods-config/files/authorize"
INNER = f"{ROOT}/sites-available/inner-tunnel"
EAP_TLS = f"{ROOT}/sites-available/check-eap-tls"
SITE = f"{ROOT}/sites-available/punchdown"
LINKS = "links:freeradius"
"""Which modules and sites are enabled; all sites are owned, of the modules only the two that are rendered."""

FILES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    CLIENTS: ("clients",), EAP: ("eap",), MAB_MODULE: ("mab_module",), MAB: ("mab",), USERS: ("users",),
    INNER: ("inner_tunnel",), EAP_TLS: ("eap_tls",), SITE: ("site",)})

DOCUMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType({**FILES, LINKS: ("links",), **management.DOCUMENTS})

CAPABILITIES = Capabilities(
    features=tuple(feature for features in DOCUMENTS.values() for feature in features),
    roles=("radius",),
    filter_out=False,
    stateful=False,
    linux=True,
    meets=("mac-vendors",),
    not_atomic="The server restarts: for about a second it answers nobody, and logins in progress start again. "
               "Each file is replaced by rename, the files one after the other; the server reads them only when it "
               "starts. The management plane follows after it.",
)


def refusals(intent: DeviceIntent) -> tuple[str, ...]:
    """Why this intent can't be met; empty = it can."""
    radius = intent.radius
    if radius is None:
        return ("a RADIUS server needs clients and users, the definition gives it none",)
    found = [*_twice("client", (client.name for client in radius.clients)),
             *_twice("client address", (client.address for client in radius.clients)),
             *_twice("identity", (user.identity for user in radius.users)),
             *_unprintable(radius), *_methods(radius)]
    return tuple(found)


def _twice(what: str, names: Iterable[str]) -> list[str]:
    """A second entry of the same name is silently dead, a second client of the same address stops the server."""
    return [f"{what} {name} is there twice" for name, count in sorted(Counter(names).items()) if count > 1]


def _unprintable(radius: RadiusIntent) -> list[str]:
    found = []
    for name in (*(client.name for client in radius.clients),
                 *(user.identity for user in radius.users if user.method != "mab")):
        try:
            word(name)
        except RenderError as error:
            found.append(str(error))
    for user in radius.users:
        try:
            if user.method == "mab":
                mac_key(user.identity)
        except RenderError as error:
            found.append(str(error))
    return found


def _methods(radius: RadiusIntent) -> list[str]:
    found = [f"{user.identity}: FreeRADIUS is not set up for method {user.method!r}" for user in radius.users
             if user.method not in {*CHECK_ITEMS, "mab"}]
    found += [f"{user.identity}: method {user.method} is not among the enabled ones" for user in radius.users
              if user.method in CHECK_ITEMS and user.method not in radius.methods]
    found += [f"{user.identity}: method {user.method} needs a password" for user in radius.users
              if user.method in {"md5", "peap"} and not user.secret]
    if {"tls", "peap"} & set(radius.methods) and not (radius.certificate_file and radius.private_key_file
                                                      and radius.ca_file):
        found.append("EAP-TLS and PEAP need a certificate, its key and the private CA")
    return found
