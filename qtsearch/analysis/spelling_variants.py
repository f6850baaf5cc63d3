"""British -> American spelling of folded words, so that ``tumour`` and ``tumor`` share a term.

Every rule names the stems or the endings to which it applies, because letters alone decide nothing: ``oesophagus``
loses its ``o``, but ``gastroesophageal``, ``coexist`` and ``poet`` keep theirs; ``organise`` takes a ``z``,
``exercise`` does not. A word that no rule knows stays as it is. The rules go to the American side because the other
one would need far longer lists: nearly every ``e`` and ``or`` is just that.

Left alone on purpose, since the American spelling is another word as well: tyre (tire), cheque (check), draught
(draft), kerb (curb), storey (story), disc (disk), analyses (also the plural of analysis).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple


class Rule(NamedTuple):
    """One difference of spelling.

    Attributes:
        reason: the difference, with an example.
        trigger: letters without which the pattern cannot match; they spare most words the pattern.
        pattern: what is replaced.
        replacement: the American letters.
    """

    reason: str
    trigger: str
    pattern: str
    replacement: str


def american(word: str) -> str:
    """Return the American spelling of a folded word; the word itself where there is no other.

    Pure and idempotent. Meant for lower-case words; any other text passes unchanged or with such parts respelled.
    Most words hold no trigger and take half a microsecond.
    """
    if not _triggered(word):
        return word
    respelled = _respelled(word)
    # One rule may make room for another: only what no rule changes any more is final.
    while respelled != word:
        word, respelled = respelled, _respelled(respelled)
    return word


def _respelled(word: str) -> str:
    for _, trigger, pattern, replacement in RULES:
        if trigger in word:
            word = _compiled(pattern).sub(replacement, word)
    return word


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # Not all at once: together they take 20 ms, and the words of a query seldom need even one.
    return re.compile(pattern)


def _within(letters: str, places: str) -> str:
    """Return a pattern for ``letters`` at these places: ``h_m`` is after h and before m, ``^_tio`` in front of tio."""
    pairs = (place.split("_") for place in places.split())
    return "|".join(f"(?<={before}){letters}(?={after})" for before, after in pairs)


_VERB_ENDING = "(?=(?:e|ed|es|er|ers|ing|ings|able|ability|ation|ations|ational|ationally)$)"
# A compound brings an "o" of its own (gastr-o-esophageal, phyt-o-estrogen), so the digraph must begin the word or
# follow something that is complete without it.
_COMPLETE = r"(?:^|(?<=[ao])|(?<=anti)|(?<=trans)|(?<=non)|(?<=hyper)|(?<=sub)|(?<=mid)|(?<=^di)|(?<=^an)|(?<=^met))"
# In these "is" belongs to the stem (French -prise, Latin -cis, -mis, -vis) or to a noun: Americans write it too.
_NO_VERB_IN_IS = "".join(
    f"(?<!{stem})"
    for stem in (
        "wis pris guis cruis bruis ais ois pis exercis exorcis concis precis excis incis circumcis advis revis devis"
        " televis improvis supervis promis premis surmis demis chemis remis advertis chastis treatis expertis mortis"
        " practis paradis merchandis franchis ^valis ^denis ^anis ^aris sunris upris moonris penis pelvis ^iris"
        " clitoris tennis trellis ^louis ^paris ^morris ^harris ^ellis"
    ).split()
)

RULES: Final = (
    Rule("haem alone: haem, heme", "haem", r"^haem(?=s?$)", "heme"),
    Rule(
        "classical ae: anaemia, anemia",
        "ae",
        _within(
            "ae",
            "h_m _mi[ac] _sthe[ts] ^_tio p_d gyn_c f_c ^c_c c_sar[ei]a c_siu c_rulo n_v ^l_vo pal_o arch_o"
            " ph_o medi_val prim_val spiroch_t pr_vi pr_cord ^t_ni",
        ),
        "e",
    ),
    Rule(
        "classical oe: diarrhoea, diarrhea",
        "oe",
        _within("oe", "f_t(?:al|us|id|o) ^c_li am_b pn_[ai] rrh_[ai] hom_o(?:p|s|t) acop_i man_uv"),
        "e",
    ),
    Rule("classical oe behind a whole: oesophagus, esophagus", "oe", rf"{_COMPLETE}oe(?=soph|str)", "e"),
    Rule("classical oe: oedema, edema, but angioedema everywhere", "oedem", r"(?<!angi)oe(?=dem)", "e"),
    Rule(
        "Greek k: leucocyte, leukocyte, but leucine",
        "leuc",
        r"leuc(?=em|ocyt|open|oplak|oderm|odystr|oenceph|otrien|orrh|opher|apher)",
        "leuk",
    ),
    Rule("sceptic, skeptic", "scepti", r"^scepti(?=c)", "skepti"),
    Rule("Latin sulf: sulphate, sulfate", "sulph", r"sulph", "sulf"),
    Rule(
        "French our: tumour, tumor, but contour and glamour",
        "our",
        _within(
            "our",
            "behavi_ tum_ col_ ^od_ ^malod_ hum_ vap_ ^lab_ fav_ flav_ harb_ hon_ neighb_ rum_ rig_ vig_ sav_ savi_"
            " endeav_ cand_ clam_ ferv_ parl_ ranc_ splend_ succ_ val_ ^arm_ ^arb_ ^ard_ demean_ enam_ ^unlab_",
        ),
        "or",
    ),
    Rule(
        "French re: centre, center",
        "tre",
        _within("tre", " ".join(f"{stem}_s?$" for stem in "cen li thea goi ti lus spec scep mea salpe".split())),
        "ter",
    ),
    Rule("French re: metre, meter, but symmetry", "metre", r"metre(?=s?$)", "meter"),
    Rule(
        "French re: fibre, fiber; calibre, caliber",
        "bre",
        r"(?<=fi)bre|(?:(?<=cali)|(?<=som)|(?<=^sa))bre(?=s?$)",
        "ber",
    ),
    Rule("French re: maneuvre, maneuver", "euvre", r"(?<=man)euvre(?=s?$)", "euver"),
    Rule("French re: centred, centered", "red", _within("r", "cent_ed$ lust_ed$ maneuv_ed$ calib_ed$"), "er"),
    Rule("French re: meagre, meager", "eagre", r"^meagre", "meager"),
    Rule(
        "Greek yse: analyse, analyze",
        "lys",
        r"(?<=[a-z][aeo])lys(?=(?:e|ed|er|ers|ing|able)$)",
        "lyz",
    ),
    Rule(
        "verbs in ise: organise, organize, but exercise",
        "is",
        rf"(?<=[a-z]{{3}})is{_NO_VERB_IN_IS}{_VERB_ENDING}",
        "iz",
    ),
    Rule("practise, practice", "practis", r"practis(?=(?:e|ed|es|er|ers|ing)$)", "practic"),
    Rule(
        "Latin ens: defence, defense; licence, license",
        "enc",
        r"(?:(?<=^def)|(?<=^off)|(?<=^lic)|(?<=^pret))enc(?=e|ing$)",
        "ens",
    ),
    Rule(
        "doubled l: labelled, labeled, but controlled",
        "ll",
        _within(
            "ll",
            " ".join(
                f"{stem}_(?:ed|ing|ings|er|ers|or|ors|ous|ously)$"
                for stem in (
                    "trave labe mode channe cance ^counse ^leve fue tunne signa ^tota ^dia marve initia equa riva"
                    " spira quarre pane ^due funne unrave shrive snorke stenci"
                ).split()
            ),
        ),
        "l",
    ),
    Rule("doubled l: fulfil, fulfill", "fil", r"^fulfil(?=s?$|ment)", "fulfill"),
    Rule("doubled l: tranquilliser, tranquilizer", "quill", r"(?<=^tranqui)ll(?=i[sz])", "l"),
    Rule("doubled l: jewellery, jewelry", "jewelle", r"^jewellery$", "jewelry"),
    Rule("doubled l: skilful, skillful; wilful, willful", "lful", r"^(s?[kw]i)l(?=ful)", r"\1ll"),
    Rule("Greek logue: analogue, analog, but vogue", "logue", r"(?<=[aeio])logue(?=s?$)", "log"),
    Rule("French mme: programme, program; gramme, gram", "gramme", r"gramme(?=s?$)", "gram"),
    Rule("mould, mold; smoulder, smolder", "mould", r"mould", "mold"),
    Rule("grey, gray", "grey", r"^grey(?=(?:s|ed|ing|er|ish|scale)?$)", "gray"),
    Rule("artefact, artifact", "artefact", r"^artefact", "artifact"),
    Rule("judgement, judgment", "dgement", r"dgement", "dgment"),
    Rule("aluminium, aluminum", "aluminium", r"^aluminium", "aluminum"),
    Rule("aeroplane, airplane", "aeroplane", r"^aeroplane", "airplane"),
    Rule("ageing, aging", "ageing", r"^(anti)?ageing$", r"\1aging"),
)

_triggered: Final = re.compile("|".join(dict.fromkeys(rule.trigger for rule in RULES))).search
