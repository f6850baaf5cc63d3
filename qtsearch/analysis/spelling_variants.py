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
    pattern: re.Pattern[str]
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
            word = pattern.sub(replacement, word)
    return word


def _rule(reason: str, trigger: str, pattern: str, replacement: str) -> Rule:
    return Rule(reason, trigger, re.compile(pattern), replacement)


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
    _rule("haem alone: haem, heme", "haem", r"^haem(?=s?$)", "heme"),
    _rule(
        "classical ae: anaemia, anemia",
        "ae",
        _within(
            "ae",
            "h_m _mi[ac] _sthe[ts] ^_tio p_d gyn_c f_c ^c_c c_sar[ei]a c_siu c_rulo n_v ^l_vo pal_o arch_o"
            " ph_o medi_val prim_val spiroch_t pr_vi pr_cord ^t_ni",
        ),
        "e",
    ),
    _rule(
        "classical oe: diarrhoea, diarrhea",
        "oe",
        _within("oe", "f_t(?:al|us|id|o) ^c_li am_b pn_[ai] rrh_[ai] hom_o(?:p|s|t) acop_i man_uv"),
        "e",
    ),
    _rule("classical oe behind a whole: oesophagus, esophagus", "oe", rf"{_COMPLETE}oe(?=soph|str)", "e"),
    _rule("classical oe: oedema, edema, but angioedema everywhere", "oedem", r"(?<!angi)oe(?=dem)", "e"),
    _rule(
        "Greek k: leucocyte, leukocyte, but leucine",
        "leuc",
        r"leuc(?=em|ocyt|open|oplak|oderm|odystr|oenceph|otrien|orrh|opher|apher)",
        "leuk",
    ),
    _rule("sceptic, skeptic", "scepti", r"^scepti(?=c)", "skepti"),
    _rule("Latin sulf: sulphate, sulfate", "sulph", r"sulph", "sulf"),
    _rule(
        "French our: tumour, tumor, but contour and glamour",
        "our",
        _within(
            "our",
            "behavi_ tum_ col_ ^od_ ^malod_ hum_ vap_ ^lab_ fav_ flav_ harb_ hon_ neighb_ rum_ rig_ vig_ sav_ savi_"
            " endeav_ cand_ clam_ ferv_ parl_ ranc_ splend_ succ_ val_ ^arm_ ^arb_ ^ard_ demean_ enam_ ^unlab_",
        ),
        "or",
    ),
    _rule(
        "French re: centre, center",
        "tre",
        _within("tre", " ".join(f"{stem}_s?$" for stem in "cen li thea goi ti lus spec scep mea salpe".split())),
        "ter",
    ),
    _rule("French re: metre, meter, but symmetry", "metre", r"metre(?=s?$)", "meter"),
    _rule(
        "French re: fibre, fiber; calibre, caliber",
        "bre",
        r"(?<=fi)bre|(?:(?<=cali)|(?<=som)|(?<=^sa))bre(?=s?$)",
        "ber",
    ),
    _rule("French re: maneuvre, maneuver", "euvre", r"(?<=man)euvre(?=s?$)", "euver"),
    _rule("French re: centred, centered", "red", _within("r", "cent_ed$ lust_ed$ maneuv_ed$ calib_ed$"), "er"),
    _rule("French re: meagre, meager", "eagre", r"^meagre", "meager"),
    _rule(
        "Greek yse: analyse, analyze",
        "lys",
        r"(?<=[a-z][aeo])lys(?=(?:e|ed|er|ers|ing|able)$)",
        "lyz",
    ),
    _rule(
        "verbs in ise: organise, organize, but exercise",
        "is",
        rf"(?<=[a-z]{{3}})is{_NO_VERB_IN_IS}{_VERB_ENDING}",
        "iz",
    ),
    _rule("practise, practice", "practis", r"practis(?=(?:e|ed|es|er|ers|ing)$)", "practic"),
    _rule(
        "Latin ens: defence, defense; licence, license",
        "enc",
        r"(?:(?<=^def)|(?<=^off)|(?<=^lic)|(?<=^pret))enc(?=e|ing$)",
        "ens",
    ),
    _rule(
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
    _rule("doubled l: fulfil, fulfill", "fil", r"^fulfil(?=s?$|ment)", "fulfill"),
    _rule("doubled l: tranquilliser, tranquilizer", "quill", r"(?<=^tranqui)ll(?=i[sz])", "l"),
    _rule("doubled l: jewellery, jewelry", "jewelle", r"^jewellery$", "jewelry"),
    _rule("doubled l: skilful, skillful; wilful, willful", "lful", r"^(s?[kw]i)l(?=ful)", r"\1ll"),
    _rule("Greek logue: analogue, analog, but vogue", "logue", r"(?<=[aeio])logue(?=s?$)", "log"),
    _rule("French mme: programme, program; gramme, gram", "gramme", r"gramme(?=s?$)", "gram"),
    _rule("mould, mold; smoulder, smolder", "mould", r"mould", "mold"),
    _rule("grey, gray", "grey", r"^grey(?=(?:s|ed|ing|er|ish|scale)?$)", "gray"),
    _rule("artefact, artifact", "artefact", r"^artefact", "artifact"),
    _rule("judgement, judgment", "dgement", r"dgement", "dgment"),
    _rule("aluminium, aluminum", "aluminium", r"^aluminium", "aluminum"),
    _rule("aeroplane, airplane", "aeroplane", r"^aeroplane", "airplane"),
    _rule("ageing, aging", "ageing", r"^(anti)?ageing$", r"\1aging"),
)

_triggered: Final = re.compile("|".join(dict.fromkeys(rule.trigger for rule in RULES))).search
