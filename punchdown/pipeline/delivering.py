"""Packages of gateways to where the definition says, by SFTP."""

from __future__ import annotations

from pathlib import Path

from punchdown.devices import FileTarget, Operator, deliver
from punchdown.errors import PlanError, PunchdownError
from punchdown.loader import load_estate
from punchdown.model import Site
from punchdown.pipeline.packages import gateway_packages
from punchdown.pipeline.select import Selection
from punchdown.platforms.forms import MANIFEST, Package
from punchdown.values import DeviceReport, Report


def file_targets(estate: Path, selection: Selection) -> tuple[tuple[FileTarget, Package], ...]:
    """Where the package of each selected gateway goes, for those whose host says ``delivery``.

    Raises:
        PlanError: none of them does; and as :func:`gateway_packages`.
    """
    sites = load_estate(estate).sites
    found = tuple((target, item) for item in gateway_packages(estate, selection)
                  if (target := _target(sites[item.site], item.host)))
    if not found:
        raise PlanError("no selected gateway says where its files go: hosts.NAME.delivery")
    return found


def _target(site: Site, name: str) -> FileTarget | None:
    host = site.hosts[name]
    if host.delivery is None:
        return None
    own, shared = host.delivery, site.management
    return FileTarget(name, str(own.address or host.address), own.credential or shared.credential, own.folder,
                      own.port, own.jump or shared.jump)


def deliver_packages(estate: Path, operator: Path, selection: Selection, now: str) -> Report:
    """Put every selected package below its folder as ``SITE-HOST``. One that fails leaves the others alone.

    Raises:
        TrustError: there is no operator's directory; and as :func:`file_targets`.
    """
    mine = Operator.load(operator)
    rows = []
    for target, package in file_targets(estate, selection):
        files = {item.path: item.data for item in package.files} | {MANIFEST: package.manifest.encode()}
        try:
            deliver(mine, target, f"{package.site}-{package.host}", files, MANIFEST)
            status, error = "changed", ""
        except PunchdownError as fault:
            status, error = "failed", str(fault)
        rows.append(DeviceReport(package.host, package.site, package.product, "gateway", status, error=error))
    return Report("deliver", load_estate(estate).name, now, tuple(rows))
