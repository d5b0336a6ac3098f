"""What the lex Sarah process must do: written by hand from its description and the statutes, never from its definition.

Every step, the statuses it may be taken from and where it leads; who may; what must be given; every condition, false
alone; who is told; what waits for whom. Where the definition and this table differ, one is wrong and somebody has to
look.
"""

STATES = (
    "rapporterad",
    "mottagen",
    "under_utredning",
    "utredning_klar",
    "beslutad",
    "atgarder_pagar",
    "under_uppfoljning",
    "avslutad",
)
FINAL = ("avslutad",)
OPEN = tuple(state for state in STATES if state not in FINAL)
RECEIVED = tuple(state for state in OPEN if state != "rapporterad")
FINISHED = tuple(state for state in RECEIVED if state not in ("mottagen", "under_utredning"))
DECIDED = ("beslutad", "atgarder_pagar", "under_uppfoljning")

OPENING = {"rapportera": "rapporterad", "registrera_rapport": "rapporterad", "fran_avvikelse": "rapporterad"}

STAYS = "stays"
# Step -> {status it may be taken from: status it leads to}. Every pair that is not here is refused.
MOVES = {
    "bekrafta_mottagande": {"rapporterad": "mottagen"},
    "diariefor": dict.fromkeys(OPEN, STAYS),
    "informera_namnd_rapport": dict.fromkeys(RECEIVED, STAYS),
    "informera_namnd_anmalan": dict.fromkeys(RECEIVED, STAYS),
    "flytta": dict.fromkeys(OPEN, STAYS),
    "ange_javig": dict.fromkeys(("mottagen", "under_utredning", "utredning_klar"), STAYS),
    "prova_jav": dict.fromkeys(("mottagen", "under_utredning"), STAYS),
    "forsta_bedomning": {"mottagen": "under_utredning"},
    "inte_lex_sarah": {"mottagen": "avslutad"},
    "informera_enskild": dict.fromkeys(RECEIVED, STAYS),
    "enskildes_uppfattning": dict.fromkeys(RECEIVED, STAYS),
    "anteckna": {"under_utredning": STAYS},
    "ange_orsak": {"under_utredning": STAYS},
    "byt_utredare": {"under_utredning": STAYS},
    "slutfor_utredning": {"under_utredning": "utredning_klar"},
    "las_upp": {"utredning_klar": "under_utredning"},
    "lamna_till_beslut": {},  # switched off unless a municipality switches it on: see the settings
    "besluta": {"utredning_klar": "beslutad"},
    "anmal_delegationsbeslut": dict.fromkeys(DECIDED, STAYS),
    "anmal_ivo": dict.fromkeys(RECEIVED, STAYS),
    "skicka_utredning_ivo": dict.fromkeys(FINISHED, STAYS),
    "registrera_ivo_begaran": dict.fromkeys(RECEIVED, STAYS),
    "komplettera_ivo": dict.fromkeys(RECEIVED, STAYS),
    "registrera_ivo_beslut": dict.fromkeys(RECEIVED, STAYS),
    "planera_atgarder": {"beslutad": "atgarder_pagar"},
    "paborja_uppfoljning": {"atgarder_pagar": "under_uppfoljning"},
    "avsluta": {"under_uppfoljning": "avslutad"},
    "aterkoppla": dict.fromkeys(OPEN, STAYS),
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
    "namndsekreterare",
    "kvalitetssamordnare",
    "forvaltningschef",
    "controller",
    "revisor",
    "administrator",
)
# Besides the roles: who reported; a second investigator who has other cases; somebody who has no role here.
# The person with the role lex_sarah_utredare is the one who investigates.
PERSONS = (*ROLES, "rapportor", "utredare_2", "utomstaende")
# Who sees at least the envelope: reference, title, status, times, holder.
SEES = tuple(one for one in PERSONS if one not in ("medarbetare", "anmalningsansvarig", "utomstaende"))
# Who reads the content: those who receive and decide; the investigator while they have the case.
READS = ("lex_sarah_ansvarig", "beslutsfattare")

