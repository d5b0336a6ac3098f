"""What a request for a public document must do: written by hand from its description, never from its definition."""

STATES = (
    "mottagen",
    "under_provning",
    "besked_lamnat",
    "hos_myndigheten",
    "utlamnad",
    "avslagen",
    "avslutad",
)
FINAL = ("utlamnad", "avslagen", "avslutad")
OPEN = tuple(state for state in STATES if state not in FINAL)
STAYS = "stays"

MOVES = {
    "fordela": {"mottagen": "under_provning"},
    "byt_handlaggare": dict.fromkeys(("under_provning", "besked_lamnat", "hos_myndigheten"), STAYS),
    "diariefor": dict.fromkeys(OPEN, STAYS),
    "ange_handling": dict.fromkeys(("under_provning", "hos_myndigheten"), STAYS),
    "prova": {"under_provning": STAYS},
    "gor_maskad_kopia": dict.fromkeys(("under_provning", "hos_myndigheten"), STAYS),
    "kontrollera_maskning": dict.fromkeys(("under_provning", "hos_myndigheten"), STAYS),
    "lamna_ut": {"under_provning": "utlamnad"},
    "lamna_ut_maskad": {"under_provning": "besked_lamnat"},
    "neka": {"under_provning": "besked_lamnat"},
    "begar_beslut": {"under_provning": "hos_myndigheten", "besked_lamnat": "hos_myndigheten"},
    "noja_sig": {"besked_lamnat": "avslutad"},
    "avsla": {"hos_myndigheten": "avslagen"},
    "besluta_forbehall": {"hos_myndigheten": "utlamnad"},
    "besluta_lamna_ut": {"hos_myndigheten": "utlamnad"},
    "registrera_overklagande": {"avslagen": STAYS},
    "ateroppna": {"avslagen": "under_provning", "avslutad": "under_provning"},
    "avsluta": dict.fromkeys(OPEN, "avslutad"),
    "anteckna": dict.fromkeys(OPEN, STAYS),
}

ROLES = (
    "medarbetare", "enhetschef", "verksamhetschef", "registrator", "namndsekreterare", "beslutsfattare",
    "kvalitetssamordnare", "forvaltningschef", "mas", "lex_sarah_ansvarig", "controller", "revisor", "administrator",
)  # fmt: skip
# Besides the roles: who took the request, who handles it, somebody who has nothing to do with it.
PERSONS = (*ROLES, "mottagare", "handlaggare", "utomstaende")

GIVE_OUT = ("registrator", "enhetschef", "verksamhetschef", "namndsekreterare", "kvalitetssamordnare")
CONTENT = (*GIVE_OUT, "beslutsfattare")
WHO = {
    "ta_emot": PERSONS,
    "fordela": GIVE_OUT,
    "byt_handlaggare": GIVE_OUT,
    "diariefor": ("registrator",),
    "ange_handling": ("handlaggare",),
    "prova": ("handlaggare",),
    "gor_maskad_kopia": ("handlaggare",),
    "kontrollera_maskning": CONTENT,
    "lamna_ut": ("handlaggare",),
    "lamna_ut_maskad": ("handlaggare",),
    "neka": ("handlaggare",),
    "begar_beslut": ("handlaggare", "registrator"),
    "noja_sig": ("handlaggare", "registrator"),
    "avsla": ("beslutsfattare",),
    "besluta_forbehall": ("beslutsfattare",),
    "besluta_lamna_ut": ("beslutsfattare",),
    "registrera_overklagande": ("handlaggare", "registrator"),
    "ateroppna": ("beslutsfattare", "registrator"),
    "avsluta": ("handlaggare", "registrator"),
    "anteckna": ("handlaggare", *CONTENT),
}

BEGARAN = {
    "begaran": "Beslut enligt lex Sarah under 2026",
    "slag": "vissa_handlingar",
    "kanal": "telefon",
    "ankomstdatum": "2026-03-01",
}
INGEN = {"allman_handling": "ja", "sekretess": "ingen"}
DELVIS = {"allman_handling": "ja", "sekretess": "delvis", "provning": "Uppgifter om hälsa, OSL 26 kap. 1 §"}
HELA = {**DELVIS, "sekretess": "hela"}
UTKAST = {"allman_handling": "nej", "sekretess": "ingen", "provning": "Utkast i ett pågående ärende"}
BESLUT = {
    "beslutsdatum": "2026-03-02",
    "motivering_beslut": "Det står inte klart.",
    "delegationspunkt": "4.2",
}
LAMNAT = {"besked_datum": "2026-03-02", "satt": "utskrift"}

