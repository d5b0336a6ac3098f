"""What the deviation process must do: written by hand from its description, never from its definition.

Every step, the statuses it may be taken from and where it leads; who may; what must be given; every
condition, false alone. Where the definition and this table differ, one is wrong and somebody has to look.
"""

STATES = (
    "rapporterad",
    "komplettering",
    "bedomd",
    "under_utredning",
    "atgarder_pagar",
    "under_uppfoljning",
    "overlamnad",
    "avslutad",
    "felregistrerad",
)
FINAL = ("avslutad", "felregistrerad")
OPEN = tuple(state for state in STATES if state not in FINAL)

OPENING = {
    "rapportera": "rapporterad",
    "registrera_at_annan": "rapporterad",
    "importera": "rapporterad",
    "importera_avslutad": "avslutad",
}

STAYS = "stays"
# Taken by itself, by nobody else: what the lex Sarah case did -> the status before and after.
AUTOMATIC = {
    "aterlamna_obedomd": ("overlamnad", "rapporterad"),
    "aterlamna_bedomd": ("overlamnad", "bedomd"),
    "notera_lex_beslut": ("overlamnad", STAYS),
}
# Step -> {status it may be taken from: status it leads to}. Every pair that is not here is refused.
MOVES = {
    "begar_komplettering": {"rapporterad": "komplettering"},
    "komplettera": {"komplettering": "rapporterad"},
    "ga_vidare_utan_komplettering": {"komplettering": "rapporterad"},
    "flytta": dict.fromkeys(OPEN, STAYS),
    "bedom": {"rapporterad": "bedomd"},
    "bekrafta_bedomning": {"bedomd": STAYS, "under_utredning": STAYS},
    "bekrafta_bedomning_hsl": {"bedomd": STAYS, "under_utredning": STAYS},
    "avsluta_ringa": {"bedomd": "avslutad"},
    "paborja_utredning": {"bedomd": "under_utredning"},
    "byt_utredare": {"under_utredning": STAYS},
    "ange_orsak": {"under_utredning": STAYS},
    "slutfor_utredning": {"under_utredning": "atgarder_pagar"},
    "las_upp": {"atgarder_pagar": "under_utredning", "under_uppfoljning": "under_utredning"},
    "paborja_uppfoljning": {"atgarder_pagar": "under_uppfoljning"},
    "avsluta": {"under_uppfoljning": "avslutad"},
    "ateroppna": {"avslutad": "under_utredning"},
    "felregistrera": {"rapporterad": "felregistrerad"},
    "begar_mas_bedomning": dict.fromkeys(OPEN, STAYS),
    "mas_bedom": dict.fromkeys(OPEN, STAYS),
    "skicka_till_annan": dict.fromkeys(OPEN, STAYS),
    "registrera_svar": dict.fromkeys(OPEN, STAYS),
    "rapportera_missforhallande": dict.fromkeys(
        [state for state in OPEN if state != "overlamnad"], "overlamnad"
    ),
    "rapportera_missforhallande_hsl_kvar": dict.fromkeys(
        [state for state in OPEN if state != "overlamnad"], STAYS
    ),
    "aterta": {"overlamnad": "bedomd"},
    "aterta_uppfoljning": {"overlamnad": "under_uppfoljning"},
    "diariefor": dict.fromkeys(OPEN, STAYS),
    "aterkoppla": dict.fromkeys(OPEN, STAYS),
    "anteckna": dict.fromkeys(OPEN, STAYS),
}

ROLES = (
    "medarbetare",
    "enhetschef",
    "verksamhetschef",
    "mas",
    "lex_sarah_ansvarig",
    "lex_sarah_utredare",
    "beslutsfattare",
    "anmalningsansvarig",
    "registrator",
    "kvalitetssamordnare",
    "forvaltningschef",
    "controller",
    "revisor",
    "administrator",
)
# Besides the roles: who sent the report, who investigates, somebody registered who has no role here.
PERSONS = (*ROLES, "rapportor", "utredare", "utomstaende")
# Who sees at least the envelope of the case. Anybody who sees a case may report a failing in it.
SEES = tuple(one for one in PERSONS if one not in ("medarbetare", "utomstaende"))

