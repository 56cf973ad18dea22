"""MiVoice Border Gateway: lists for IP blocking as text files, phones by import."""

from __future__ import annotations

from ipaddress import ip_network

from punchdown.platforms.forms.contract import FormProduct, Gateway, PackageFile

LISTS = "ip-blocking.lists"


def netblock_files(gateway: Gateway) -> tuple[PackageFile, ...]:
    """One text file for each list that IP blocking uses: an IPv4 netblock a line, ``#`` begins a comment.

    IPv6 prefixes of a list are left out, and the file says so.

    Source: MBG online help 11.x (IP blocking).
    """
    sheet = next((item for item in gateway.sheets if item.name == LISTS), None)
    return tuple(_file(str(record["list-name"].value), str(record["list-mode"].value), gateway)
                 for record in (sheet.records if sheet else ()))


def _file(name: str, mode: str, gateway: Gateway) -> PackageFile:
    networks = [ip_network(text) for text in gateway.netblocks[name]]
    four = [str(item) for item in networks if item.version == 4]
    left_out = len(networks) - len(four)
    told = [f"# {name} ({mode}), site {gateway.site}"]
    if left_out:
        told.append(f"# {left_out} IPv6 netblocks are left out: the list takes IPv4 only")
    return PackageFile(f"netblocks/{name}.txt", "\n".join([*told, *four]) + "\n",
                       f"upload as a list of IP blocking, mode {mode}")


PRODUCT = FormProduct(
    "border-gateway",
    before=(
        "The sixth failed login within 10 minutes locks your address out.",
        "Set IP blocking last: a list that lacks your own address shuts you out.",
        "An import adds and changes records. It never deletes one.",
        "The file of the SIP devices holds no password: type each one before the device is used.",
        "A blank ICP-side password makes the gateway use the set-side one.",
    ),
    own_files=netblock_files, own_sheets=(LISTS,), last=("ip-blocking",))
"""Source: MBG online help 11.x; Security and the Mitel Teleworker (December 2025)."""
