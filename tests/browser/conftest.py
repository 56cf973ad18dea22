"""Debian's Chromium behind Playwright, one for all tests; every page is watched for what it should never do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from punchdown.cli.report import write_pages
from punchdown.report.pages import estate_pages
from tests.report.made_up import made_up

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


class Opener:
    """Opens files; ``bad`` is what their pages complained about, loaded, or asked people."""

    def __init__(self, browser: Browser) -> None:
        self.bad: list[str] = []
        self.pages: list[Page] = []
        self._browser = browser

    def __call__(self, path: Path, **more: Any) -> Page:
        page = self._browser.new_context(**more).new_page()
        page.on("console", lambda message: self.bad.append(message.text))
        page.on("pageerror", lambda error: self.bad.append(str(error)))
        page.on("dialog", lambda dialog: self.bad.append(dialog.message))
        page.on("request", lambda request: None if request.is_navigation_request() else self.bad.append(request.url))
        page.goto(path.as_uri())
        self.pages.append(page)
        return page


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """At the end of the test no page may have complained, loaded anything, or been taken over."""
    opener = Opener(browser)
    yield opener
    titles = [page.title() for page in opener.pages]
    for page in opener.pages:
        page.context.close()
    assert opener.bad == []
    assert "owned" not in titles


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of three hotels."""
    out = tmp_path_factory.mktemp("small") / "public"
    write_pages(out, estate_pages(made_up(34)))
    return out


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages over all of a thousand devices; those of single sites and devices are left out."""
    out = tmp_path_factory.mktemp("large") / "public"
    write_pages(out, (page for page in estate_pages(made_up(1000)) if "/" not in page[0]))
    return out
