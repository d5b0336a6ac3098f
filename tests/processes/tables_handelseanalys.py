"""What the event analysis must do: written by hand from its description (section 5), never from its definition."""

STATES = (
    "initierad",
    "faktainsamling",
    "handelseforlopp",
    "orsaksanalys",
    "atgardsforslag",
    "slutrapport",
    "beslut",
    "uppfoljning",
    "avslutad",
    "avbruten",
)
FINAL = ("avslutad", "avbruten")
OPEN = tuple(state for state in STATES if state not in FINAL)
# The way forward, in order; and back, from each to the one before.
FORWARD = (
    "bemanna",
    "faktaklar",
    "forlopp_klart",
    "orsaker_klara",
    "forslag_klara",
    "lamna_rapport",
    "besluta",
    "avsluta",
)
BACK = (
    "ater_uppdrag",
    "ater_fakta",
    "ater_forlopp",
    "ater_orsaker",
    "ater_forslag",
    "ater_rapport",
    "ater_beslut",
)

OPENING = {"initiera": "initierad"}

STAYS = "stays"
MOVES = {
    **{step: {STATES[place]: STATES[place + 1]} for place, step in enumerate(FORWARD)},
    **{step: {STATES[place + 1]: STATES[place]} for place, step in enumerate(BACK)},
    "ge_uppdrag": dict.fromkeys(STATES[:6], STAYS),
    "lagg_till_deltagare": dict.fromkeys(STATES[:5], STAYS),
    "lagg_till_kalla": {"faktainsamling": STAYS},
    "lagg_till_delhandelse": {"handelseforlopp": STAYS},
    "lagg_till_orsak": {"orsaksanalys": STAYS},
    "lagg_till_forslag": {"atgardsforslag": STAYS},
    "ta_stallning": {"beslut": STAYS},
    "lagg_till_spridning": {"beslut": STAYS, "uppfoljning": STAYS},
    "avbryt": dict.fromkeys(STATES[:7], "avbruten"),
    "anteckna": dict.fromkeys(OPEN, STAYS),
}

ROLES = (
    "medarbetare",
    "enhetschef",
    "verksamhetschef",
    "mas",
    "mar",
    "anmalningsansvarig",
    "lex_sarah_ansvarig",
    "lex_sarah_utredare",
    "beslutsfattare",
    "analysledare",
    "uppdragsgivare",
    "kvalitetssamordnare",
    "registrator",
    "forvaltningschef",
    "controller",
    "revisor",
    "administrator",
)
# Besides the roles: the person who leads this analysis, the one who has commissioned it, a member of the team.
PERSONS = (*ROLES, "ledaren", "uppdragets", "deltagaren", "utomstaende")
BLIND = ("medarbetare", "utomstaende")
READS = (
    "enhetschef",
    "verksamhetschef",
    "mas",
    "mar",
    "anmalningsansvarig",
    "lex_sarah_ansvarig",
    "lex_sarah_utredare",
    "beslutsfattare",
    "analysledare",
    "uppdragsgivare",
    "kvalitetssamordnare",
    "ledaren",
    "uppdragets",
)
# Secret with the case that it serves: who reads it then.
READS_MARKED = {
    "lex_maria": (
        "mas", "mar", "anmalningsansvarig", "verksamhetschef", "analysledare", "uppdragsgivare", "ledaren",
        "uppdragets",
    ),
    "lex": (
        "lex_sarah_ansvarig", "lex_sarah_utredare", "beslutsfattare", "analysledare", "uppdragsgivare", "ledaren",
        "uppdragets",
    ),
}  # fmt: skip

ORDERERS = ("mas", "mar", "verksamhetschef", "lex_sarah_ansvarig")
TEAM = ("ledaren", "deltagaren")
WHO = {
    "initiera": ORDERERS,
    "ge_uppdrag": (*ORDERERS, "uppdragets"),
    "lagg_till_deltagare": ("ledaren",),
    "bemanna": ("ledaren",),
    "lagg_till_kalla": TEAM,
    "faktaklar": ("ledaren",),
    "lagg_till_delhandelse": TEAM,
    "forlopp_klart": TEAM,
    "lagg_till_orsak": TEAM,
    "orsaker_klara": TEAM,
    "lagg_till_forslag": TEAM,
    "forslag_klara": TEAM,
    "lamna_rapport": ("ledaren",),
    "ta_stallning": ("uppdragets",),
    "besluta": ("uppdragets",),
    "lagg_till_spridning": ("uppdragets", "ledaren"),
    "avsluta": ("uppdragets",),
    "ater_uppdrag": ("ledaren", "uppdragets"),
    "ater_fakta": TEAM,
    "ater_forlopp": TEAM,
    "ater_orsaker": TEAM,
    "ater_forslag": ("ledaren", "uppdragets"),
    "ater_rapport": ("uppdragets",),
    "ater_beslut": ("uppdragets",),
    "avbryt": (*ORDERERS, "uppdragets"),
    "anteckna": ("ledaren", "uppdragets"),
}

