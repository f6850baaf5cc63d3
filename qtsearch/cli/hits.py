"""Results and related articles as lines."""

from __future__ import annotations

from collections.abc import Iterator

from qtsearch.articles.model import Article
from qtsearch.cli.details import explanation_lines, facet_lines
from qtsearch.cli.layout import HANGING, Line, StyledSpan, highlighted, joined, span
from qtsearch.cli.sanitize import MAX_LINK, web_link
from qtsearch.config import Settings
from qtsearch.results import Fragment, Hit, RelatedHit, Results

MARKERS = {"curated": "→ ", "similar": "≈ "}


def results_lines(results: Results, settings: Settings, page_size: int, *, bars: bool = False) -> Iterator[Line]:
    """All hits, one below the other, facets, what else was searched for, and the footer.

    Args:
        results: what to show.
        settings: for the links.
        page_size: hits on a page.
        bars: draw a bar for each value of a facet.
    """
    width = len(str(results.hits[-1].rank)) if results.hits else 0
    for hit in results.hits:
        yield from _hit_lines(hit, settings, width)
        yield Line()
    for facet in results.facets:
        yield from facet_lines(facet, bars=bars)
        yield Line()
    if results.also_searched:
        yield Line((span("also searched: ", "dim"), span(", ".join(results.also_searched))), hanging=HANGING)
    yield footer(results, page_size)


def notices(results: Results) -> tuple[str, ...]:
    """What a person should know before reading on: what was not understood, and what was mistyped."""
    proposed = results.did_you_mean and not results.corrected
    meant = (f"did you mean: {results.did_you_mean}",) if proposed else ()
    return (*results.notices, *meant)


def notice_lines(results: Results) -> Iterator[Line]:
    """The notices, above the hits of a terminal."""
    found = notices(results)
    for notice in found:
        yield Line((span(notice, "notice"),), "! ")
    if found:
        yield Line()


def _hit_lines(hit: Hit, settings: Settings, rank_width: int) -> Iterator[Line]:
    margin = " " * (rank_width + 2)
    link = article_link(hit.article.url, hit.article.path, settings)
    title = highlighted(hit.title, hit.title_highlights, "title", "title-match", link)
    yield Line(tuple(title), f"{hit.rank:>{rank_width}}  ")
    yield Line(tuple(metadata(hit.article, settings)), margin)
    for fragment in hit.snippet.fragments:
        yield Line(tuple(_fragment_spans(fragment)), margin)
    if hit.explanation:
        yield from explanation_lines(hit.explanation, margin)
    for related in hit.related:
        yield from related_lines(related, settings, margin, beside=hit.subject)


def metadata(article: Article, settings: Settings) -> list[StyledSpan]:
    """Subject, date and url of an article; its path where it has no url."""
    place = public_url(article.url, settings) or article.path
    return joined(
        [
            span(article.subject, "dim"),
            span(article.date or "", "dim"),
            span(place, "url", article_link(article.url, article.path, settings)),
        ]
    )


def _fragment_spans(fragment: Fragment) -> Iterator[StyledSpan]:
    if fragment.heading:
        yield span(f"{fragment.heading}: ", "heading")
    if fragment.before:
        yield span("… ", "dim")
    yield from highlighted(fragment.text, fragment.highlights)
    if fragment.after:
        yield span(" …", "dim")


def related_lines(
    related: RelatedHit, settings: Settings, margin: str = "", *, beside: str = "", addressed: bool = False
) -> Iterator[Line]:
    """A related article: its title and subject. If it is not in the folder, that is said, and its url shown.

    Args:
        related: the article.
        settings: for the links.
        margin: stands before each line.
        beside: the subject of the article it belongs to, which need not be said again.
        addressed: show its url, else its path, also if it is in the folder: for a list whose titles are no links, of
            which one would be given to ``qtsearch show``.
    """
    link = article_link(related.url, related.path, settings)
    title = span(related.title or related.url or related.id or "", link=link)
    subject = span("" if related.subject == beside else related.subject, "dim")
    absent = span("" if related.indexed else "not in the folder", "notice")
    yield Line(tuple(joined([title, subject, absent])), margin + MARKERS[related.origin])
    address = public_url(related.url, settings) or related.path
    if address and (addressed or not related.indexed):
        yield Line((span(address, "url", link),), margin + "  ")


def footer(results: Results, page_size: int) -> Line:
    """``1-10 of 234 hits · 12 ms``, and how to see the next page."""
    shown, total = len(results.hits), results.total
    time = span(duration(results.seconds), "dim")
    if not total:
        return Line(tuple(joined([span("no hits"), time])))
    if not shown:
        text = f"none of {total:,} hits: this page is past the last"
        return Line(tuple(joined([span(text, "dim"), time])))
    first, last = results.offset + 1, results.offset + shown
    places = f"{first:,}" if shown == 1 else f"{first:,}-{last:,}"
    text = f"{places} of {total:,} hits" if total > 1 else "1 hit"
    more = f"more with --page {last // page_size + 1}" if last < total and last % page_size == 0 else ""
    return Line(tuple(joined([span(text, "dim"), time, span(more, "dim")])))


def duration(seconds: float) -> str:
    """A time for people: milliseconds, then seconds, then minutes."""
    milliseconds = seconds * 1000
    if round(milliseconds, 1) < 1:  # rounded first here and below: not 1000 ms
        return f"{milliseconds:.1f} ms"
    if round(milliseconds) < 1000:
        return f"{milliseconds:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def public_url(url: str, settings: Settings) -> str:
    """The url as the site's readers know it: with the configured address of the site in front."""
    return settings.site_url + url if url.startswith("/") else url


def article_link(url: str, path: str | None, settings: Settings) -> str:
    """Where a terminal link leads: the url if it is absolute, else the article's file; "" if neither."""
    link = web_link(public_url(url, settings))
    if link or path is None:
        return link
    file = (settings.articles / path).as_uri()
    return file.replace(";", "%3B") if len(file) <= MAX_LINK else ""