WHO = {
    "rapportera": PERSONS,
    "registrera_at_annan": ("enhetschef", "kvalitetssamordnare", "registrator"),
    "importera": ("kvalitetssamordnare", "registrator"),
    "importera_avslutad": ("kvalitetssamordnare", "registrator"),
    "begar_komplettering": ("enhetschef",),
    "komplettera": ("rapportor",),
    "ga_vidare_utan_komplettering": ("enhetschef",),
    "flytta": ("enhetschef", "kvalitetssamordnare"),
    "bedom": ("enhetschef",),
    "bekrafta_bedomning": ("lex_sarah_ansvarig",),
    "bekrafta_bedomning_hsl": ("mas",),
    "avsluta_ringa": ("enhetschef",),
    "paborja_utredning": ("enhetschef",),
    "byt_utredare": ("enhetschef",),
    "ange_orsak": ("utredare", "enhetschef"),
    "slutfor_utredning": ("utredare",),
    "las_upp": ("enhetschef",),
    "paborja_uppfoljning": ("enhetschef",),
    "avsluta": ("enhetschef",),  # at high risk the verksamhetschef instead: see the scenarios
    "ateroppna": ("enhetschef", "kvalitetssamordnare"),
    "felregistrera": ("kvalitetssamordnare",),
    "begar_mas_bedomning": ("enhetschef",),
    "mas_bedom": ("mas",),
    "skicka_till_annan": ("mas", "enhetschef"),
    "registrera_svar": ("mas", "enhetschef"),
    "rapportera_missforhallande": SEES,
    "rapportera_missforhallande_hsl_kvar": SEES,
    "aterta": ("lex_sarah_ansvarig",),
    "aterta_uppfoljning": ("lex_sarah_ansvarig",),
    "diariefor": ("registrator",),
    "aterkoppla": ("enhetschef", "utredare", "mas", "lex_sarah_ansvarig", "kvalitetssamordnare"),
    "anteckna": (
        "enhetschef",
        "utredare",
        "verksamhetschef",
        "mas",
        "lex_sarah_ansvarig",
        "kvalitetssamordnare",
    ),
}

RAPPORT = {
    "fara_nu": "nej",
    "handelse": "Den boende hittades på golvet vid sängen.",
    "intraffade": "2026-03-01 22:15",
    "omedelbara_atgarder": "Hjälptes upp, sjuksköterska ringdes.",
    "art": "negativ_handelse",
    "skada": "nej",
}
# SoL, low risk, nothing suspected: 2 x 2 = 4.
RINGA = {
    "lagrum": "sol",
    "kategori_sol": "sol_insats_sen",
    "paverkan": "ingen",
    "bedomning_av": "utfall",
    "sannolikhet": "2",
    "allvarlighet_sol": "2",
    "missforhallande_misstanks": "nej",
    "enskild_informerad": "ja",
}
# SoL, 3 x 3 = 9 and severity 3: over the threshold, though nothing is suspected.
HOG_SOL = {
    **RINGA,
    "sannolikhet": "3",
    "allvarlighet_sol": "3",
    "motivering_ingen_misstanke": "Insatsen gavs av kollegan inom en timme.",
}
# HSL, low risk, nothing suspected: 1 x 2 = 2.
RINGA_HSL = {
    "lagrum": "hsl",
    "kategori_hsl": "hsl_lakemedel_fordrojd",
    "paverkan": "ingen",
    "bedomning_av": "utfall",
    "sannolikhet": "1",
    "allvarlighet_hsl": "2",
    "missforhallande_misstanks": "nej",
    "vardskada_misstanks": "nej",
    "medbedomare": "mas",
    "enskild_informerad": "ja",
}
# HSL, severity 3: over the threshold whatever the value (1 x 3).
HOG_HSL = {
    **RINGA_HSL,
    "allvarlighet_hsl": "3",
    "motivering_ingen_misstanke": "Dosen gavs en timme sent, ingen verkan.",
}
BADA = {**RINGA, **RINGA_HSL, "lagrum": "hsl,sol", "sannolikhet": "1"}

# A cause for which no measure is needed.
NO_MEASURE = {"omrade": "ej_klarlagd", "beskrivning": "Okänt.", "ingen_atgard_motivering": "Enstaka."}