_IVO = ("beslutsfattare", "lex_sarah_ansvarig")
WHO = {
    "rapportera": PERSONS,
    "registrera_rapport": ("lex_sarah_ansvarig",),
    "fran_avvikelse": (),  # the deviation opens it
    "bekrafta_mottagande": ("lex_sarah_ansvarig",),
    "diariefor": ("registrator",),
    "informera_namnd_rapport": ("lex_sarah_ansvarig",),
    "informera_namnd_anmalan": ("lex_sarah_ansvarig",),
    "flytta": ("lex_sarah_ansvarig",),
    "ange_javig": ("lex_sarah_ansvarig",),
    "prova_jav": ("lex_sarah_ansvarig",),
    "forsta_bedomning": ("lex_sarah_ansvarig",),
    "inte_lex_sarah": ("beslutsfattare",),
    "informera_enskild": ("enhetschef", "lex_sarah_utredare"),
    "enskildes_uppfattning": ("enhetschef", "lex_sarah_utredare"),
    "anteckna": ("lex_sarah_utredare", "lex_sarah_ansvarig"),
    "ange_orsak": ("lex_sarah_utredare", "lex_sarah_ansvarig"),
    "byt_utredare": ("lex_sarah_ansvarig",),
    "slutfor_utredning": ("lex_sarah_utredare",),
    "las_upp": ("lex_sarah_ansvarig",),
    "lamna_till_beslut": ("lex_sarah_ansvarig",),
    "besluta": ("beslutsfattare",),
    "anmal_delegationsbeslut": ("namndsekreterare",),
    "anmal_ivo": _IVO,
    "skicka_utredning_ivo": _IVO,
    "registrera_ivo_begaran": _IVO,
    "komplettera_ivo": _IVO,
    "registrera_ivo_beslut": _IVO,
    "planera_atgarder": ("enhetschef",),
    "paborja_uppfoljning": ("lex_sarah_ansvarig",),
    "avsluta": (
        "lex_sarah_ansvarig",
    ),  # at the two highest degrees the verksamhetschef instead: see the course
    "aterkoppla": ("lex_sarah_ansvarig", "lex_sarah_utredare"),
}

RAPPORT = {
    "handelse": "Larmet besvarades inte på två timmar.",
    "intraffade": "2026-03-01 02:10",
    "uppmarksammad": "2026-03-01 07:00",
    "konsekvens": "Den enskilde låg på golvet hela natten.",
    "omedelbara_atgarder": "Sjuksköterska tillkallades.",
    "befattning": "Undersköterska",
    "rapportor_grupp": "anstalld",
}
HEADINGS = ("U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8", "U10")  # U9 is the decision
DEGREES = (
    "inget_missforhallande",
    "risk_missforhallande",
    "missforhallande",
    "risk_allvarligt_missforhallande",
    "allvarligt_missforhallande",
)
SERIOUS = DEGREES[3:]  # notified to IVO: SoL 27:6, LSS 24 f
GROUPS = dict(
    zip(DEGREES, ("inget", "missforhallande", "missforhallande", "allvarligt", "allvarligt"), strict=True)
)
NO_MEASURE = {"omrade": "ej_klarlagd", "beskrivning": "Okänt.", "ingen_atgard_motivering": "Enstaka."}

