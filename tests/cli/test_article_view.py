import re

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
        "≈ How is hepatitis B treated? · Medicine\n"
    )


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
