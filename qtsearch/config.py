"""Where articles and index lie, and what a search shows when nothing else is asked for.

Each value comes from the first of these that names it:

1. an option of the command line,
2. an environment variable, ``QTSEARCH_`` and the name in capitals (an empty one counts as absent),
3. ``qtsearch.toml``: the file named by ``--config``, else by ``QTSEARCH_CONFIG``, else the one in the
   working directory, if there is one,
4. the default.

A relative path of an option or of the environment starts at the working directory; one in the file starts
at the folder of the file. ``~`` stands for the home folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from qtsearch.errors import ConfigError, shown
from qtsearch.values import dataclass

FILE_NAME = "qtsearch.toml"
CONFIG_VARIABLE = "QTSEARCH_CONFIG"
INDEX_VARIABLE = "QTSEARCH_INDEX"

MAX_BYTES = 10_000_000
"""Size in bytes up to which an article file is read, unless the caller says otherwise."""

MOST_BYTES = 30_000_000
"""``max_bytes`` at most: each byte of an article may be a word, and an index tells 33 million places apart."""

_LONGEST_WAIT = 10**9
"""Seconds that can be waited for: 31 years, which no clock overflows at."""

BUILT_IN_FACETS = ("subject", "author", "year")
"""The facets of every index."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked.

    Attributes:
        articles: the folder of articles, absolute.
        index: the folder of the index, absolute.
        max_bytes: an article file larger than this is a problem, not an article.
        limit: hits on a page, 1 to 10,000.
        related: related articles under each hit, 0 to 100.
        site_url: put in front of an article's url where that starts with ``/``; "" for none.
        expand: whether abbreviations, other numerals and synonyms of the words are searched for too.
        synonyms: the file of synonyms, None for none.
        facets: further front-matter keys to keep for filters and facets.
        file: the configuration file that was read, None where there was none.
        sources: for each setting where its value came from: ``option``, the name of an environment
            variable, the path of the configuration file, or ``default``.
    """

    articles: Path
    index: Path
    max_bytes: int
    limit: int
    related: int
    site_url: str
    expand: bool
    synonyms: Path | None
    facets: tuple[str, ...]
    file: Path | None
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What can be set.

    Attributes:
        name: the key in ``qtsearch.toml``; the environment variable is made from it.
        default: the value where nothing else is said; a path is relative to the working directory.
        meaning: one line for the documentation.
        read: turns what was written, and the folder that relative paths start from, into the value.
            Raises ValueError with what the value should be.
    """

    name: str
    default: str | int
    meaning: str
    read: Callable[[object, Path], object]

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"QTSEARCH_{self.name.upper()}"


def _folder(value: object, base: Path) -> Path:
    if not isinstance(value, str | Path) or not str(value) or "\0" in str(value):
        raise ValueError("a folder, written as text")
    try:
        return _without_dots(base / Path(value).expanduser())
    except RuntimeError as error:
        raise ValueError("a folder; the home folder it starts with is unknown") from error


def _without_dots(path: Path) -> Path:
    """The same place without ``..``, fit to be shown; as it is where that leads elsewhere, as behind a link."""
    if ".." not in path.parts:
        return path
    plain = os.path.normpath(path)
    return Path(plain) if os.path.realpath(plain) == os.path.realpath(path) else path


def _whole_number(low: int, high: int) -> Callable[[object, Path], int]:
    wanted = f"a whole number from {low:,} to {high:,}"

    def read(value: object, base: Path) -> int:
        if isinstance(value, str):
            try:
                value = int(value)
            except ValueError:
                raise ValueError(wanted) from None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(wanted)
        return value

    return read


def _site_url(value: object, base: Path) -> str:
    if value == "":
        return ""
    if isinstance(value, str) and value.isascii() and value.isprintable() and " " not in value:
        scheme, _, host = value.partition("://")
        if scheme in ("http", "https") and host.strip("/"):
            return value.rstrip("/")
    raise ValueError("an address such as https://www.example.org")


def _switch(value: object, base: Path) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise ValueError("true or false")


def _file(value: object, base: Path) -> Path | None:
    if value == "":
        return None
    try:
        return _folder(value, base)
    except ValueError as error:
        raise ValueError(str(error).replace("a folder", "a file", 1)) from error


def facet_keys(value: object) -> tuple[str, ...]:
    """Return the further facets that a text with commas or several texts name, each once.

    Raises:
        ValueError: with what the value should be.
    """
    taken = (*BUILT_IN_FACETS, "id", "url", "path")
    wanted = f"keys of the front matter other than {', '.join(taken)}, such as audience, level"
    names = [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) and name.isprintable() for name in names):
        raise ValueError(wanted)
    if any(not name or name in taken for name in names):
        raise ValueError(wanted)
    return tuple(dict.fromkeys(names))


def checked_facets(value: object) -> tuple[str, ...]:
    """Return further facets that can be used, each once.

    Raises:
        ConfigError: a name is none.
    """
    try:
        return facet_keys(value)
    except ValueError as wanted:
        raise ConfigError(f"facets is {shown(value)}; use {wanted}") from None


