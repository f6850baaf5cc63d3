import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtsearch.analysis import spelling_variants
from qtsearch.analysis.spelling_variants import RULES, american

PAIRS = """
tumour tumor, tumours tumors, antitumour antitumor, behaviour behavior, behavioural behavioral, colour color,
discolouration discoloration, odour odor, malodour malodor, humour humor, vapour vapor, labour labor, favour favor,
favourable favorable, flavour flavor, harbour harbor, honour honor, neighbour neighbor, rigour rigor, vigour vigor,
endeavour endeavor, splendour splendor, valour valor, armour armor, misdemeanour misdemeanor, saviour savior,
haem heme, haemoglobin hemoglobin, haemorrhage hemorrhage, haemophilia hemophilia, haematology hematology,
methaemoglobin methemoglobin, haemangioma hemangioma, anaemia anemia, anaemic anemic, leukaemia leukemia,
leucaemia leukemia, leukaemic leukemic, ischaemia ischemia, ischaemic ischemic, septicaemia septicemia,
uraemia uremia, hyperglycaemia hyperglycemia, hypoxaemia hypoxemia, anaesthesia anesthesia,
anaesthetist anesthetist, paraesthesia paresthesia, aesthetic esthetic, aetiology etiology, paediatric pediatric,
paediatrics pediatrics, orthopaedic orthopedic, encyclopaedia encyclopedia, gynaecology gynecology,
gynaecomastia gynecomastia, faeces feces, faecal fecal, caecum cecum, caecal cecal, caesarean cesarean,
caesium cesium, caeruloplasmin ceruloplasmin, naevus nevus, naevi nevi, laevocardia levocardia,
palaeolithic paleolithic, archaeology archeology, phaeochromocytoma pheochromocytoma, mediaeval medieval,
spirochaete spirochete, praevia previa, praecordial precordial, taenia tenia,
oesophagus esophagus, oesophageal esophageal, gastrooesophageal gastroesophageal,
transoesophageal transesophageal, paraoesophageal paraesophageal, oestrogen estrogen, oestradiol estradiol,
antioestrogen antiestrogen, phytooestrogen phytoestrogen, oestrus estrus, oedema edema, lymphoedema lymphedema,
papilloedema papilledema, myxoedema myxedema, angiooedema angioedema, oedematous edematous,
diarrhoea diarrhea, diarrhoeal diarrheal, gonorrhoea gonorrhea, amenorrhoea amenorrhea, seborrhoeic seborrheic,
foetal fetal, foetus fetus, coeliac celiac, amoeba ameba, amoebic amebic, dyspnoea dyspnea, apnoea apnea,
dyspnoeic dyspneic, homoeopathy homeopathy, homoeostasis homeostasis, pharmacopoeia pharmacopeia,
manoeuvre maneuver, manoeuvres maneuvers, manoeuvred maneuvered, centred centered,
leucocyte leukocyte, leucopenia leukopenia, leucoplakia leukoplakia, sceptic skeptic, sulphate sulfate,
sulphonamide sulfonamide, sulphur sulfur, centre center, centred centered, centres centers, fibre fiber,
microfibre microfiber, fibreoptic fiberoptic, litre liter, millilitre milliliter, metre meter,
kilometres kilometers, theatre theater, goitre goiter, titre titer, titres titers, calibre caliber,
lustre luster, spectre specter, meagre meager, sombre somber,
analyse analyze, analysed analyzed, analysing analyzing, analyser analyzer, paralysed paralyzed,
catalyse catalyze, dialyser dialyzer, hydrolyse hydrolyze, haemolysed hemolyzed,
organise organize, organisation organization, organisations organizations, immunise immunize,
immunisation immunization, hospitalised hospitalized, randomised randomized, minimise minimize,
optimising optimizing, characterise characterize, recognise recognize, recognisable recognizable, utilise utilize,
metastasise metastasize, synthesise synthesize, oxidise oxidize, ionising ionizing, stabiliser stabilizer,
localised localized, generalised generalized, catheterisation catheterization, metabolised metabolized,
sterilise sterilize, anaesthetised anesthetized, desensitisation desensitization, publicise publicize,
privatise privatize, ostracise ostracize, relativise relativize,
practise practice, practised practiced, practising practicing, defence defense, defenceless defenseless,
licence license, offence offense, pretence pretense,
labelled labeled, labelling labeling, modelling modeling, travelled traveled, channelled channeled,
counsellor counselor, fuelled fueled, signalling signaling, dialled dialed, marvellous marvelous,
tranquilliser tranquilizer, jewellery jewelry, skilful skillful, wilful willful, fulfilment fulfillment,
analogue analog, catalogue catalog, dialogues dialogs, homologue homolog, programme program, programmes programs,
gramme gram, kilogrammes kilograms, mould mold, mouldy moldy, smouldering smoldering, grey gray, greyish grayish,
artefact artifact, artefacts artifacts, judgement judgment, acknowledgement acknowledgment,
aluminium aluminum, aeroplane airplane, ageing aging, antiageing antiaging
"""

