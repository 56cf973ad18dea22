"""The way in and the only way out: errors become messages and exit codes here."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from punchdown.cli.app import app
from punchdown.cli.refusal import refusal_lines
from punchdown.errors import ExitCode, InputError, PunchdownError
from punchdown.report import printable

EXTRAS = {"asyncssh": "lab", "psycopg": "postgresql"}
"""What is installed with an extra of the package alone."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (default: the process's own). Gives the exit code and never raises."""
    try:
        with _ended_as_by_hand():
            code = app.main(args=None if arguments is None else list(arguments), prog_name="punchdown",
                            standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return ExitCode.FAILED
    except click.ClickException as error:
        return _usage(error)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except PunchdownError as error:
        return _refused(error)
    except BrokenPipeError:
        return _reader_left()
    except OSError as error:
        click.echo(f"error: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True)
        return ExitCode.FAILED
    except ModuleNotFoundError as error:
        return _missing(error)
    except Exception as error:  # noqa: BLE001  whatever it is, a user gets a message and not a traceback
        return _bug(error)
    return code if isinstance(code, int) else ExitCode.OK


@contextmanager
def _ended_as_by_hand() -> Iterator[None]:
    """SIGTERM (a runner that cancels a job, a service that is stopped) is Ctrl-C: devices in hand are finished or put
    back. Signals are the main thread's; elsewhere nothing is changed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _usage(error: click.ClickException) -> ExitCode:
    context = error.ctx if isinstance(error, click.UsageError) else None
    click.echo(f"error: {error.format_message()}", err=True)
    if context is not None:
        click.echo(f"see: {context.command_path} --help", err=True)
    return ExitCode.FAILED


def _refused(error: PunchdownError) -> ExitCode:
    if isinstance(error, InputError):
        for line in refusal_lines(error):
            click.echo(line, err=True)
    else:
        for line in str(error).splitlines():
            click.echo(f"error: {printable(line)}", err=True)
    return error.exit_code


def _reader_left() -> ExitCode:
    """``punchdown plan | head``: the reader has what it wanted, Python must not complain while it closes."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return ExitCode.FAILED


def _missing(error: ModuleNotFoundError) -> ExitCode:
    extra = EXTRAS.get((error.name or "").partition(".")[0])
    if extra is None:
        return _bug(error)
    click.echo(f"error: {error.name} is not installed here: pip install 'punchdown[{extra}]'", err=True)
    return ExitCode.FAILED


def _bug(error: Exception) -> ExitCode:
    if os.environ.get("PUNCHDOWN_DEBUG"):
        raise error
    click.echo(f"error: a fault in punchdown itself: {type(error).__name__}: {printable(str(error))}", err=True)
    click.echo("PUNCHDOWN_DEBUG=1 shows where", err=True)
    return ExitCode.FAILED
