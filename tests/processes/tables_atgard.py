"""What the process of a measure must do: written by hand from its description, never from its definition."""

STATES = ("foreslagen", "beslutad", "planerad", "genomford", "uppfoljd", "avslagen", "avbruten")
FINAL = ("uppfoljd", "avslagen", "avbruten")
OPEN = tuple(state for state in STATES if state not in FINAL)

OPENING = {"foresla": "foreslagen", "registrera_omedelbar": "genomford", "registrera_beslutad": "beslutad"}

STAYS = "stays"
MOVES = {
    "besluta": {"foreslagen": "beslutad"},
    "besluta_omarbeta": {"foreslagen": STAYS},
    "besluta_avsla": {"foreslagen": "avslagen"},
    "omarbeta": {"foreslagen": STAYS},
    "planera": {"beslutad": "planerad"},
    "byt_ansvarig": {"planerad": STAYS},
    "genomfor": {"planerad": "genomford"},
    "planera_om": {"planerad": "planerad", "genomford": "planerad"},
    "folj_upp": {"genomford": "uppfoljd"},
    "avbryt": dict.fromkeys(OPEN, "avbruten"),
    "anteckna": dict.fromkeys(OPEN, STAYS),
}

ROLES = (
    "medarbetare",
    "enhetschef",
    "verksamhetschef",
    "mas",
    "lex_sarah_ansvarig",
    "registrator",
    "kvalitetssamordnare",
    "forvaltningschef",
    "controller",
    "revisor",
    "administrator",
)
# Besides the roles: who proposed it, who is responsible for it, somebody who has nothing to do with it.
PERSONS = (*ROLES, "forslagsstallare", "ansvarig", "utomstaende")

# A measure is proposed by anyone who sees the case it is for.
SEES_SOURCE = tuple(one for one in PERSONS if one not in ("medarbetare", "ansvarig", "utomstaende"))

WHO = {
    "foresla": SEES_SOURCE,
    "registrera_omedelbar": ("enhetschef",),
    "registrera_beslutad": ("enhetschef", "verksamhetschef"),
    "besluta": ("enhetschef", "verksamhetschef"),
    "besluta_omarbeta": ("enhetschef", "verksamhetschef"),
    "besluta_avsla": ("enhetschef", "verksamhetschef"),
    "omarbeta": ("forslagsstallare", "enhetschef"),
    "planera": ("enhetschef",),
    "byt_ansvarig": ("enhetschef",),
    "genomfor": ("ansvarig",),
    "planera_om": ("ansvarig", "enhetschef"),
    "folj_upp": ("enhetschef",),
    "avbryt": ("enhetschef",),
    "anteckna": (
        "enhetschef",
        "ansvarig",
        "verksamhetschef",
        "mas",
        "lex_sarah_ansvarig",
        "kvalitetssamordnare",
    ),
}

PLAN = {
    "ansvarig": "ansvarig",
    "klart_senast": "2026-04-01",
    "uppfoljning_datum": "2026-05-04",
    "sa_vet_vi": "Nätter utan inkopplad matta.",
    "mal_varde": "0 av 28",
}
EFFEKT = {
    "effekt": "ja",
    "underlag": "antal",
    "motivering_effekt": "Ingen natt utan matta.",
    "fortsatt": "klar",
}

REQUIRED = {
    "foresla": {"vad": "Mattan kontrolleras", "orsak": "Rutinen är okänd", "typ": "rutin", "styrka": "medel"},
    "registrera_beslutad": {
        "vad": "Mattan kontrolleras",
        "orsak": "Rutinen är okänd",
        "typ": "rutin",
        "styrka": "medel",
        "motivering": "Beslutat i händelseanalysen.",
    },
    "registrera_omedelbar": {"vad": "Mattan kopplades in", "nar": "2026-03-01 23:00"},
    "besluta": {"motivering": "Enkelt och prövat."},
    "besluta_omarbeta": {"motivering": "Vem kontrollerar?"},
    "besluta_avsla": {"motivering": "Finns redan."},
    "omarbeta": {"vad": "Kvällspersonalen kontrollerar mattan"},
    "planera": PLAN,
    "byt_ansvarig": {"ansvarig": "ansvarig", "skal": "Ny tjänst."},
    "genomfor": {"genomford_datum": "2026-03-02", "vad_gjordes": "Rad på checklistan."},
    "planera_om": {"nytt_datum": "2026-04-20", "skal": "Leveransen dröjde."},
    "folj_upp": EFFEKT,
    "avbryt": {"skal": "Avdelningen läggs ner.", "ersatts_av": "ÅTG-2026-0001"},
    "anteckna": {},
}

REQUIRED_WHEN = (
    ("folj_upp", {**EFFEKT, "fortsatt": "ny_atgard", "ny_atgard": "ÅTG-2026-0001"}, "ny_atgard"),
    (
        "folj_upp",
        {**EFFEKT, "fortsatt": "gor_till_rutin", "styrdokument": "Rutin för natten"},
        "styrdokument",
    ),
    *(
        (
            "folj_upp",
            {**EFFEKT, "effekt": effekt, "avslut_motivering": "Rummet används inte."},
            "avslut_motivering",
        )
        for effekt in ("nej", "kan_inte_bedomas", "negativ")
    ),
    ("avbryt", {"skal": "x", "ersatts_av": "ÅTG-2026-0001", "utan_ersattare": "nej"}, "ersatts_av"),
)

# No effect, or none that can be judged, demands a new measure or the reasons why nothing more is done.
DEMANDS_MORE = {"ja": False, "delvis": False, "nej": True, "kan_inte_bedomas": True, "negativ": True}

EXPECTED = {
    "foreslagen": {("besluta", "enhetschef"), ("besluta", "verksamhetschef")},
    "beslutad": {("planera", "enhetschef")},
    "planerad": {("genomfor", "ansvarig")},
    "genomford": {("folj_upp", "enhetschef")},
    "uppfoljd": set(),
    "avslagen": set(),
    "avbruten": set(),
}
