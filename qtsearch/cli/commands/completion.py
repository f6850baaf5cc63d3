"""``qtsearch completion bash|zsh|fish``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from qtsearch.cli.options import debug_option
from qtsearch.cli.process import DONE

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print a script that lets a shell complete what is typed.")
@click.argument("shell", type=click.Choice(SHELLS))
@debug_option
def command(shell: str) -> int:
    """Print a script that lets a shell complete commands, options and words of articles.

    The shell reads it when it starts.

    For bash, where bash-completion is installed:

    \b
    mkdir -p ~/.local/share/bash-completion/completions
    qtsearch completion bash \\
        > ~/.local/share/bash-completion/completions/qtsearch

    For zsh, with fpath+=~/.zfunc in ~/.zshrc, before compinit:

    \b
    mkdir -p ~/.zfunc
    qtsearch completion zsh > ~/.zfunc/_qtsearch

    For fish:

    \b
    mkdir -p ~/.config/fish/completions
    qtsearch completion fish \\
        > ~/.config/fish/completions/qtsearch.fish
    """  # noqa: D301 - click takes the backspace for "do not wrap"
    script_of = get_completion_class(shell)
    assert script_of is not None, "click knows every shell of SHELLS"
    group = click.get_current_context().find_root().command
    click.echo(script_of(group, {}, "qtsearch", "_QTSEARCH_COMPLETE").source())
    return DONE
