"""A report as one HTML file: no external resource, no inline event, everything escaped.

The page holds exactly one style and one script, each allowed by its digest in the page's own content security
policy; nothing else may load or run, so device text that slipped through escaping still could do nothing.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from punchdown.report.group_lines import gone_texts, news_text
from punchdown.report.groups import SEVERITIES, told_once
from punchdown.report.ignoring import LOOKS
from punchdown.report.lines import SIGNS, STATUS_STYLES, spoken, untold, weight
from punchdown.report.page_words import FILTERS
from punchdown.report.printable import printable
from punchdown.report.way_lines import way_groups
from punchdown.values import NOWHERE, DeviceReport, Difference, Finding, Report

BAR_WIDTH = 1000
TITLES = {"plan": "Planned changes", "apply": "Applied changes", "verify": "Verification", "drift": "Drift report",
          "check": "Definition check", "render": "Rendered configurations"}


@dataclass(frozen=True, slots=True)
class Share:
    """One status on the bar: ``start`` and ``width`` in thousandths of it."""

    status: str
    style: str
    count: int
    start: float
    width: float


def to_html(report: Report) -> str:
    """The page as text. Same report, same bytes."""
    wide = told_once(report)[0] if report.kind in LOOKS else ()
    return render_page("page.html.j2", report=report, title=TITLES.get(report.kind, report.kind), wide=wide,
                       devices=_worst_first(report), gone=gone_texts(report),
                       news=news_text(report), shares=_shares(report), new=frozenset(report.new), nowhere=NOWHERE)


def render_page(template: str, *, styles_of: tuple[str, ...] = ("page.css",), script_of: str = "page.js",
                **values: object) -> str:
    """A page of ours with its style, its script and the policy that allows nothing else."""
    style, script = "".join(map(_asset, styles_of)), _asset(script_of) if script_of else ""
    scripts = _digest(script) if script else "'none'"
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {scripts}; "
        "base-uri 'none'; form-action 'none'"
    )
    return _environment().get_template(template).render(
        **values, style=Markup(style), script=Markup(script), policy=Markup(policy),  # noqa: S704  our own files
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("punchdown.report", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_visible,
    )
    environment.filters.update(
        spoken=spoken, sign=_sign, verdict_style=_verdict_style, status_style=_status_style, untold=untold,
        weight=weight, worst=_worst, worst_first=_by_severity, way_groups=way_groups, **FILTERS,
    )
    return environment


def _visible(value: object) -> object:
    """Every value that a template prints, made visible; markup of the page itself passes."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else printable(value)


@cache
def _asset(name: str) -> str:
    return files("punchdown.report").joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _sign(difference: Difference) -> str:
    return SIGNS[difference.verdict][0]


def _verdict_style(difference: Difference) -> str:
    return SIGNS[difference.verdict][1].value


def _status_style(status: str) -> str:
    return STATUS_STYLES[status].value if status in STATUS_STYLES else "plain"


def _worst(device: DeviceReport) -> str:
    """The worst severity of what there is to say about a device, empty when there is nothing."""
    lines = device.change.differences if device.change is not None else ()
    told = {*(item.severity.value for item in untold(device)), *(item.severity for item in lines)}
    return next((item.value for item in SEVERITIES if item.value in told), "")


def _by_severity(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda item: SEVERITIES.index(item.severity))


def _worst_first(report: Report) -> tuple[DeviceReport, ...]:
    """The devices as a reader needs them: what could not be done, then what is worst. A plan keeps its order."""
    if report.kind not in LOOKS | {"apply", "rollback"}:
        return report.devices
    ranks = ["high", "medium", "low", "unknown", ""]
    return tuple(sorted(report.devices, key=lambda item: (not item.error, ranks.index(_worst(item)))))


def _shares(report: Report) -> tuple[Share, ...]:
    """The statuses that occur, in the order of :data:`STATUS_STYLES`, side by side."""
    counts = Counter(device.status for device in report.devices)
    total = sum(counts.values())
    shares: list[Share] = []
    start = 0.0
    for status in STATUS_STYLES:
        if counts[status]:
            width = BAR_WIDTH * counts[status] / total
            shares.append(Share(status, STATUS_STYLES[status].value, counts[status], round(start, 2), round(width, 2)))
            start += width
    return tuple(shares)
