"""Words that say nothing about what is wanted: English function words, interrogatives, what requests are made of.

A query leaves them out where other words remain; the index holds them all, so phrases stay exact. There are no
single letters and no digits among them (``hepatitis a``, ``type 2``, ``type one``), and nothing that names a
disease (Down, Still). Abbreviations in capitals (``ALL``, ``WHO``) are for the query language to tell apart.
"""

from __future__ import annotations

from typing import Final

from qtsearch.analysis.analyzer import with_plain_punctuation

_ARTICLES_AND_DETERMINERS = """
an the this that these those some any each every either neither both all such another other others
same own certain several many much more most few less least enough
"""
_PRONOUNS = """
me my myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
herself it its itself they them their theirs themselves someone somebody something anyone anybody
anything everyone everybody everything nobody nothing
"""
_INTERROGATIVES = """
what which who whom whose when where why how whatever whichever whoever whenever wherever however whether
"""
_VERBS = """
am is are was were be been being do does did doing done have has had having can could may might must shall should
will would ought cannot get gets getting got need needs let make makes
"""
_PREPOSITIONS = """
about above across after against along among around as at before behind below beneath beside besides between beyond
by despite during except for from in inside into like near of off on onto out outside over per since than
through throughout till to toward towards under until up upon via with within without
"""
_CONJUNCTIONS_AND_ADVERBS = """
and or nor not no yes but if because so then though although while whereas unless also too very just only even
ever never again here there now once else quite rather really already yet almost always often sometimes
usually and/or please
"""
_REQUESTS = """
tell know find want looking wondering hello hi hey thank thanks
"""
_CONTRACTED = """
i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd it'll we're we've we'd
we'll they're they've they'd they'll that's that'll that'd there's there're there'll here's
what's what're what'll what'd what've which's who's who're who'll who'd who've whom's when's when'd where's where're
where'd why's why're why'd how's how're how'd how'll
ain't aren't isn't wasn't weren't don't doesn't didn't haven't hasn't hadn't can't couldn't mayn't mightn't mustn't
needn't shan't shouldn't won't wouldn't let's someone's everyone's nobody's y'all
could've should've would've might've must've
"""

STOP_WORDS: Final = frozenset(
    " ".join(
        (
            _ARTICLES_AND_DETERMINERS,
            _PRONOUNS,
            _INTERROGATIVES,
            _VERBS,
            _PREPOSITIONS,
            _CONJUNCTIONS_AND_ADVERBS,
            _REQUESTS,
            _CONTRACTED,
        )
    ).split()
)
"""Case-folded, with straight apostrophes."""


def is_stop_word(word: str) -> bool:
    """Say whether a case-folded word is a stop word; any apostrophe counts as a straight one."""
    return with_plain_punctuation(word) in STOP_WORDS
