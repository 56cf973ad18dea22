"""What the search of the first page looks through: one entry for everything that has a page or a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from markupsafe import Markup

from punchdown.catalog.controls import controls
from punchdown.report.pages.views import WHOLE, EstateView
from punchdown.report.printable import TITLE, printable
from punchdown.values import Fault

_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def search_index(view: EstateView) -> Markup:
    """A JSON list of [kind, title, what it is, address, more words]. No character of it can end a script element."""
    text = json.dumps(list(_entries(view)), separators=(",", ":"))
    return Markup(text.translate(_HTML))  # noqa: S704  JSON without <, > and &


def _entries(view: EstateView) -> Iterator[tuple[str, str, str, str, str]]:
    for site in view.sites:
        lanes = " ".join(f"{lane.name} {lane.vlan} {' '.join(lane.prefixes)}" for lane in site.place.lanes)
        yield "site", site.name, f"{len(site.devices)} devices", f"sites/{site.name}.html", lanes
        for device in site.devices:
            yield ("device", device.name, f"{device.listed.role}, {site.name}, {device.status}",
                   f"devices/{site.name}.{device.name}.html", device.listed.platform)
    for name, control in controls().items():
        yield "control", name, printable(control.title), f"controls/{name}.html", ""
    for site in view.sites:
        for fault in site.faults:
            yield _fault(fault)


def _fault(fault: Fault) -> tuple[str, str, str, str, str]:
    finding = fault.finding
    address = f"sites/{fault.site}.html" if fault.kind in WHOLE else f"devices/{fault.site}.{fault.device}.html"
    more = " ".join((finding.meaning, finding.line if finding.line not in finding.title else "", finding.field,
                     *finding.controls))
    return (finding.severity.value, printable(finding.title, TITLE), fault.device, address,
            printable(more.strip(), 2 * TITLE))
