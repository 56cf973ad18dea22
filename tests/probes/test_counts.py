"""A number is one number, or the reason why there is none; no secret goes elsewhere or shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from punchdown.errors import CountError, InputError
from punchdown.probes import Count, ask, load_counts
from punchdown.secrets import Secrets
from tests.probes.prometheus import Prometheus, prometheus

TOKEN = "tall-Oak-9-token"
QUERY = 'sum(mivb_registered_sets{site="$site"})'


@pytest.fixture(scope="module")
def serving() -> Iterator[Prometheus]:
    with prometheus() as found:
        yield found


@pytest.fixture
def server(serving: Prometheus) -> Prometheus:
    serving.value, serving.says = lambda: 40, None
    serving.got.clear()
    return serving


@pytest.fixture
def asked(server: Prometheus, tmp_path: Path) -> Count:
    (tmp_path / "prometheus").write_text(TOKEN)
    (tmp_path / "counts.yml").write_text(
        f"counts:\n  registered phones: {{url: '{server.url}/', query: '{QUERY}', token: prometheus, sites: [lis*]}}\n")
    return load_counts(tmp_path)["registered phones"]


def look(count: Count, folder: Path) -> float | None:
    return ask("registered phones", count, "lisbon", Secrets(folder, b"k"), folder)


def test_one_number_is_asked_for_with_the_site_and_the_token(server: Prometheus, asked: Count, tmp_path: Path) -> None:
    assert look(asked, tmp_path) == 40
    ((query, headers),) = server.got
    assert query == 'sum(mivb_registered_sets{site="lisbon"})'
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert (asked.covers("lisbon"), asked.covers("porto")) == (True, False)
    server.says = (200, b'{"status": "success", "data": {"resultType": "scalar", "result": [1, "7.5"]}}')
    assert look(asked, tmp_path) == 7.5
    server.says, server.value = None, lambda: None
    assert look(asked, tmp_path) is None


def vector(*values: str) -> bytes:
    result = [{"metric": {}, "value": [1, value]} for value in values]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}}).encode()


@pytest.mark.parametrize(("answer", "told"), [
    ((200, vector("1", "2")), "several numbers"), ((200, vector("NaN")), "something else"),
    ((200, vector("-1")), "something else"), ((200, vector("many")), "something else"),
    ((200, b"<html>" + TOKEN.encode()), "no JSON"), ((200, b'{"status": "success"}'), "something else"),
    ((200, b" " * 70_000 + vector("1")), "no JSON"), ((401, TOKEN.encode()), "answered 401"),
    ((302, b""), "answered 302")])
def test_anything_else_is_no_number(
        server: Prometheus, asked: Count, tmp_path: Path, answer: tuple[int, bytes], told: str) -> None:
    server.says = answer
    with pytest.raises(CountError, match=told) as error:
        look(asked, tmp_path)
    assert TOKEN not in str(error.value)
    assert len(server.got) == 1


def test_nobody_there(asked: Count, tmp_path: Path) -> None:
    with prometheus() as gone:
        url = gone.url
    with pytest.raises(CountError, match="nobody answered"):
        look(asked.model_copy(update={"url": url}), tmp_path)


@pytest.mark.parametrize("wrong", [
    "url: 'http://prometheus.example.com', query: up", "url: 'https://me:word@prometheus.example.com', query: up",
    "url: 'https://prometheus.example.com'", "url: 'https://p.example.com', query: up, username: me",
    "url: 'https://p.example.com', query: up, token: Sesame!", "url: 'https://p.example.com', query: up, tolerance: 2"])
def test_settings_that_are_refused_are_not_repeated(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "counts.yml").write_text(f"counts: {{phones: {{{wrong}}}}}\n")
    with pytest.raises(InputError, match=r"counts\.yml: counts\.phones") as error:
        load_counts(tmp_path)
    assert not {"word@", "Sesame"} & set(str(error.value).split())
    assert "word@" not in str(error.value)
