"""The Jinja environment of a platform and the rendering of one device, feature by feature.

Every line knows where it comes from: ``{{ thing.source | cite }}`` prints a marker that names a provenance for this
line and the following ones of its feature. Values can't forge a marker, since it stands in control characters that
:func:`punchdown.render.words.plain` and the model refuse.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import cast

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, TemplateError, pass_context
from jinja2.runtime import Context

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent
from punchdown.platforms import platform
from punchdown.render.words import FILTERS
from punchdown.values import ConfigLine, Document, IntendedConfig, Provenance

_OPEN, _CLOSE = "\x02", "\x03"


class _Citations:
    """Numbers the provenances that the templates cite while one device is rendered."""

    def __init__(self) -> None:
        self.sources: list[Provenance] = []
        # By identity: a template cites the same few objects again and again, and the list above keeps them alive.
        self._feature: dict[tuple[str, int], Provenance] = {}

    def cite(self, source: Provenance) -> str:
        self.sources.append(source)
        return f"{_OPEN}{len(self.sources) - 1}{_CLOSE}"

    def of_feature(self, feature: str, source: Provenance) -> Provenance:
        key = (feature, id(source))
        if key not in self._feature:
            self._feature[key] = replace(source, feature=feature)
        return self._feature[key]


@pass_context
def _cite(context: Context, source: Provenance) -> str:
    return cast("_Citations", context["citations"]).cite(source)


@cache
def _serves(source: Provenance, *controls: str) -> Provenance:
    """The same origin with more controls, for lines that serve more than the rest of their thing."""
    return replace(source, controls=tuple(dict.fromkeys((*source.controls, *controls))))


def _finalize(value: object) -> object:
    if value is None:
        raise RenderError("a value that is None would reach a line")
    return value


@cache
def environment(platform_name: str) -> Environment:
    """The environment of one platform: its own templates' filters on top of the common ones."""
    env = Environment(
        loader=PackageLoader(platform(platform_name).capabilities.templates, "templates"), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, finalize=_finalize, auto_reload=False,
        autoescape=False,  # noqa: S701 - configuration text, not HTML; the filters refuse what could break a line
    )
    env.filters.update(FILTERS)
    env.filters.update(platform(platform_name).template_filters)
    env.filters["cite"] = _cite
    env.filters["serves"] = _serves
    return env


@cache
def _template(platform_name: str, feature: str) -> Template:
    env = environment(platform_name)
    names = [f"{platform_name}/{feature}.j2"]
    if platform(platform_name).capabilities.linux:
        names.append(f"linux/{feature}.j2")
    return env.select_template(names)


def _lines(text: str, feature: str, start: Provenance, citations: _Citations) -> list[ConfigLine]:
    lines: list[ConfigLine] = []
    current, begun = citations.of_feature(feature, start), ""
    first, *cited = text.split(_OPEN)
    for chunk in (f"{_CLOSE}{first}", *cited):
        number, _, rest = chunk.partition(_CLOSE)
        if number:
            current = citations.of_feature(feature, citations.sources[int(number)])
        *whole, begun = (begun + rest).split("\n")
        lines += [ConfigLine(line, current) for raw in whole if (line := raw.rstrip())]
    return [*lines, ConfigLine(begun.rstrip(), current)] if begun.strip() else lines


def _render_feature(intent: DeviceIntent, feature: str, citations: _Citations) -> list[ConfigLine]:
    try:
        template = _template(intent.platform, feature)
        text = template.render(intent=intent, citations=citations)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        place = f"{intent.platform}/{feature}.j2" + (f":{line}" if line else "")
        raise RenderError(f"{intent.device}: {place}: {error}") from error
    except RenderError as error:
        raise RenderError(f"{intent.device}: {intent.platform}/{feature}.j2: {error}") from error
    return _lines(text, feature, intent.source, citations)


def render_device(intent: DeviceIntent) -> IntendedConfig:
    """The intended configuration of one device, every line with its provenance; blank lines are left out.

    Raises:
        RenderError: names the device, the template and the reason.
    """
    citations = _Citations()
    documents = []
    for name, features in platform(intent.platform).documents(intent).items():
        lines: list[ConfigLine] = []
        for feature in features:
            lines += _render_feature(intent, feature, citations)
        documents.append(Document(name, tuple(lines)))
    return IntendedConfig(intent.device, intent.platform, tuple(documents))


