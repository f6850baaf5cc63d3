"""``qtsearch completion bash|zsh|fish``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from qtsearch.cli.process import DONE

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print a script that lets a shell complete what is typed.")
@click.argument("shell", type=click.Choice(SHELLS))
@click.option("--debug", is_flag=True, expose_value=False, help="After an error, show where it happened.")
def command(shell: str) -> int:
    """Print a script that lets a shell complete commands, options and words of articles.

    \b
    bash: qtsearch completion bash > ~/.local/share/bash-completion/completions/qtsearch
    zsh:  qtsearch completion zsh > a file named _qtsearch in a folder of $fpath
    fish: qtsearch completion fish > ~/.config/fish/completions/qtsearch.fish
    """  # noqa: D301 - click takes the backspace for "do not wrap"
    script_of = get_completion_class(shell)
    assert script_of is not None, "click knows every shell of SHELLS"
    group = click.get_current_context().find_root().command
    click.echo(script_of(group, {}, "qtsearch", "_QTSEARCH_COMPLETE").source())
    return DONE
