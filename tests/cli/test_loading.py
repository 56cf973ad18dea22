"""Only what a verb needs is loaded, and everything that is promised is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from punchdown import pipeline
from punchdown.cli.app import VERBS, app

ESTATE = Path(__file__).parents[2] / "inventory"


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_is_there(name: str) -> None:
    command = app.get_command(click.Context(app), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str()


def test_no_other_verb_is_there() -> None:
    assert app.get_command(click.Context(app), "options") is None


@pytest.mark.parametrize("name", pipeline.__all__)
def test_every_stage_is_there(name: str) -> None:
    assert getattr(pipeline, name).__name__ == name


def test_no_other_stage_is_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        pipeline.nothing  # noqa: B018


def test_check_loads_nothing_that_speaks_to_devices(tmp_path: Path) -> None:
    code = ("import sys; from punchdown.cli import main; main(['check', '-e', sys.argv[1]]); "
            "print(sorted({'paramiko', 'netmiko', 'sqlalchemy', 'alembic', 'nornir', 'dd'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code, ESTATE], check=True, capture_output=True, text=True,
                          env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)})
    assert done.stdout.splitlines()[-1] == "[]"
