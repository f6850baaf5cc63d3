import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.config import CONFIG_VARIABLE, FILE_NAME, SETTINGS, load
from qtsearch.errors import ConfigError


def write(folder, text, name=FILE_NAME):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_defaults_lie_in_the_working_directory(tmp_path):
    settings = load({}, {}, tmp_path)
    assert settings.articles == tmp_path / "seeds"
    assert settings.index == tmp_path / "index"
    assert (settings.max_bytes, settings.limit, settings.related, settings.site_url) == (10_000_000, 10, 3, "")
    assert settings.file is None
    assert set(settings.sources.values()) == {"default"}
    assert set(settings.sources) == {setting.name for setting in SETTINGS}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('facets = "audience, level ,audience"', ("audience", "level")),
        ('facets = ["level", "audience"]', ("level", "audience")),
        ("facets = []", ()),
    ],
)
def test_facets_are_a_list_or_text_with_commas(tmp_path, written, expected):
    write(tmp_path, written)
    assert load({}, {}, tmp_path).facets == expected


def test_other_names(tmp_path):
    write(tmp_path, 'expand = false\nsynonyms = "names.txt"\n')
    settings = load({}, {}, tmp_path)
    assert (settings.expand, settings.synonyms) == (False, tmp_path / "names.txt")
    assert load({"expand": True}, {"QTSEARCH_EXPAND": "FALSE"}, tmp_path).expand is True
    assert load({}, {"QTSEARCH_EXPAND": "TRUE"}, tmp_path).expand is True


@pytest.mark.parametrize(
    "written",
    ['facets = "year"', 'facets = "path"', "facets = [1]", 'facets = [""]', "facets = 3", "expand = 1", "synonyms = 2"],
)
def test_wrong_names_and_facets_are_refused(tmp_path, written):
    write(tmp_path, written)
    with pytest.raises(ConfigError, match=rf"{written.partition(' ')[0]} is .*; use "):
        load({}, {}, tmp_path)


def test_a_folder_above_is_shown_without_dots_unless_that_leads_elsewhere(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "far/place").mkdir(parents=True)
    (tmp_path / "site/link").symlink_to(tmp_path / "far/place")
    settings = load({"index": "../new/../index", "articles": "link/../seeds"}, {}, tmp_path / "site")
    assert settings.index == tmp_path / "index"
    assert settings.articles.resolve() == tmp_path / "far/seeds"


def test_each_level_wins_over_the_one_below(tmp_path):
    file = write(tmp_path, 'limit = 1\nrelated = 1\narticles = "from-file"\n')
    environ = {"QTSEARCH_LIMIT": "2", "QTSEARCH_RELATED": "2"}
    settings = load({"limit": 4, "related": None}, environ, tmp_path)
    assert (settings.limit, settings.sources["limit"]) == (4, "option")
    assert (settings.related, settings.sources["related"]) == (2, "QTSEARCH_RELATED")
    assert (settings.articles, settings.sources["articles"]) == (tmp_path / "from-file", str(file))
    assert settings.sources["index"] == "default"
    assert settings.file == file


def test_paths_start_where_they_were_written(tmp_path):
    file = write(tmp_path / "etc", 'articles = "texts"\nindex = "../var/index"\n')
    cwd = tmp_path / "work"
    cwd.mkdir()
    settings = load({"config": str(file)}, {"QTSEARCH_INDEX": "here"}, cwd)
    assert settings.articles == tmp_path / "etc" / "texts"
    assert settings.index == cwd / "here"
    assert load({"articles": "/a", "config": file}, {}, cwd).articles == Path("/a")


def test_the_configuration_file_can_be_named_by_option_or_environment(tmp_path):
    write(tmp_path, "limit = 1\n")
    write(tmp_path, "limit = 2\n", "two.toml")
    write(tmp_path, "limit = 3\n", "three.toml")
    environ = {CONFIG_VARIABLE: "two.toml"}
    assert load({}, {}, tmp_path).limit == 1
    assert load({}, environ, tmp_path).limit == 2
    assert load({"config": "three.toml"}, environ, tmp_path).limit == 3


