"""Results made by hand: what an engine could answer, hostile and foreign text included."""

import datetime
from pathlib import Path

from qtsearch.articles.model import Article, Problem, RelatedArticle
from qtsearch.config import load
from qtsearch.reindexing import Change, ReindexReport
from qtsearch.results import Fragment, Hit, IndexStats, RelatedHit, Results, Snippet

HOSTILE = "\x1b[31mred\x1b]0;owned\x07 \u202etxet [bold]not bold[/bold]\nnext\x9b1m line\x00"

SETTINGS = load({}, {}, Path("/srv/site"))
SITE = load({"site_url": "https://example.org"}, {}, Path("/srv/site"))

CURATED = RelatedHit(97063, "What is Cholangiocarcinoma?", "Medicine", "/q/bile-duct", None, "curated")
SIMILAR = RelatedHit(5, "How is hepatitis B treated?", "Medicine", "/q/hbv", "hbv.md", "similar")


def article(**changes):
    values = {
        "path": "liver/hcc.md",
        "id": 97061,
        "title": "What helps against HCC?",
        "question": "What helps against HCC?",
        "answer": "**Immunotherapy** helps.\n\n1. First\n2. Second\n",
        "answer_text": "Immunotherapy helps.\nFirst\nSecond",
        "date": datetime.date(2024, 12, 7),
        "subject": "Medicine",
        "author": "QuickTakes",
        "url": "/q/hcc",
        "file_name": "hcc.md",
        "score": -1.0,
        "page_keywords": ("liver cancer", "HCC"),
        "page_description": "About HCC.",
        "related": (RelatedArticle(97063, "What is Cholangiocarcinoma?", "Medicine", "/q/bile-duct"),),
    }
    return Article(**{**values, **changes})


def hit(rank=1, made=None, fragments=None, related=(CURATED, SIMILAR), title_highlights=((19, 22),)):
    found = made or article()
    if fragments is None:
        fragments = (Fragment("Immunotherapy helps against HCC", ((0, 13), (28, 31)), before=True, after=True),)
    return Hit(rank, 7.25, found, title_highlights, Snippet(fragments), related)


def hostile_hit(rank=1):
    made = article(title=HOSTILE, subject=HOSTILE, author=HOSTILE, url="https://e.org/" + HOSTILE, path="a\x1b[1m;b.md")
    fragment = Fragment(HOSTILE * 3, ((0, 7), (9, 40)))
    related = RelatedHit(HOSTILE, HOSTILE, HOSTILE, HOSTILE, None, "curated")
    return hit(rank, made, (fragment,), (related,), ((2, 6), (8, 20)))


def foreign_hit(rank=1):
    title = (
        "肝細胞癌の治療における最新の進歩は何ですか。免疫療法と併用療法について教えてください。新しい薬はありますか。"
    )
    text = "免疫チェックポイント阻害薬と抗血管新生薬の併用療法は、生存期間を有意に延長することが示されています。" * 3
    made = article(title=title, subject="医学", url="/q/肝細胞癌", path="肝/癌.md")
    return hit(rank, made, (Fragment(text, ((0, 9), (14, 20))),), (SIMILAR,), ((0, 4),))


def results(*hits, total=None, offset=0, notices=(), text="HCC", **more):
    return Results(text, len(hits) if total is None else total, offset, tuple(hits), 0.0124, notices, **more)


STATS = IndexStats(
    folder="/srv/site/index",
    articles_folder="/srv/site/seeds",
    documents=4607,
    terms=61234,
    segments=2,
    bytes=7_654_321,
    generation=12,
    committed=datetime.datetime(2026, 1, 31, 3, 0, 2, tzinfo=datetime.UTC),
    oldest=datetime.date(2019, 2, 1),
    newest=datetime.date(2026, 1, 30),
    subjects=(("Medicine", 4000), ("Health Studies", 600), ("Dentistry", 7)),
    engine="whoosh3 3.54.0",
    schema_version=1,
)

PROBLEMS = (
    Problem("a.md", "a date that is none", "write YYYY-MM-DD", line=3, fatal=False),
    Problem("b.md", "broken YAML", "mend the line", line=7),
)
REINDEX = ReindexReport((Change("a.md", "added"),), 3, PROBLEMS, (), 4, "first time", True, False, 0.5)