# What a step must be given, and nothing less.
REQUIRED = {
    "rapportera": RAPPORT,
    "registrera_at_annan": {**RAPPORT, "rapportor_namn": "Rapportörens namn", "kanal": "telefon"},
    "importera": {"handelse": "Den boende föll.", "ursprung": "Det gamla systemet"},
    "importera_avslutad": {"handelse": "Den boende föll.", "ursprung": "Det gamla systemet"},
    "begar_komplettering": {"fraga": "När såg du den boende senast?"},
    "komplettera": {"kompletterande_uppgifter": "Klockan nio."},
    "ga_vidare_utan_komplettering": {"skal": "Rapportören har slutat."},
    "flytta": {"ny_enhet": "ek", "skal": "Det hände där."},
    "bedom": RINGA,
    "bekrafta_bedomning": {"haller_med_sol": "ja"},
    "bekrafta_bedomning_hsl": {"haller_med_hsl": "ja"},
    "avsluta_ringa": {"slutsats": "Enstaka.", "ingen_atgard_motivering": "Rutinen finns och följs."},
    "paborja_utredning": {"utredare": "utredare"},
    "byt_utredare": {"utredare": "utredare", "skal": "Semester."},
    "ange_orsak": {"omrade": "rutiner_riktlinjer", "beskrivning": "Rutinen är inte känd på natten."},
    "slutfor_utredning": {
        "handelseforlopp": "Larmmattan kopplades ur.",
        "hant_tidigare": "?",
        "kan_handa_igen": "ja",
    },
    "las_upp": {"skal": "En orsak till."},
    "paborja_uppfoljning": {},
    "avsluta": {
        "samlad_effekt": "ja",
        "larande": "Mattan kontrolleras varje kväll.",
        "aterkopplad": "2026-03-01",
        "aterkopplad_hur": "apt",
    },
    "ateroppna": {"skal": "Det hände igen."},
    "felregistrera": {"skal": "Dubblett.", "ersatts_av": "AVV-2026-0001"},
    "begar_mas_bedomning": {},
    "mas_bedom": {"vardskada_utfall": "ingen", "motivering": "Ingen skada."},
    "skicka_till_annan": {
        "motpart": "Vårdcentralen",
        "skickad": "2026-03-01",
        "avsett": "Utred ordinationen.",
    },
    "registrera_svar": {"svar": "Ordinationen ändrad.", "svarsdatum": "2026-03-02"},
    "rapportera_missforhallande": {
        "motivering_missforhallande": "Larmet besvarades inte på två timmar.",
        "atgarder_missforhallande": "Extra tillsyn.",
    },
    "aterta": {"skal": "Beslut: inget missförhållande."},
    "diariefor": {"dnr": "SN 2026/0132"},
    "aterkoppla": {"aterkoppling": "Vi går igenom rutinen på måndag."},
    "anteckna": {},
}
REQUIRED["rapportera_missforhallande_hsl_kvar"] = REQUIRED["rapportera_missforhallande"]
REQUIRED["aterta_uppfoljning"] = REQUIRED["aterta"]

# (step, what else is given, the field that must be given then)
REQUIRED_WHEN = (
    ("bedom", RINGA_HSL, "kategori_hsl"),
    ("bedom", RINGA_HSL, "allvarlighet_hsl"),
    ("bedom", RINGA_HSL, "vardskada_misstanks"),
    ("bedom", RINGA_HSL, "medbedomare"),
    ("bedom", {**RINGA, "lagrum": "lss"}, "kategori_sol"),
    ("bedom", {**RINGA, "lagrum": "lss"}, "allvarlighet_sol"),
    ("bedom", BADA, "kategori_hsl"),
    ("bedom", BADA, "kategori_sol"),
    ("bedom", BADA, "allvarlighet_hsl"),
    ("bedom", BADA, "allvarlighet_sol"),
    ("bedom", HOG_SOL, "motivering_ingen_misstanke"),
    ("bedom", HOG_HSL, "motivering_ingen_misstanke"),
    (
        "bedom",
        {**RINGA, "enskild_informerad": "nej", "enskild_informerad_varfor": "Nås inte."},
        "enskild_informerad_varfor",
    ),
    (
        "bedom",
        {**RINGA, "enskild_informerad": "ej_aktuellt", "enskild_informerad_varfor": "Ingen enskild berörd."},
        "enskild_informerad_varfor",
    ),
    (
        "felregistrera",
        {"skal": "Dubblett.", "ersatts_av": "AVV-2026-0001", "utan_ersattare": "nej"},
        "ersatts_av",
    ),
)

