"""Only what a verb needs is loaded, and everything that is promised is there."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from punchdown import pipeline
from punchdown.cli.app import VERBS, app


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


def test_check_loads_nothing_that_speaks_to_devices() -> None:
    code = ("import sys; from punchdown.cli.app import app; from punchdown import pipeline; pipeline.check; "
            "print(sorted({'paramiko', 'netmiko', 'sqlalchemy', 'alembic', 'nornir', 'dd'} & set(sys.modules)))")
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