# What a step must be given, and nothing less.
REQUIRED = {
    "rapportera": RAPPORT,
    "registrera_rapport": {
        **RAPPORT,
        "rapportor_namn": "Rapportörens namn",
        "kanal": "telefon",
        "ankomstdatum": "2026-03-01",
    },
    "fran_avvikelse": {},
    "bekrafta_mottagande": {
        "mottagen_datum": "2026-03-02",
        "lagrum": "sol",
        "skydd": "Extra tillsyn i natt.",
        "namnd_informerad": "Ordföranden, 2 mars.",
    },
    "diariefor": {"dnr": "SN 2026/0132", "rubrik_offentlig": "Rapport enligt lex Sarah"},
    "informera_namnd_rapport": {"namnd_rapport_datum": "2026-03-02", "namnd_rapport_hur": "Brev."},
    "informera_namnd_anmalan": {"namnd_anmalan_datum": "2026-03-02", "namnd_anmalan_hur": "Brev."},
    "flytta": {"ny_enhet": "ek", "skal": "Det hände där."},
    "ange_javig": {"person": "mas", "skal": "utpekad"},
    "prova_jav": {"jav_provad": "ingen"},
    "forsta_bedomning": {
        "omfattning": "fullstandig",
        "uppenbart_allvarligt": "nej",
        "polisanmalan": "nej",
        "polisanmalan_varfor": "Inget tyder på brott.",
        "utredare": "lex_sarah_utredare",
    },
    "inte_lex_sarah": {"inte_skal": "fel_lagrum", "inte_motivering": "Gäller hälso- och sjukvård."},
    "informera_enskild": {
        "enskild_informerad": "ja",
        "informerad_vem": "enskild",
        "informerad_datum": "2026-03-02",
        "informerad_hur": "Samtal.",
        "informerad_vad": "Vad som hänt och vad vi gör.",
    },
    "enskildes_uppfattning": {"uppfattning": "berattat", "uppfattning_text": "Jag ropade hela natten."},
    "anteckna": {},
    "ange_orsak": {"omrade": "rutiner_riktlinjer", "beskrivning": "Larmlistan lästes inte vid rapporten."},
    "byt_utredare": {"utredare": "utredare_2", "skal": "Jävig."},
    "slutfor_utredning": {
        "foreslagen_grad": "missforhallande",
        "motivering_forslag": "Larmet gick fram.",
        "konsekvens_for_enskild": "Nedkyld, rädd.",
        "kategori": "sol_insats_tillsyn",  # beside the description: no compilation without it
    },
    "las_upp": {"skal": "En uppgift till."},
    "lamna_till_beslut": {},
    "besluta": {
        "grad": "missforhallande",
        "motivering": "Insatsen uteblev.",
        "beslutsdatum": "2026-03-02",
        "beslutat_av": "delegat",
        "delegationspunkt": "7.3",
    },
    "anmal_delegationsbeslut": {"sammantrade": "2026-03-25", "paragraf": "41"},
    "anmal_ivo": {
        "anmald_datum": "2026-03-02",
        "avser": "allvarligt",
        "satt": "e_tjanst",
        "bifogat": "rapport",
        "enskild_informerad_om_anmalan": "ja",
        "anmalan_delegationspunkt": "7.4",
    },
    "skicka_utredning_ivo": {"skickad_datum": "2026-03-02", "skickade_handlingar": "Utredning och beslut."},
    "registrera_ivo_begaran": {"ivo_begaran": "Bemanningen i natt.", "svara_senast": "2026-03-20"},
    "komplettera_ivo": {"ivo_svar": "Schemat bifogas.", "ivo_svar_datum": "2026-03-02"},
    "registrera_ivo_beslut": {
        "ivo_beslutsdatum": "2026-03-02",
        "ivo_utfall": "utan_krav",
    },
    "planera_atgarder": {},
    "paborja_uppfoljning": {},
    "avsluta": {
        "larande": "Larmlistan läses högt.",
        "aterkopplad": "2026-03-02",
        "aterkopplad_hur": "samtal",
        "sparad_i_sammanstallning": "ja",
    },
    "aterkoppla": {"aterkoppling": "Utredningen pågår."},
}

# (step, what else is given, the field that must be given then)
REQUIRED_WHEN = (
    ("prova_jav", {"jav_provad": "finns", "ersattare": "Tillförordnad SAS."}, "javiga"),
    ("informera_enskild", {"enskild_informerad": "nej"}, "varfor_inte_informerad"),
    ("enskildes_uppfattning", {"uppfattning": "berattat"}, "uppfattning_text"),
    ("inte_lex_sarah", {"inte_skal": "dubblett", "inte_motivering": "Samma natt."}, "dubblett_av"),
    ("anmal_ivo", {**REQUIRED["anmal_ivo"], "enskild_informerad_om_anmalan": "nej"}, "anmalan_varfor_inte_informerad"),
    (
        "registrera_ivo_beslut",
        {**REQUIRED["registrera_ivo_beslut"], "ivo_utfall": "krav"},
        "ivo_krav_vad",
    ),
    (
        "besluta",
        {name: value for name, value in REQUIRED["besluta"].items() if name != "delegationspunkt"},
        "delegationspunkt",
    ),
    (
        "besluta",
        {
            **{name: value for name, value in REQUIRED["besluta"].items() if name != "delegationspunkt"},
            "beslutat_av": "namnd",
            "beslutsorgan": "Socialnämndens arbetsutskott",
        },
        "beslutsparagraf",
    ),
    (
        "besluta",
        {
            **{name: value for name, value in REQUIRED["besluta"].items() if name != "delegationspunkt"},
            "beslutat_av": "namnd",
            "beslutsparagraf": "84",
        },
        "beslutsorgan",
    ),
)  # fmt: skip

