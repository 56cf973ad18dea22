"""``punchdown completion``: the script that teaches a shell our verbs and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from punchdown.errors import ExitCode

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> ExitCode:
    """Print a shell's completion script.

    \b
    eval "$(punchdown completion bash)"                                      # in ~/.bashrc
    eval "$(punchdown completion zsh)"                                       # in ~/.zshrc, after compinit
    punchdown completion fish > ~/.config/fish/completions/punchdown.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(kind(context.find_root().command, {}, "punchdown", "_PUNCHDOWN_COMPLETE").source())
    return ExitCode.OK