REQUIRED: dict[str, dict] = {
    "ta_emot": BEGARAN,
    "fordela": {"handlaggare": "handlaggare"},
    "byt_handlaggare": {"handlaggare": "handlaggare", "skal_byte": "Semester"},
    "diariefor": {"dnr": "SN 2026/17", "rubrik_offentlig": "Begäran om handling"},
    "ange_handling": {"handling": "Utredningen", "bedomning": "maskas"},
    "prova": DELVIS,
    "gor_maskad_kopia": {"maskning": "Namn och hälsa"},
    "kontrollera_maskning": {},
    "lamna_ut": LAMNAT,
    "lamna_ut_maskad": {**LAMNAT, "upplyst_om_beslut": "ja"},
    "neka": {"besked_datum": "2026-03-02", "upplyst_om_beslut": "ja"},
    "begar_beslut": {"beslut_begart": "2026-03-02"},
    "noja_sig": {"skal": "Nöjd med det maskade"},
    "avsla": {**BESLUT, "bestammelse": "OSL 26 kap. 1 §"},
    "besluta_forbehall": {
        **BESLUT,
        "bestammelse": "OSL 26 kap. 1 §",
        **LAMNAT,
        "forbehall": "Får inte spridas",
    },
    "besluta_lamna_ut": {**BESLUT, **LAMNAT},
    "registrera_overklagande": {"overklagat_datum": "2026-03-02", "overlamnat_datum": "2026-03-02"},
    "ateroppna": {"skal": "Domstolen har återförvisat"},
    "avsluta": {"avslut_orsak": "aterkallad", "skal": "Ringde och tog tillbaka"},
}

# How to come to each status.
WAYS = {
    "mottagen": (),
    "under_provning": ("fordela",),
    "besked_lamnat": ("fordela", "prova", "gor_maskad_kopia", "kontrollera_maskning", "lamna_ut_maskad"),
    "hos_myndigheten": ("fordela", "prova", "gor_maskad_kopia", "begar_beslut"),
    "avslagen": ("fordela", "prova", "begar_beslut", "avsla"),
    "utlamnad": ("fordela", "prova", "begar_beslut", "besluta_lamna_ut"),
    "avslutad": ("fordela", "prova", "avsluta"),
}

# What stands before a step that has conditions, so that nothing but who, from where and what is asked decides.
BEFORE = {
    "gor_maskad_kopia": ("prova",),
    "kontrollera_maskning": ("prova", "gor_maskad_kopia"),
    "lamna_ut_maskad": ("prova", "gor_maskad_kopia", "kontrollera_maskning"),
    "begar_beslut": ("prova",),
}

# Each condition false alone: step, what was assessed, which steps were taken before, what is answered.
CONDITIONS: tuple[tuple[str, dict | None, tuple[str, ...], dict, str], ...] = (
    ("lamna_ut", DELVIS, (), LAMNAT, "Ingenting är hemligt"),
    ("lamna_ut", UTKAST, (), LAMNAT, "Allmän handling ska vara ”ja”"),
    ("lamna_ut_maskad", INGEN, (), REQUIRED["lamna_ut_maskad"], "En del är hemligt"),
    (
        "lamna_ut_maskad", HELA, ("gor_maskad_kopia", "kontrollera_maskning"), REQUIRED["lamna_ut_maskad"],
        "En del är hemligt",
    ),
    ("lamna_ut_maskad", DELVIS, (), REQUIRED["lamna_ut_maskad"], "maskats"),
    ("lamna_ut_maskad", DELVIS, ("gor_maskad_kopia",), REQUIRED["lamna_ut_maskad"], "Maskningen kontrollerad"),
    (
        "lamna_ut_maskad", DELVIS, ("gor_maskad_kopia", "kontrollera_maskning"),
        {**LAMNAT, "upplyst_om_beslut": "nej"}, "Upplyst om rätten",
    ),
    (
        "lamna_ut_maskad", DELVIS, ("gor_maskad_kopia", "kontrollera_maskning", "gor_maskad_kopia"),
        REQUIRED["lamna_ut_maskad"], "Maskningen kontrollerad",
    ),
    ("neka", DELVIS, (), REQUIRED["neka"], "Allt är hemligt"),
    ("neka", INGEN, (), REQUIRED["neka"], "Allt är hemligt"),
    ("neka", HELA, (), {**REQUIRED["neka"], "upplyst_om_beslut": "nej"}, "Upplyst om rätten"),
    ("begar_beslut", None, (), REQUIRED["begar_beslut"], "Prövning"),
    ("gor_maskad_kopia", INGEN, (), REQUIRED["gor_maskad_kopia"], "En del är hemligt"),
    ("kontrollera_maskning", DELVIS, (), {}, "maskats"),
)  # fmt: skip

EXPECTED = {
    "mottagen": {("fordela", role) for role in GIVE_OUT},
    "under_provning": {("prova", "handlaggare")},
    "besked_lamnat": {("noja_sig", "handlaggare"), ("noja_sig", "registrator")},
    "hos_myndigheten": {("avsla", "beslutsfattare")},
    "utlamnad": set(),
    "avslagen": set(),
    "avslutad": set(),
}
# After the assessment: what is to be done depends on it.
EXPECTED_AFTER = (
    (INGEN, (), {"lamna_ut"}),
    # that it is to be released promptly stands there already while it is masked
    (DELVIS, (), {"gor_maskad_kopia", "lamna_ut_maskad"}),
    (DELVIS, ("gor_maskad_kopia",), {"kontrollera_maskning", "lamna_ut_maskad"}),
    (DELVIS, ("gor_maskad_kopia", "kontrollera_maskning"), {"lamna_ut_maskad"}),
    (HELA, (), {"neka"}),
    (UTKAST, (), {"neka"}),
)
