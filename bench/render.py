"""``python bench/render.py [SITES]``: the render stage against bare jinja2 on the same templates, and all stages."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from ground import keep, make_estate
from jinja2 import Environment as Bare
from jinja2 import PackageLoader, StrictUndefined

from punchdown.compiler import compile_site
from punchdown.intent import DeviceIntent
from punchdown.loader import load_estate
from punchdown.pipeline.memory import few_collections
from punchdown.platforms import platform
from punchdown.render import render_device
from punchdown.render.words import FILTERS

ROUNDS = 5


def best(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of processor time of the fastest of a few rounds, after one to warm up; in turn, so that a busy minute
    meets all alike."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS + 1):
        for name, work in works.items():
            start = time.process_time()
            work()
            times[name].append(time.process_time() - start)
    return {name: min(seconds[1:]) for name, seconds in times.items()}


def bare_render(intents: list[DeviceIntent]) -> Callable[[], None]:
    """jinja2 alone over the same templates and values; citations print nothing."""
    environments: dict[str, Bare] = {}
    jobs = []
    for intent in intents:
        name = intent.platform
        if name not in environments:
            env = Bare(loader=PackageLoader("punchdown", "templates"), undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True, keep_trailing_newline=True)
            env.filters.update(FILTERS)
            env.filters.update(platform(name).template_filters)
            env.filters["cite"] = lambda _source: ""
            env.filters["serves"] = lambda source, *_controls: source
            environments[name] = env
        for features in platform(name).documents(intent).values():
            templates = [environments[name].select_template([f"{name}/{feature}.j2", f"linux/{feature}.j2"])
                         for feature in features]
            jobs += [(template, intent) for template in templates]

    def run() -> None:
        for template, intent in jobs:
            template.render(intent=intent)
    return run


def libyaml(estate: Path) -> None:
    """libyaml alone over the same files."""
    for file in sorted(estate.rglob("*.yml")):
        yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)


def main() -> None:
    """Make an estate, measure, print and keep."""
    sites = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as folder:
        estate = make_estate(Path(folder) / "estate", sites)
        loaded = load_estate(estate)
        intents = [intent for site in loaded.loaded.values() for intent in compile_site(site).devices]
        lines = sum(len(document.lines) for intent in intents for document in render_device(intent).documents)
        with few_collections():  # as the verbs run; it holds for both sides
            took = best({
                "bare": bare_render(intents), "render": lambda: [render_device(intent) for intent in intents],
                "parse": lambda: libyaml(estate), "load": lambda: load_estate(estate),
                "build": lambda: [compile_site(site) for site in loaded.loaded.values()]})
    bare, render, parse, load, build = took.values()
    count = len(intents)

    def row(name: str, seconds: float, base: float) -> tuple[str, str, str]:
        return (name, f"{seconds / count * 1000:.2f}", f"{seconds / base:.2f}")

    rows = [
        row("jinja2 alone", bare, bare), row("render stage", render, bare),
        row("libyaml and jinja2 alone", parse + bare, parse + bare), row("load", load, parse + bare),
        row("compile", build, parse + bare), row("check + compile + render", load + build + render, parse + bare),
    ]
    keep("Render", f"{count} devices of {sites} sites, {lines} lines; fastest of {ROUNDS} rounds in turn.",
         ("what", "CPU ms a device", "times the bare"), rows, ("punchdown", "jinja2", "pyyaml", "pydantic"))


if __name__ == "__main__":
    main()