# Fields that a reporter is shown but need not answer, and when they are shown.
MAY_ASK = (
    "plats",
    "kategori",
    "lagrum",
    "kontaktad",
    "berord_ref",
    "forslag",
    "dokumenterat",
    "aven_arbetsmiljo",
)
MAY_ASK_WHEN = {
    "fall": {"aktivitet": "sang", "hjalpmedel": "nej", "larm": "?"},
    "lakemedel": {"delegering_fanns": "ja", "signerat": "nej", "forskrivare_kontaktad": "?"},
    "trycksar": {"uppkommet_hos_oss": "ja"},
}

# "Avsluta som ringa": (what is said, the judgement, whether it may be closed so). Each false alone.
RINGA_GUARD = (
    ("value and severity under the limits", RINGA, True),
    ("the same under HSL", RINGA_HSL, True),
    ("two areas, both under the limits", BADA, True),
    ("a failing is suspected", {**RINGA, "missforhallande_misstanks": "ja"}, False),
    ("avoidable harm is suspected", {**RINGA_HSL, "vardskada_misstanks": "ja"}, False),
    ("SoL value 6 is at the limit of 5 or over", {**RINGA, "sannolikhet": "3"}, False),
    ("SoL value 4 is the last that is minor", {**RINGA, "sannolikhet": "4", "allvarlighet_sol": "1"}, True),
    ("SoL severity 3 at value 3", {**RINGA, "sannolikhet": "1", "allvarlighet_sol": "3"}, False),
    ("HSL value 6", {**RINGA_HSL, "sannolikhet": "3"}, False),
    ("HSL severity 3 at value 3", HOG_HSL, False),
    ("one of two areas is over the limit", {**BADA, "allvarlighet_sol": "3"}, False),
    ("SoL category that is always investigated", {**RINGA, "kategori_sol": "sol_ekonomiskt_stold"}, False),
    ("violence between residents", {**RINGA, "kategori_sol": "sol_fysiskt_mellan_enskilda"}, False),
    ("restraint without legal basis", {**RINGA, "kategori_sol": "sol_rattssakerhet_utan_lagstod"}, False),
    ("HSL category that is always investigated", {**RINGA_HSL, "kategori_hsl": "hsl_trycksar_3"}, False),
    ("its sibling that is not", {**RINGA_HSL, "kategori_hsl": "hsl_trycksar_2"}, True),
)

# Over the threshold: SoL value >= 8 and severity >= 3; HSL value >= 8 or severity >= 3. (judgement, is high)
THRESHOLDS = (
    ("SoL 3 x 3", {**RINGA, "sannolikhet": "3", "allvarlighet_sol": "3"}, True),
    ("SoL 4 x 2: value 8 but severity 2", {**RINGA, "sannolikhet": "4", "allvarlighet_sol": "2"}, False),
    ("SoL 2 x 3: severity 3 but value 6", {**RINGA, "sannolikhet": "2", "allvarlighet_sol": "3"}, False),
    ("SoL 2 x 4", {**RINGA, "sannolikhet": "2", "allvarlighet_sol": "4"}, True),
    ("HSL 1 x 3", {**RINGA_HSL, "sannolikhet": "1", "allvarlighet_hsl": "3"}, True),
    ("HSL 4 x 2", {**RINGA_HSL, "sannolikhet": "4", "allvarlighet_hsl": "2"}, True),
    ("HSL 3 x 2", {**RINGA_HSL, "sannolikhet": "3", "allvarlighet_hsl": "2"}, False),
)

# What a task waits for in each status: (step, who). Further ones by what was judged.
EXPECTED = {
    "rapporterad": {("bedom", "enhetschef")},
    "komplettering": {("komplettera", "rapportor")},
    "bedomd": {("paborja_utredning", "enhetschef")},
    "under_utredning": {("slutfor_utredning", "utredare")},
    "atgarder_pagar": set(),  # the measures have tasks of their own; the follow-up begins by itself
    "under_uppfoljning": {("avsluta", "enhetschef")},
    "overlamnad": {("aterta", "lex_sarah_ansvarig")},  # decided there
    "avslutad": set(),
    "felregistrerad": set(),
}

