"""The documentation builds without a broken link and asks nobody else for anything; manual pages are made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
_LOADED = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="(https?:)?//[^"]*\"""")


def build(folder: Path, docs: Path | None = None) -> subprocess.CompletedProcess[str]:
    """mkdocs, strictly; of ``docs`` instead of the project's own pages."""
    settings = (ROOT / "mkdocs.yml").read_text()
    if docs is not None:
        settings = settings.replace("docs_dir: docs", f"docs_dir: {docs}")
    file = folder / "mkdocs.yml"
    file.write_text(settings.replace("docs_dir: docs", f"docs_dir: {ROOT / 'docs'}").replace(
        "setup/docs_reference.py", str(ROOT / "setup" / "docs_reference.py")))
    return subprocess.run([BIN / "mkdocs", "build", "--strict", "-f", file, "-d", folder / "site"], text=True,
                          capture_output=True, check=False, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    done = build(folder)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder / "site"


def test_every_part_of_the_reference_is_there(site: Path) -> None:
    keys, cli = ((site / "reference" / name).read_text() for name in ("site.html", "cli.html"))
    assert "arp_inspection" in keys
    assert 'name to <a href="#segment">Segment</a>' in keys
    assert "<td>1 to 4094</td>" in keys
    assert "<td>mapping</td>" not in keys
    assert "--max-failures" in cli
    assert "acl-smdr" in (site / "reference" / "controls.html").read_text()
    ansible = (site / "reference" / "ansible.html").read_text()
    assert "any_time" in ansible
    assert "for <code>punchdown rollback</code>" in ansible
    assert not re.search(r"\b[A-Z]\([A-Za-z_]+\)", ansible)
    assert (site / "errors" / "PD1201.html").exists()


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    found = {match[0] for page in site.rglob("*.html") for match in _LOADED.finditer(page.read_text())
             if 'rel="canonical"' not in match[0]}
    assert found == set()


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "index.md").write_text("# Page\n[gone](gone.md)\n")
    done = build(tmp_path, docs)
    assert done.returncode != 0
    assert "gone.md" in done.stderr


def test_manual_pages(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, ROOT / "setup" / "man.py", tmp_path], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "punchdown-apply.1").read_text()
    assert page.startswith('.TH "PUNCHDOWN-APPLY"')
    assert "max-failures" in page.replace("\\-", "-")
    assert ".EX\npunchdown apply -s lisbon\npunchdown apply -s lisbon --dry-run\n" in page
    assert ".SH EXIT STATUS" in page
    pages = sorted(tmp_path.glob("*.1"))
    assert {"punchdown.1", "punchdown-import.1", "punchdown-lab-up.1"} < {path.name for path in pages}
    for judge in (["mandoc", "-T", "lint", "-W", "warning"], ["groff", "-man", "-Tutf8", "-wall", "-z"]):
        if shutil.which(judge[0]):
            said = subprocess.run([*judge, *pages], capture_output=True, text=True, check=False)
            assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
