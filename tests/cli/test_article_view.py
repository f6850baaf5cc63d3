import re
from dataclasses import replace

import pytest

from qtsearch.cli.article_view import article_text
from qtsearch.cli.screen import Screen

from .samples import CURATED, HOSTILE, SETTINGS, SIMILAR, SITE, article
from .test_layout import PLAIN, without_escapes

TERMINAL = Screen(terminal=True, styled=True, width=80, height=24)
NO_COLOR = Screen(terminal=True, styled=False, width=80, height=24)


def test_in_a_pipe_the_markdown_is_printed_as_written():
    answer = "**Bold** and `code`\n\n1. one\n2. two"
    text = article_text(article(answer=answer), (CURATED, SIMILAR), SETTINGS, PLAIN)
    assert text == (
        "# What helps against HCC?\n\nMedicine · 2024-12-07 · /q/hcc\nQuickTakes · id 97061 · liver/hcc.md\n\n"
        f"{answer}\n\n## Related\n\n"
        "→ What is Cholangiocarcinoma? · Medicine · not in the folder\n  /q/bile-duct\n"
        "≈ How is hepatitis B treated? · Medicine\n  /q/hbv\n"
    )


def test_a_related_article_has_its_address_below_it_where_its_title_is_no_link():
    without_url = replace(SIMILAR, url="")
    assert "treated? · Medicine\n  /q/hbv\n" in article_text(article(), (SIMILAR,), SETTINGS, NO_COLOR)
    assert "treated? · Medicine\n  hbv.md\n" in article_text(article(), (without_url,), SETTINGS, PLAIN)
    assert "/q/hbv" not in without_escapes(article_text(article(), (SIMILAR,), SETTINGS, TERMINAL))


def test_a_question_that_differs_from_the_title_is_shown():
    text = article_text(article(question="Does anything help?"), (), SETTINGS, PLAIN)
    assert "\nDoes anything help?\n" in text
    assert "Related" not in text


def test_on_a_terminal_the_markdown_is_rendered():
    text = article_text(article(answer="A **bold** word\n\n- item\n"), (), SETTINGS, TERMINAL)
    assert "\x1b[1mbold\x1b[0m" in text
    assert "• " in without_escapes(text)


@pytest.mark.parametrize(
    ("markdown", "target"),
    [
        ("[x](https://e.org/é)", "https://e.org/%C3%A9"),
        ("[x](/learn/y)", "https://example.org/learn/y"),
        ("<https://e.org/;>", "https://e.org/%3B"),
        ("[x](javascript:alert(1))", None),
        ("[x](file:///etc/passwd)", None),
        ("[x](mailto:a@b.org)", None),
        ("[x](other.md)", None),
    ],
)
def test_only_web_pages_are_linked(markdown, target):
    text = article_text(article(answer=markdown), (), SITE, TERMINAL)
    body = text.split("\n\n", 1)[1]
    assert re.findall(r"\x1b\]8;[^;]*;([^\x1b]+)\x1b\\", body) == ([target] if target else [])


@pytest.mark.parametrize(
    "answer",
    [
        HOSTILE,
        "entities: &#x1b;[31m &#27; &#x202e; &#x9b; &#x200b;",
        f"```sh\n{HOSTILE}\n```",
        f"`{HOSTILE}`",
        f"# {HOSTILE}",
        f"| {HOSTILE} |\n|---|\n| {HOSTILE} |",
        f"![{HOSTILE}]({HOSTILE})",
        f"<div>{HOSTILE}</div>",
        "[x](https://e.org/%1b%07\x1b])",
        "&#x1b;]8;;https://evil&#x1b;\\x",
    ],
)
@pytest.mark.parametrize("screen", [PLAIN, NO_COLOR, TERMINAL])
def test_no_article_controls_the_terminal(answer, screen):
    text = article_text(article(answer=answer, title=HOSTILE), (), SITE, screen)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", without_escapes(text))
    assert screen.styled or "\x1b" not in text


def test_html_is_shown_and_not_hidden():
    text = article_text(article(answer="a <b>b</b>\n\n<div>kept</div>"), (), SITE, NO_COLOR)
    assert "a <b>b</b>" in text
    assert "<div>kept</div>" in text


def test_without_colours_the_address_of_a_link_stands_beside_it():
    assert "x (https://example.org/y)" in article_text(article(answer="[x](/y)"), (), SITE, NO_COLOR)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("<http://auto.link/a>", "http://auto.link/a"),
        ("<a@b.org>", "a@b.org"),
        ("[https://e.org/](https://e.org/) and <http://f.org> end", "https://e.org/ and http://f.org end"),
        ("[https://e.org](https://f.org)", "https://e.org (https://f.org)"),
    ],
)
def test_without_colours_an_address_that_is_the_text_is_not_repeated(markdown, shown):
    text = article_text(article(answer=markdown), (), SITE, NO_COLOR)
    assert text.endswith(f"\n\n{shown}\n")


@pytest.mark.parametrize("screen", [PLAIN, TERMINAL])
@pytest.mark.parametrize("named", [{}, {"author": "", "id": None}])
def test_the_path_of_an_article_without_a_url_stands_there_once(screen, named):
    head = without_escapes(article_text(article(url="", answer="x", **named), (), SETTINGS, screen)).split("\n\nx\n")[0]
    assert head.count("liver/hcc.md") == 1
    assert head.endswith("liver/hcc.md" if named else "QuickTakes · id 97061")


LISTS = {depth: "".join(f"{'  ' * level}- level{level}\n" for level in range(depth)) for depth in (14, 26, 400)}
QUOTES = {depth: "> " * depth + "deep words\n" for depth in (24, 40, 3000)}
TABLE = "|" + "head|" * 60 + "\n" + "|" + "-|" * 60 + "\n" + "|" + "cell|" * 60 + "\n"


@pytest.mark.parametrize(
    ("answer", "width", "rendered"),
    [
        (LISTS[14], 80, True),
        (LISTS[26], 120, True),
        (LISTS[14], 40, False),
        (LISTS[400], 120, False),
        (QUOTES[24], 120, True),
        (QUOTES[24], 80, False),
        (QUOTES[40], 120, False),
        (QUOTES[3000], 120, False),
        ("> - " * 300 + "deep words\n", 120, False),
        (TABLE, 80, False),
        ("[a]: https://e.org/\n", 80, False),
    ],
)
@pytest.mark.parametrize("styled", [False, True])
def test_what_has_no_room_on_the_terminal_is_shown_as_written(answer, width, rendered, styled):
    screen = Screen(terminal=True, styled=styled, width=width, height=24)
    text = article_text(article(answer=answer), (), SETTINGS, screen)
    assert text.endswith(f"\n\n{answer}") != rendered
    assert all(word in without_escapes(text) for word in re.findall(r"\w+", answer))


@pytest.mark.parametrize("answer", ["**word** " * 25_000, "*a*\n" * 10_001])
def test_a_huge_answer_is_shown_as_written(answer):
    assert answer.strip() in article_text(article(answer=answer), (), SETTINGS, TERMINAL)