def checked_max_bytes(value: object) -> int:
    """Return a ``max_bytes`` that can be used.

    Raises:
        ConfigError: it is no whole number from 1 to ``MOST_BYTES``.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_BYTES:
        raise ConfigError(f"max_bytes is {shown(value)}; use a whole number from 1 to {MOST_BYTES:,}")
    return value


def checked_wait(value: object) -> float:
    """Return for how many seconds to wait.

    Raises:
        ConfigError: it is no number, or less than 0.
    """
    if not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value <= _LONGEST_WAIT:  # nan is not
        return value
    raise ConfigError(f"wait is {shown(value)}; use a number of seconds, 0 to {_LONGEST_WAIT:,}")


def checked_path(name: str, value: str | os.PathLike[str], of: str = "a folder") -> Path:
    """Return the path of something that a program named.

    Raises:
        ConfigError: nothing can have this name.
    """
    try:
        encoded = os.fsencode(value)
        if encoded and b"\0" not in encoded:
            return Path(os.fsdecode(value))
    except (TypeError, UnicodeError):
        pass
    raise ConfigError(f"{name} is {shown(value)}; use the path of {of}")


SETTINGS: tuple[Setting, ...] = (
    Setting("articles", "seeds", "The folder of articles.", _folder),
    Setting("index", "index", "The folder of the index.", _folder),
    Setting(
        "max_bytes",
        MAX_BYTES,
        "Larger article files, in bytes, are reported and not indexed; 1 to 30,000,000.",
        _whole_number(1, MOST_BYTES),
    ),
    Setting(
        "limit",
        10,
        "Hits on a page; completions and related articles where they are asked for alone; 1 to 10,000.",
        _whole_number(1, 10_000),
    ),
    Setting(
        "related",
        3,
        "Related articles under each hit, and under an article that is shown; 0 to 100.",
        _whole_number(0, 100),
    ),
    Setting(
        "site_url",
        "",
        "The site's address, put in front of each url that starts with `/` to make it a link.",
        _site_url,
    ),
    Setting("expand", True, "Search for abbreviations, other numerals and synonyms of the words too.", _switch),
    Setting("synonyms", "", "A file of synonyms; see [query-language.md](query-language.md).", _file),
    Setting(
        "facets",
        "",
        "Further front-matter keys for filters and facets, with commas between them.",
        lambda value, base: facet_keys(value),
    ),
)


def load(options: Mapping[str, object], environ: Mapping[str, str], cwd: Path) -> Settings:
    """Read all settings.

    Args:
        options: what the command line said: names of settings, and ``config`` for the file to read.
            A value of None counts as not said; other names are an error of the caller.
        environ: the environment.
        cwd: the working directory, absolute.

    Raises:
        ConfigError: a value cannot be used, a key is unknown, or the file cannot be read.
    """
    named = options.get("config")
    if named == "":
        raise ConfigError("--config is ''; name a configuration file, or leave it out")
    named = named or environ.get(CONFIG_VARIABLE)
    file = cwd / _expanded(str(named)) if named else cwd / FILE_NAME
    written = _read_file(file, required=bool(named))
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    for setting in SETTINGS:
        value, base, source = _first_said(setting, options, environ, written, file, cwd)
        sources[setting.name] = source
        try:
            values[setting.name] = setting.read(value, base)
        except ValueError as wanted:
            raise ConfigError(_complaint(setting, value, source, str(wanted))) from None
    known = file if written is not None else None
    return Settings(**values, file=known, sources=MappingProxyType(sources))  # type: ignore[arg-type]


def _expanded(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError as error:
        raise ConfigError(f"{name}: the home folder is unknown; write the whole path") from error


def _first_said(
    setting: Setting,
    options: Mapping[str, object],
    environ: Mapping[str, str],
    written: Mapping[str, object] | None,
    file: Path,
    cwd: Path,
) -> tuple[object, Path, str]:
    """The value, the folder that relative paths start from, and where the value came from."""
    if (value := options.get(setting.name)) is not None:
        return value, cwd, "option"
    if text := environ.get(setting.variable):
        return text, cwd, setting.variable
    if written is not None and setting.name in written:
        return written[setting.name], file.parent, str(file)
    return setting.default, cwd, "default"


def _complaint(setting: Setting, value: object, source: str, wanted: str) -> str:
    named = {"option": f"--{setting.name.replace('_', '-')}", setting.variable: setting.variable}
    place = named.get(source, f"{source}: {setting.name}")
    return f"{place} is {value!r}; use {wanted}"


def _read_file(file: Path, *, required: bool) -> dict[str, object] | None:
    """The keys of a configuration file; None where there is none and none was asked for."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        if required:
            raise ConfigError(f"no configuration file {file}; write it, or leave it unnamed") from None
        if file.is_symlink():  # somebody wants it read
            raise ConfigError(f"{file} is a link that leads to nothing; put the configuration there") from None
        return None
    except IsADirectoryError:
        raise ConfigError(f"{file} is a folder; write the configuration into a file of that name") from None
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}; check its permissions") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not UTF-8 text; save it as UTF-8") from error
    except ValueError as error:
        raise ConfigError(f"{str(file)!r} is no file name; name another configuration file") from error
    import tomllib  # 4 ms, and most folders have no such file

    try:
        written = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}; mend that line") from error
    _refuse_unknown_keys(file, written)
    return written


def _refuse_unknown_keys(file: Path, written: Mapping[str, object]) -> None:
    names = [setting.name for setting in SETTINGS]
    for key in written:
        if key not in names:
            import difflib  # only to word an error

            near = difflib.get_close_matches(key, names, n=1)
            todo = f"did you mean {near[0]}?" if near else f"known are {', '.join(names)}"
            raise ConfigError(f"{file}: unknown key {key!r}; {todo}")