def test_an_empty_variable_counts_as_absent(tmp_path):
    settings = load({}, {setting.variable: "" for setting in SETTINGS} | {CONFIG_VARIABLE: ""}, tmp_path)
    assert set(settings.sources.values()) == {"default"}


def test_the_home_folder_is_known(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert load({}, {"QTSEARCH_INDEX": "~/index"}, tmp_path).index == tmp_path / "home" / "index"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("limt = 1", "unknown key 'limt'; did you mean limit?"),
        ("zebra = 1", "known are articles, index, max_bytes"),
        ('[articles]\nfolder = "x"', "articles is {'folder': 'x'}; use a folder"),
        ("articles = 3", "articles is 3; use a folder"),
        ('articles = ""', "use a folder"),
        ('index = "a\\u0000b"', "use a folder"),
        ('articles = "~nobody-of-this-name/x"', "home folder"),
        ("limit = true", "limit is True; use a whole number from 1 to 10,000"),
        ("limit = 0", "limit is 0; use a whole number"),
        ("limit = 10001", "whole number"),
        ("related = -1", "whole number from 0 to 100"),
        ("max_bytes = 1.5", "whole number"),
        ('site_url = "example.org"', "an address such as"),
        ('site_url = "javascript://x"', "an address such as"),
        ('site_url = "https://a b"', "an address such as"),
        ('site_url = "https://a\\u001b"', "an address such as"),
        ("limit = ", "not valid TOML"),
        ("limit = 1\nlimit = 2", "not valid TOML"),
        ("a = " + "[" * 5000, "not valid TOML"),
    ],
)
def test_a_bad_file_is_named_with_what_to_do(tmp_path, text, said):
    file = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load({}, {}, tmp_path)
    assert str(file) in str(caught.value)
    assert said in str(caught.value)


def test_a_bad_option_or_variable_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"^--limit is 0; use a whole number"):
        load({"limit": 0}, {}, tmp_path)
    with pytest.raises(ConfigError, match=r"^QTSEARCH_MAX_BYTES is 'ten'; use a whole number"):
        load({}, {"QTSEARCH_MAX_BYTES": "ten"}, tmp_path)


def test_a_file_that_is_no_utf8_text_is_refused(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"limit = 1 # \xff")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load({}, {}, tmp_path)


def test_a_named_file_must_exist_and_be_readable(tmp_path):
    with pytest.raises(ConfigError, match=r"no configuration file .*nowhere.toml"):
        load({"config": "nowhere.toml"}, {}, tmp_path)
    with pytest.raises(ConfigError, match="is a folder; write"):
        load({"config": str(tmp_path)}, {}, tmp_path)
    for wrong in ("", "a\0b"):
        with pytest.raises(ConfigError, match="name a"):
            load({"config": wrong}, {}, tmp_path)
    with pytest.raises(ConfigError, match="home folder is unknown"):
        load({"config": "~nobody-of-this-name/x.toml"}, {}, tmp_path)


def test_the_site_loses_its_last_slash(tmp_path):
    assert load({}, {"QTSEARCH_SITE_URL": "https://example.org/"}, tmp_path).site_url == "https://example.org"


def test_settings_are_frozen(tmp_path):
    settings = load({}, {}, tmp_path)
    with pytest.raises(AttributeError):
        settings.limit = 3
    with pytest.raises(TypeError):
        settings.sources["limit"] = "mine"


@given(st.dictionaries(st.sampled_from([s.variable for s in SETTINGS]), st.text(string.printable + "é\u202e")))
def test_any_environment_gives_settings_or_one_line_of_error(environ):
    try:
        settings = load({}, environ, Path("/nonexistent"))
    except ConfigError as error:
        assert any(variable in str(error) for variable in environ)
        assert "\n" not in str(error)
    else:
        assert 1 <= settings.limit <= 10_000
        assert 0 <= settings.related <= 100
        assert settings.articles.is_absolute()