# MAS: which outcome opens what, when the work is the municipality's own. None: nothing.
MAS_OPENS = {
    "ingen": None,
    "risk_vardskada": None,
    "vardskada": None,
    "risk_allvarlig": "lex_maria",
    "allvarlig": "lex_maria",
    "ej_undvikbar": None,
}

# Deadline -> (the step it waits for, what it counts from, how long, its kind, how well the time is evidenced).
# `domain` section 1: V read in the statute, S secondary, I practice. All in one's own time but the law's "genast".
DEADLINES = {
    "komplettera": ("komplettera", "begar_komplettering", "3 working days", "lokal", "I"),
    "bedom": ("bedom", "rapportera", "5 working days", "lokal", "S"),
    "bedom_registrerad": ("bedom", "registrera_at_annan", "5 working days", "lokal", "S"),
    "bedom_importerad": ("bedom", "importera", "20 working days", "lokal", "I"),
    "paborja": ("paborja_utredning", "rapportera", "10 working days", "lokal", "S"),
    "paborja_registrerad": ("paborja_utredning", "registrera_at_annan", "10 working days", "lokal", "S"),
    "utred": ("slutfor_utredning", "paborja_utredning", "30 days", "lokal", "I"),
    "utred_upplast": ("slutfor_utredning", "las_upp", "30 days", "lokal", "I"),
    "utred_ateroppnad": ("slutfor_utredning", "ateroppna", "30 days", "lokal", "I"),
    "mas_bedom": ("mas_bedom", "begar_mas_bedomning", "2 working days", "lokal", "I"),
    "mas_bedom_misstanke": ("mas_bedom", "bedom", "2 working days", "lokal", "I"),
    "mas_bedom_invandning": ("mas_bedom", "bekrafta_bedomning_hsl", "2 working days", "lokal", "I"),
    "mas_bedom_skada": ("mas_bedom", "begar_mas_bedomning", "0 days", "lokal", "I"),
    "mas_bedom_misstanke_skada": ("mas_bedom", "bedom", "0 days", "lokal", "I"),
    "mas_bedom_invandning_skada": ("mas_bedom", "bekrafta_bedomning_hsl", "0 days", "lokal", "I"),
    "svar": ("registrera_svar", "skicka_till_annan", "30 days", "lokal", "I"),
    "rapportera_missforhallande": ("rapportera_missforhallande", "bedom", "1 working day", "lag_skyndsamt", "V"),
    "rapportera_missforhallande_invandning": (
        "rapportera_missforhallande", "bekrafta_bedomning", "1 working day", "lag_skyndsamt", "V"
    ),
    "rapportera_missforhallande_hsl_kvar_invandning": (
        "rapportera_missforhallande_hsl_kvar", "bekrafta_bedomning", "1 working day", "lag_skyndsamt", "V"
    ),
    "rapportera_missforhallande_hsl_kvar": (
        "rapportera_missforhallande_hsl_kvar", "bedom", "1 working day", "lag_skyndsamt", "V"
    ),
}  # fmt: skip
# Which of them stand still, and in which statuses.
RESTS = {
    "bedom": ("komplettering", "overlamnad"), "bedom_registrerad": ("komplettering", "overlamnad"),
    "bedom_importerad": ("komplettering", "overlamnad"),
    "paborja": ("overlamnad",), "paborja_registrerad": ("overlamnad",),
    "utred": ("overlamnad",), "utred_upplast": ("overlamnad",), "utred_ateroppnad": ("overlamnad",),
}  # fmt: skip
# What is done so that each deadline of one's own begins on Monday 2 March 2026: the status, what was reported, the
# step and who takes it -> its last day.
BEGUN = [
    ("komplettera", "rapporterad", {}, "begar_komplettering", "enhetschef", "2026-03-05"),
    ("utred", "bedomd", {}, "paborja_utredning", "enhetschef", "2026-04-01"),
    ("utred_upplast", "atgarder_pagar", {}, "las_upp", "enhetschef", "2026-04-01"),
    ("utred_ateroppnad", "avslutad", {}, "ateroppna", "enhetschef", "2026-04-01"),
    ("mas_bedom", "rapporterad", {}, "begar_mas_bedomning", "enhetschef", "2026-03-04"),
    ("mas_bedom_skada", "rapporterad", {"skada": "ja"}, "begar_mas_bedomning", "enhetschef", "2026-03-02"),
    ("svar", "under_utredning", {}, "skicka_till_annan", "mas", "2026-04-01"),
]