# The only lawful reasons not to investigate (SoL 27:5, LSS 24 e): never that it is not serious enough.
NOT_LEX_SARAH = ("fel_lagrum", "inte_var_verksamhet", "inte_inom_uppgiften", "dubblett")

# What a task waits for in each status: (step, who), in the shortest course at a unit of one's own.
EXPECTED = {
    "rapporterad": {("bekrafta_mottagande", "lex_sarah_ansvarig")},
    "mottagen": {("forsta_bedomning", "lex_sarah_ansvarig"), ("diariefor", "registrator")},
    "under_utredning": {
        ("slutfor_utredning", "lex_sarah_utredare"),
        ("informera_enskild", "enhetschef"),
        ("informera_enskild", "lex_sarah_utredare"),
        ("diariefor", "registrator"),
    },
    "utredning_klar": {
        ("besluta", "beslutsfattare"),
        ("informera_enskild", "enhetschef"),
        ("informera_enskild", "lex_sarah_utredare"),
        ("diariefor", "registrator"),
    },
    "beslutad": {
        ("planera_atgarder", "enhetschef"),
        ("anmal_delegationsbeslut", "namndsekreterare"),
        ("informera_enskild", "enhetschef"),
        ("informera_enskild", "lex_sarah_utredare"),
        ("diariefor", "registrator"),
    },
}

# Deadline -> (the step it waits for, what it counts from, how long, its kind, how well the time is evidenced).
DEADLINES = {
    "bekrafta": ("bekrafta_mottagande", "ankomstdatum", "1 working day", "lokal", "I"),
    "bekrafta_genast": ("bekrafta_mottagande", "ankomstdatum", "1 working day", "lag_skyndsamt", "SV"),
    "diariefor": ("diariefor", "mottagen_datum", "1 working day", "lag_skyndsamt", "V"),
    "forsta_bedomning": ("forsta_bedomning", "bekrafta_mottagande", "3 working days", "lokal", "I"),
    "utred": ("slutfor_utredning", "forsta_bedomning", "30 days", "lokal", "I"),
    "utred_upplast": ("slutfor_utredning", "las_upp", "30 days", "lokal", "I"),
    "utred_till_ivo": ("slutfor_utredning", "anmald_datum", "2 months", "lag_datum", "S"),
    "utred_genast": ("slutfor_utredning", "mottagen_datum", "10 working days", "lag_skyndsamt", "SV"),
    "besluta": ("besluta", "slutfor_utredning", "10 working days", "lokal", "I"),
    "anmal_ivo": ("anmal_ivo", "forsta_bedomning", "1 working day", "lag_skyndsamt", "SV"),
    "anmal_ivo_beslut": ("anmal_ivo", "besluta", "1 working day", "lag_skyndsamt", "SV"),
    "skicka_utredning": ("skicka_utredning_ivo", "anmald_datum", "2 months", "lag_datum", "S"),
    "svara_ivo": ("komplettera_ivo", "svara_senast", "0 days", "lokal", "S"),
    "planera_atgarder": ("planera_atgarder", "besluta", "20 working days", "lokal", "I"),
}  # fmt: skip

# The law's own word by lagrum and the day on which time began: (lagrum, day, word of 27:5/24 e, its ground).
WORDS = (
    ("sol", "2025-07-01", "genast", "SoL (2025:400) 27 kap. 5 §"),
    ("lvu", "2026-03-02", "genast", "SoL (2025:400) 27 kap. 5 §"),
    ("lvm", "2026-03-02", "genast", "SoL (2025:400) 27 kap. 5 §"),
    ("lss", "2025-07-01", "utan dröjsmål", "LSS 24 e §"),
    ("lss", "2025-06-30", "utan dröjsmål", "LSS 24 e §"),
    ("sol,lss", "2025-07-01", "genast", "SoL (2025:400) 27 kap. 5 § och LSS 24 e §"),
    ("sol", "2025-06-30", "utan dröjsmål", "SoL (2001:453) 14 kap."),
)
