"""What the process of a self-check must do: written by hand from its description, never from its definition."""

STATES = (
    "planerad",
    "genomford",
    "atgarder_pagar",
    "atgarder_bedomda",
    "avslutad",
    "ej_genomford",
    "felregistrerad",
)
FINAL = ("avslutad", "ej_genomford", "felregistrerad")
OPEN = tuple(state for state in STATES if state not in FINAL)
WITH_RESULT = ("genomford", "atgarder_pagar", "atgarder_bedomda")

OPENING = {"planera": "planerad"}
STAYS = "stays"
MOVES = {
    "utse": {"planerad": STAYS},
    "flytta_tiden": {"planerad": STAYS},
    "genomfor": {"planerad": "genomford"},
    "ej_genomfor": {"planerad": "ej_genomford"},
    "komplettera_resultat": dict.fromkeys(WITH_RESULT, STAYS),
    "rapportera_avvikelse": dict.fromkeys(OPEN, STAYS),
    "besluta_atgarder": {"genomford": "atgarder_pagar"},
    "atgarder_ar_bedomda": {"atgarder_pagar": "atgarder_bedomda"},
    "avsluta": {"genomford": "avslutad"},
    "avsluta_efter_atgarder": {"atgarder_bedomda": "avslutad"},
    "felregistrera": dict.fromkeys(OPEN, "felregistrerad"),
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
# Besides the roles: who does the check, and somebody who has nothing to do with it.
PERSONS = (*ROLES, "ansvarig", "utomstaende")

LEADERS = ("enhetschef", "verksamhetschef", "mas", "kvalitetssamordnare")
MANAGERS = ("enhetschef", "verksamhetschef")
WHO = {
    "planera": LEADERS,
    "utse": LEADERS,
    "flytta_tiden": LEADERS,
    "genomfor": (*LEADERS, "ansvarig"),
    "ej_genomfor": LEADERS,
    "komplettera_resultat": LEADERS,
    "rapportera_avvikelse": (*LEADERS, "ansvarig"),
    "besluta_atgarder": MANAGERS,
    "atgarder_ar_bedomda": MANAGERS,
    "avsluta": MANAGERS,
    "avsluta_efter_atgarder": MANAGERS,
    "felregistrera": ("kvalitetssamordnare",),
    "anteckna": (*LEADERS, "ansvarig"),
}

PLAN = {
    "omrade": "basal_hygien",
    "vad": "Tio tillfällen på dagen och fem på natten.",
    "mot": "Rutin för basal hygien.",
    "metod": "observation",
    "klar_senast": "2026-03-31",
}
POINTS = {"punkter.+1.punkt": "Spritar händerna före", "punkter.+2.punkt": "Kortärmat"}
MET = {"punkter.r1.svar": "ja", "punkter.r2.svar": "ja"}
NOT_MET = {"punkter.r1.svar": "ja", "punkter.r2.svar": "nej", "punkter.r2.iakttagelse": "Tre av tio."}
RESULT = {
    "genomford_datum": "2026-03-02",
    "sammanfattning": "Händerna, inte ärmarna.",
    "forra_gangen": "inga",
}
DEVIATION = {
    "fara_nu": "nej",
    "handelse": "Omläggning utan handskar",
    "intraffade": "2026-03-01",
    "omedelbara_atgarder": "Samtal",
    "art": "risk",
    "skada": "nej",
}

REQUIRED = {
    "planera": PLAN,
    "utse": {"kontrollant": "ansvarig"},
    "flytta_tiden": {"nytt_datum": "2026-04-15", "skal": "Utbrott av vinterkräksjuka."},
    "genomfor": RESULT,
    "ej_genomfor": {"skal": "Enheten är stängd."},
    "komplettera_resultat": {},
    "rapportera_avvikelse": DEVIATION,
    "besluta_atgarder": {},
    "atgarder_ar_bedomda": {},
    "avsluta": {"slutsats": "Rutinen följs."},
    "avsluta_efter_atgarder": {"slutsats": "Åtgärden hjälpte."},
    "felregistrera": {"skal": "Planerad två gånger."},
    "anteckna": {},
}

EXPECTED = {
    "planerad": {("genomfor", "enhetschef")},
    "genomford": {("avsluta", "enhetschef")},
    "atgarder_pagar": set(),
    "atgarder_bedomda": {("avsluta_efter_atgarder", "enhetschef")},
    "avslutad": set(),
    "ej_genomford": set(),
    "felregistrerad": set(),
}

# The answers to two points -> the result.
GRADES = (
    (("ja", "ja"), "gron"),
    (("ja", "ej_aktuellt"), "gron"),
    (("ja", "delvis"), "gul"),
    (("ej_kontrollerat", "ja"), "gul"),
    (("nej", "ja"), "rod"),
    (("delvis", "nej"), "rod"),
    (("nej", "nej"), "rod"),
)
NEEDS_OBSERVATION = {"ja": False, "ej_aktuellt": False, "delvis": True, "nej": True, "ej_kontrollerat": True}
