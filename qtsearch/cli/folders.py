"""Where the articles of an index lie, and how a proposed command says where."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from qtsearch.cli.words import OPTIONS_WITH_VALUE, PLACES
from qtsearch.config import FILE_NAME, INDEX_VARIABLE, Settings, load
from qtsearch.engines import store_at
from qtsearch.errors import ConfigError, IndexFault

_PROPOSED = "qtsearch reindex"


def settings_of(options: Mapping[str, object]) -> Settings:
    """The settings of a run: see ``qtsearch.config.load``, with the environment and the working directory of now.

    Where an index is named and no folder of articles, that is the folder that the index was made from.

    Raises:
        ConfigError: from ``qtsearch.config.load``; or the working directory is not there any more.
    """
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise ConfigError("the working directory was removed; change to another one") from None
    return _with_own_articles(load(options, os.environ, here))


def _with_own_articles(settings: Settings) -> Settings:
    """The settings with the folder that the index was made from, where an index is named and no folder of articles.

    An index remembers its folder. Without this, ``--index`` from elsewhere would point to files that are not there, and
    ``reindex --index`` would make it anew from whatever lies here. It may be gone, or not for this user to look at:
    whoever reads it says so.
    """
    if not _names_index_alone(settings):
        return settings
    try:
        recipe = store_at(settings.index).recipe()
    except IndexFault:
        return settings  # whoever opens it says why it cannot be used
    if recipe is None:
        return settings
    sources = MappingProxyType({**settings.sources, "articles": "the index"})
    return replace(settings, articles=Path(recipe.articles_folder), sources=sources)


def refuse_to_guess(settings: Settings) -> None:
    """Refuse to build an index anew from the default folder, where it had another one.

    So too where it was named by itself and cannot be read: whose it was is not known.

    Most likely the configuration is missing that named it, for this night only. An index that was moved or copied with
    its articles had a folder of the same name as the default.

    Raises:
        ConfigError: nothing names the folder of articles, and it must be named.
    """
    if settings.sources["articles"] != "default":
        return
    try:
        recipe = store_at(settings.index).recipe()
    except IndexFault as error:
        if _names_index_alone(settings):
            what = str(error).partition(";")[0]
            raise ConfigError(f"{what}; name the folder of articles with --articles") from error
        return
    # A recipe has the folder itself, also where the default name is a link to it.
    names = (settings.articles.name, settings.articles.resolve().name)
    if recipe is not None and Path(recipe.articles_folder).name not in names:
        raise ConfigError(
            f"the index in {settings.index} was made from {recipe.articles_folder}, and nothing says now where "
            f"articles lie; name their folder with --articles, or as articles in {FILE_NAME}"
        )


def _names_index_alone(settings: Settings) -> bool:
    return settings.sources["articles"] == "default" and names_index(settings)


def names_index(settings: Settings) -> bool:
    """Whether an index was named for this run, be it by mistake: no default, and not the configured one."""
    return settings.sources["index"] in ("option", INDEX_VARIABLE)


def nearby(path: Path) -> str:
    """The path relative to the working directory where it lies in that, else as it is."""
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def naming_places(message: str, places: Mapping[str, str]) -> str:
    """The message with options added to the command that it proposes at its end, if it proposes one.

    >>> naming_places("it is damaged; mend it with: qtsearch reindex --full", {"--index": "old one"})
    "it is damaged; mend it with: qtsearch reindex --full --index 'old one'"
    """
    if _PROPOSED not in message or not places:
        return message
    import shlex  # only to word an error

    return " ".join([message, *(f"{option} {shlex.quote(place)}" for option, place in places.items())])


def places_in(arguments: Sequence[str]) -> dict[str, str]:
    """The options of a command line that say where something lies; the folder of ``reindex FOLDER`` is one of them.

    >>> places_in(["stats", "--index", "old", "--config=my.toml"])
    {'--index': 'old', '--config': 'my.toml'}
    >>> places_in(["reindex", "seeds", "--", "--index", "x"])
    {'--articles': 'seeds'}
    """
    named: dict[str, str] = {}
    words: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            break
        option, is_joined, value = argument.partition("=")
        if not argument.startswith("-"):
            words.append(argument)
        elif option in OPTIONS_WITH_VALUE:
            value = value if is_joined else next(left, "")
            if option in PLACES:
                named[option] = value
    if words[:1] == ["reindex"] and words[1:]:
        named["--articles"] = words[1]
    return named


def places_of(settings: Settings) -> dict[str, str]:
    """The same of the settings that a command line became."""
    folders = {"index": settings.index, "articles": settings.articles}
    places = {f"--{name}": str(folder) for name, folder in folders.items() if settings.sources[name] == "option"}
    if settings.file not in (None, Path.cwd() / FILE_NAME):
        places["--config"] = str(settings.file)
    return places
