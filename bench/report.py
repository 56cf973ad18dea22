"""``python bench/report.py [DEVICES ...]``: the pages by size: made, kept, opened, searched.

Pages are opened in Debian's Chromium from a folder. The bounds that were set are two seconds to open and a tenth of a
second for an answer of the search, with a thousand devices; both are of the clock, so that a busy machine shows.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from ground import ROOT, keep
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(ROOT))

from punchdown.cli.report import write_pages
from punchdown.report.pages import Overview, estate_pages
from punchdown.state import Store
from punchdown.values import Report
from tests.report.made_up import at, drift_findings, made_up

SIZES = (1, 100, 1000)
ROUNDS = 5
WORDS = ("s", "sw", "ntp server", "port-control auto", "hotel-001 fw", "acl-smdr", "nothing of the kind")
SEARCH = """(word) => {
  const field = document.getElementById("everything") || document.getElementById("search");
  document.body.offsetHeight;
  const start = performance.now();
  field.value = word;
  field.dispatchEvent(new Event("input"));
  document.body.offsetHeight;
  return performance.now() - start;
}"""
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def processor(work: Callable[[], object]) -> float:
    """Seconds of processor time of one run."""
    start = time.process_time()
    work()
    return time.process_time() - start


def look_of(overview: Overview, night: str) -> Report:
    """The look that found what the overview shows."""
    rows = tuple(replace(item.seen, findings=drift_findings(item.seen.change) if item.seen.change else ())
                 for item in overview.past.latest if item.kind == "drift")
    return Report("drift", overview.estate, night, rows)


def pages_of(overview: Overview, out: Path) -> None:
    """All pages, written."""
    write_pages(out, estate_pages(overview))


def in_store(overview: Overview, folder: Path) -> tuple[float, float, float]:
    """Seconds to keep a first look, the same once more, and to read the past back."""
    with Store.open(f"sqlite:///{folder / 'state.db'}") as store:
        first = processor(lambda: store.history.record(look_of(overview, at(2)), "bench"))
        again = processor(lambda: store.history.record(look_of(overview, at(1)), "bench"))
        return first, again, processor(store.history.past)


def opened(browser: Browser, page: Path) -> tuple[float, list[float]]:
    """Milliseconds until a page is loaded, and for the answer to each search, from field to drawn list."""
    loads, answers = [], []
    for _ in range(ROUNDS):
        tab = browser.new_page()
        tab.goto(page.as_uri())
        loads.append(float(tab.evaluate(LOADED)))
        answers.append(max(float(tab.evaluate(SEARCH, word)) for word in WORDS))
        tab.close()
    return statistics.median(loads), answers


def main() -> None:
    """Measure by size, print and keep."""
    made, seen = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for size in [int(word) for word in sys.argv[1:]] or list(SIZES):
            overview = made_up(size)
            with tempfile.TemporaryDirectory() as name:
                folder, out = Path(name), Path(name) / "public"
                seconds = processor(partial(pages_of, overview, out))
                files = [path.stat().st_size for path in out.rglob("*.html")]
                first, again, past = in_store(overview, folder)
                made.append((f"{size:,}", f"{len(files):,}", f"{sum(files) / 2**20:.1f}", f"{seconds:.2f}",
                             f"{1000 * seconds / len(files):.1f}", f"{first:.2f}", f"{again:.2f}", f"{past:.2f}"))
                for page in ("index.html", "devices.html", "faults.html"):
                    load, answers = opened(browser, out / page)
                    seen.append((f"{size:,}", page, f"{(out / page).stat().st_size / 2**10:,.0f}", f"{load:,.0f}",
                                 f"{statistics.median(answers):.0f}", f"{max(answers):.0f}"))
        browser.close()
    packages = ("punchdown", "jinja2", "sqlalchemy", "playwright")
    keep("Reports: making", "Seconds of processor time.", (
        "devices", "pages", "MiB", "all pages, s", "ms a page", "first look kept, s", "the same again, s",
        "past read, s"), made, packages)
    keep("Reports: in the browser", f"Milliseconds of the clock, median of {ROUNDS}; an answer is the slowest of "
         f"{len(WORDS)} searches of a round, drawn. To open: 2,000 at most; to answer: 100.", (
             "devices", "page", "KiB", "opens, ms", "answers, ms", "slowest answer, ms"), seen, packages)


if __name__ == "__main__":
    main()