HANDELSE = {"handelse": "Patienten fick en annan patients insulin.", "intraffade": "2026-03-01 12:10"}
UPPDRAG = {
    "uppdrag": "Varför fick patienten fel insulin?",
    "uppdragsgivare": "uppdragets",
    "analysledare": "ledaren",
    "klar_senast": "2026-04-20",
}
DELTAGARE = {"roll": "sjuksköterska", "enhet": "ek", "person": "deltagaren", "inblandad": "nej"}
KALLA = {"typ": "intervju", "vem_vad": "undersköterska, kväll", "datum": "2026-03-02"}
DELHANDELSE = {"nr": "1", "tid": "12.10", "vad_hande": "Fel penna togs.", "kalla": "intervju"}
ORSAK = {
    "delhandelse_nr": "1",
    "varfor_1": "Pennorna låg ihop.",
    "bakomliggande_orsak": "Det finns ett fack.",
    "orsaksomrade": "teknik_utrustning",
}
FORSLAG = {
    "orsak": "r1",
    "orsak_kort": "Ett fack för alla pennor",
    "vad": "Ett fack per patient",
    "typ": "teknik",
    "styrka": "stark",
    "sa_foljs_det_upp": "Antal förväxlingar per månad.",
}
GODKAND = {
    "forslag.r1.beslut": "godkand",
    "forslag.r1.motivering": "Billigt och säkert.",
    "forslag.r1.tidplan": "2026-04-01",
}
AVSLAS = {"forslag.r1.beslut": "avslas", "forslag.r1.motivering": "Finns redan."}
SPRIDNING = {"vem": "Alla särskilda boenden", "vad": "Facken", "nar": "2026-05-01"}

# What a step must be given, and nothing less.
REQUIRED = {
    "initiera": HANDELSE,
    "ge_uppdrag": UPPDRAG,
    "lagg_till_deltagare": DELTAGARE,
    "bemanna": {"avgransning": "Från delning till larm."},
    "lagg_till_kalla": KALLA,
    "faktaklar": {"upplevelse_lage": "avbojt"},
    "lagg_till_delhandelse": DELHANDELSE,
    "forlopp_klart": {},
    "lagg_till_orsak": ORSAK,
    "orsaker_klara": {},
    "lagg_till_forslag": FORSLAG,
    "forslag_klara": {},
    "lamna_rapport": {
        "handelsebeskrivning": "Två pennor förväxlades.",
        "analysens_begransningar": "Nattpersonalen kunde inte intervjuas.",
        "utan_namn": "ja",
    },
    "ta_stallning": AVSLAS,
    "besluta": {},
    "lagg_till_spridning": SPRIDNING,
    "avsluta": {
        "effekt_enskilt": "ja",
        "effekt_system": "delvis",
        "effekt_motivering": "Inga förväxlingar på tre månader.",
    },
    **{key: {"skal": "Något saknas."} for key in BACK},
    "avbryt": {"skal": "Samma händelse analyseras redan."},
    "anteckna": {},
}
# What has been given before and stands.
KEPT = {("ge_uppdrag", "uppdrag"), ("ge_uppdrag", "klar_senast")}
# The table that a step needs rows in, and how a row comes there.
NEEDS_ROWS = {
    "bemanna": ("team", "lagg_till_deltagare"),
    "faktaklar": ("kallor", "lagg_till_kalla"),
    "forlopp_klart": ("forlopp", "lagg_till_delhandelse"),
    "orsaker_klara": ("orsaker", "lagg_till_orsak"),
    "avsluta": ("spridning", "lagg_till_spridning"),
}
REQUIRED_WHEN = (
    ("faktaklar", {"upplevelse_lage": "lamnad", "upplevelse": "Jag blev rädd."}, "upplevelse"),
    ("faktaklar", {"upplevelse_lage": "gar_inte", "upplevelse_varfor": "Avled."}, "upplevelse_varfor"),
)