SAME_ON_BOTH_SIDES = """
hour four your flour sour tour our ours pour scour contour detour glamour glamorous course court courage source journal
nourish tourniquet velour paramour troubadour dour
wise otherwise likewise rise arise sunrise surprise comprise enterprise exercise exercises exercised exercising precise
concise excise incise circumcise disease diseased diseases promise compromise premise surmise demise advise adviser
revise revised supervise televise devise improvise despise advertise advertising chastise expertise treatise practice
paradise merchandise franchise valise anise denise raise praise appraise noise poise poised tortoise cruise bruise guise
disguise raising noisy premises irises penises clitorises pelvises miser riser visit visible isolation distance
analysis analyses paralysis lysed lysis lyse elyse catalyst dialysis
aerobic anaerobic aerosol aerodynamic aerate michael israel raphael algae vertebrae larvae bursae reggae paella
aedes aegypti paraesophageal intraepithelial tetraethyl docosahexaenoic eicosapentaenoic extraembryonic
supraepicondylar metaepiphyseal maelstrom aerial
does shoe shoes poet poem poetry coexist coeur coefficient coenzyme phoenix toe toes goes hoe oboe canoe doer loess
gastroesophageal tracheoesophageal phytoestrogen angioedema roentgen autoerotic homoerotic coerce noel joe goethe
leucine leucovorin disc disk tyre tire cheque draught kerb storey
sombrero vertebre
symmetric symmetry symmetries metric metrics tremor tree extreme entre nitrate central fibrous breath brew breast
vogue rogue rogues tongue league colleague plague synagogue demagogue
controlled controlling called filled fill installed compelled patellar medullary cellular collateral fallopian allergy
program programmer diagram grammar shoulder shoulders boulder greyhound agency engine
fence absence science influence difference evidence
"""


@pytest.mark.parametrize("pair", [pair.split() for pair in PAIRS.split(",")], ids=" ".join)
def test_both_spellings_become_the_american_one(pair):
    british, us = pair
    assert american(british) == american(us) == us


@pytest.mark.parametrize("word", SAME_ON_BOTH_SIDES.split())
def test_other_words_keep_their_letters(word):
    assert american(word) == word


def test_no_two_of_the_other_words_are_merged():
    words = {*SAME_ON_BOTH_SIDES.split(), *(pair.split()[1] for pair in PAIRS.split(","))}
    assert len({american(word) for word in words}) == len(words)


_PIECES = [
    *"haem aemi oe ae our is e ed ing isation lys tre metre bre ll quill logue gramme".split(),
    *"mould grey dgement enc leuc".split(),
    *"an or cen fi tum behavi s trave anal diarrh angi sulph scepti practis jewelle fulfil foet x".split(),
]


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)))
def test_any_text_has_one_final_spelling(word):
    assert american(american(word)) == american(word)


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_a_trigger_is_in_whatever_its_pattern_changes(word):
    for rule in RULES:
        if rule.trigger not in word:
            assert re.sub(rule.pattern, rule.replacement, word) == word


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.reason)
def test_no_rule_is_idle(rule, monkeypatch):
    monkeypatch.setattr(spelling_variants, "RULES", tuple(other for other in RULES if other is not rule))
    assert any(american(british) != us for british, us in map(str.split, PAIRS.split(",")))
