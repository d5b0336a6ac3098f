"""What the lex Maria process must do: written by hand from its description and the statutes, never from its definition.

Patientsäkerhetslagen (2010:659), PSL: 1 kap. 5 §, 3 kap. 2-5, 8 and 8 c §§. Every step, the statuses it may be taken
from and where it leads; who may; what must be given; every condition, false alone. Where the definition and this table
differ, one is wrong and somebody has to look.
"""

STATES = (
    "initierad",
    "under_utredning",
    "utredning_klar",
    "atgarder_pagar",
    "under_uppfoljning",
    "avslutad",
)
OPEN = STATES[:-1]
FINISHED = ("utredning_klar", "atgarder_pagar", "under_uppfoljning")

OPENING = {"initiera": "initierad", "underratta_mas": "initierad"}

STAYS = "stays"
# Step -> {status it may be taken from: status it leads to}. Every pair that is not here is refused.
MOVES = {
    "bedom_vardskada": {"initierad": "under_utredning"},
    "bedom_vardskada_igen": dict.fromkeys(("under_utredning", *FINISHED), STAYS),
    "besluta_anmalan": dict.fromkeys(OPEN, STAYS),
    "anmal_ivo": dict.fromkeys(OPEN, STAYS),
    "skicka_utredning_ivo": dict.fromkeys(FINISHED, STAYS),
    "registrera_ivo_begaran": dict.fromkeys(OPEN, STAYS),
    "komplettera_ivo": dict.fromkeys(OPEN, STAYS),
    "registrera_ivo_beslut": dict.fromkeys(OPEN, STAYS),
    "anmal_delegationsbeslut": dict.fromkeys(STATES, STAYS),
    "informera_patient": dict.fromkeys(OPEN, STAYS),
    "ange_hinder": dict.fromkeys(OPEN, STAYS),
    "journalanteckning": dict.fromkeys(OPEN, STAYS),
    "patientens_upplevelse": dict.fromkeys(OPEN, STAYS),
    "anmal_medicinteknik": dict.fromkeys(OPEN, STAYS),
    "bestall_handelseanalys": {"under_utredning": STAYS},
    "ange_orsak": {"under_utredning": STAYS},
    "slutfor_utredning": {"under_utredning": "utredning_klar"},
    "las_upp": dict.fromkeys(FINISHED, "under_utredning"),
    "planera_atgarder": {"utredning_klar": "atgarder_pagar"},
    "paborja_uppfoljning": {"atgarder_pagar": "under_uppfoljning"},
    "avsluta": {"under_uppfoljning": "avslutad"},
    "avsluta_utan_utredning": {"initierad": "avslutad", "under_utredning": "avslutad"},
    "ateroppna": {"avslutad": "under_utredning"},
    "skicka_till_annan": dict.fromkeys(OPEN, STAYS),
    "registrera_svar": dict.fromkeys(OPEN, STAYS),
    "diariefor": dict.fromkeys(STATES, STAYS),
    "anteckna": dict.fromkeys(OPEN, STAYS),
}

ROLES = (
    "medarbetare",
    "enhetschef",
    "verksamhetschef",
    "mas",
    "mar",
    "anmalningsansvarig",
    "legitimerad",
    "analysledare",
    "uppdragsgivare",
    "registrator",
    "namndsekreterare",
    "kvalitetssamordnare",
    "forvaltningschef",
    "controller",
    "revisor",
    "lex_sarah_ansvarig",
    "lex_sarah_utredare",
    "beslutsfattare",
    "administrator",
)
PERSONS = (*ROLES, "utomstaende")
# Who does not even see that there is a case: no role in health care.
BLIND = ("medarbetare", "lex_sarah_ansvarig", "lex_sarah_utredare", "beslutsfattare", "utomstaende")
# Who reads it. Everybody else who sees it sees the envelope.
READS = ("mas", "mar", "anmalningsansvarig", "verksamhetschef")

WHO = {
    "initiera": ("mas",),
    "underratta_mas": ("enhetschef", "registrator", "mas"),
    "bedom_vardskada": ("mas",),
    "bedom_vardskada_igen": ("mas",),
    "besluta_anmalan": ("anmalningsansvarig",),
    "anmal_ivo": ("anmalningsansvarig",),
    "skicka_utredning_ivo": ("anmalningsansvarig",),
    "registrera_ivo_begaran": ("anmalningsansvarig", "registrator"),
    "komplettera_ivo": ("anmalningsansvarig",),
    "registrera_ivo_beslut": ("anmalningsansvarig", "registrator"),
    "anmal_delegationsbeslut": ("namndsekreterare",),
    "informera_patient": ("enhetschef", "legitimerad", "mas"),
    "ange_hinder": ("enhetschef", "legitimerad", "mas"),
    "journalanteckning": ("legitimerad", "mas"),
    "patientens_upplevelse": ("mas",),  # and who leads the analysis: see the scenarios
    "anmal_medicinteknik": ("mas",),
    "bestall_handelseanalys": ("mas", "verksamhetschef"),
    "ange_orsak": ("mas",),
    "slutfor_utredning": ("mas",),
    "las_upp": ("mas",),
    "planera_atgarder": ("enhetschef", "mas"),
    "paborja_uppfoljning": ("mas",),
    "avsluta": ("mas",),  # of a notified case the verksamhetschef instead: see the scenarios
    "avsluta_utan_utredning": ("mas",),
    "ateroppna": ("mas",),
    "skicka_till_annan": ("mas",),
    "registrera_svar": ("mas",),
    "diariefor": ("registrator",),
    "anteckna": ("mas", "anmalningsansvarig", "enhetschef", "verksamhetschef"),
}

HANDELSE = {
    "handelse": "Patienten fick en annan patients insulin och förlorade medvetandet.",
    "intraffade": "2026-03-01 12:10",
    "vardgivare": "kommunen",
    "berord_ref": "1234",
}
# The judgement: serious harm that could have been avoided; and each of the others.
ALLVARLIG = {
    "vardskada_utfall": "allvarlig",
    "undvikbar": "ja",
    "motivering": "Kvarstående nedsättning, se journal.",
    "medicinteknik": "nej",
}
RISK_ALLVARLIG = {**ALLVARLIG, "vardskada_utfall": "risk_allvarlig"}
VARDSKADA = {**ALLVARLIG, "vardskada_utfall": "vardskada"}
RISK = {**ALLVARLIG, "vardskada_utfall": "risk_vardskada"}
INGEN = {**ALLVARLIG, "vardskada_utfall": "ingen", "undvikbar": "nej"}
EJ_UNDVIKBAR = {**INGEN, "vardskada_utfall": "ej_undvikbar"}
JUDGEMENTS = {
    "allvarlig": ALLVARLIG,
    "risk_allvarlig": RISK_ALLVARLIG,
    "vardskada": VARDSKADA,
    "risk_vardskada": RISK,
    "ingen": INGEN,
    "ej_undvikbar": EJ_UNDVIKBAR,
}
# PSL 3:5: these are notified, and nobody may decide otherwise.
NOTIFIED = ("allvarlig", "risk_allvarlig")
# PSL 3:8: a patient who has suffered one of these is informed.
SUFFERED = ("allvarlig", "vardskada")

ANMALS = {"anmals": "ja", "anmalan_motivering": "Allvarlig vårdskada.", "delegationspunkt": "Punkt 7.3"}
ANMALS_INTE = {"anmals": "nej", "anmalan_motivering": "Ingen allvarlig.", "delegationspunkt": "Punkt 7.3"}

# The six items of PSL 3:8, in their order.
ITEMS = (
    "info_handelsen",
    "info_atgarder",
    "info_klagomal",
    "info_patientnamnd",
    "info_ivo",
    "info_ersattning",
)
INFORMERAD = {
    "informerad_till": "patient",
    "informerad_datum": "2026-03-02",
    **dict.fromkeys(ITEMS, "ja"),
}
# A cause for which no measure is needed.
NO_MEASURE = {"omrade": "ej_klarlagd", "beskrivning": "Okänt.", "ingen_atgard_motivering": "Enstaka."}

# What a step must be given, and nothing less.
REQUIRED = {
    "initiera": HANDELSE,
    "underratta_mas": {"handelse": "Patienten föll ur lyften.", "intraffade": "2026-03-01"},
    "bedom_vardskada": ALLVARLIG,
    "bedom_vardskada_igen": {key: value for key, value in ALLVARLIG.items() if key != "medicinteknik"},
    "besluta_anmalan": ANMALS,
    "anmal_ivo": {"anmald_datum": "2026-03-02", "satt": "e_tjanst"},
    "skicka_utredning_ivo": {"utredning_skickad": "2026-03-02"},
    "registrera_ivo_begaran": {"begaran": "Rutinen för insulin.", "svara_senast": "2026-03-20"},
    "komplettera_ivo": {"svar_ivo": "Rutinen bifogas.", "svar_skickat": "2026-03-02"},
    "registrera_ivo_beslut": {"ivo_beslutsdatum": "2026-03-02", "ivo_utfall": "utan_krav"},
    "anmal_delegationsbeslut": {"sammantrade": "2026-03-25", "paragraf": "§ 41"},
    "informera_patient": INFORMERAD,
    "ange_hinder": {"hinder": "sekretess", "hinder_motivering": "Hot mot patienten."},
    "journalanteckning": {"journal_datum": "2026-03-02", "journal_av": "sjuksköterska"},
    "patientens_upplevelse": {"upplevelse_lage": "avbojt"},
    "anmal_medicinteknik": {
        "mtp_mottagare": "lakemedelsverket",
        "mtp_datum": "2026-03-02",
        "tillverkare_informerad": "2026-03-02",
    },
    "bestall_handelseanalys": {
        "uppdrag": "Varför fick patienten fel insulin?",
        "uppdragsgivare": "uppdragsgivare",
        "analysledare": "analysledare",
        "klar_senast": "2026-04-30",
    },
    "ange_orsak": {"omrade": "rutiner_riktlinjer", "beskrivning": "Insulinet förvaras utan namn."},
    "slutfor_utredning": {
        "handelseforlopp": "Pennorna låg bredvid varandra.",
        "paverkande_faktorer": "Ny vikarie, hög belastning.",
        "hant_tidigare": "?",
        "kan_handa_igen": "ja",
        "vad_begransade_skadan": "Kollegan kände igen symtomen.",
    },
    "las_upp": {"skal": "Händelseanalysen är klar."},
    "planera_atgarder": {},
    "paborja_uppfoljning": {},
    "avsluta": {
        "samlad_effekt": "ja",
        "larande": "Pennor märks och låses in var för sig.",
        "aterkopplad": "2026-03-02",
        "sparad_i_sammanstallning": "ja",
    },
    "avsluta_utan_utredning": {
        "avslut_skal": "dubblett",
        "slutsats": "Samma händelse.",
        "ersatts_av": "LM-2026-0001",
    },
    "ateroppna": {"skal": "IVO begär mer."},
    "skicka_till_annan": {
        "motpart": "Akutmottagningen",
        "skickad": "2026-03-02",
        "avsett": "Utred utskrivningen.",
    },
    "registrera_svar": {"svar": "Vi har anmält.", "svarsdatum": "2026-03-02"},
    "diariefor": {"dnr": "SN 2026/0132"},
    "anteckna": {},
}

# (step, what else is given, the field that must be given then)
REQUIRED_WHEN = (
    ("registrera_ivo_beslut", {**REQUIRED["registrera_ivo_beslut"], "ivo_utfall": "krav", "krav": "Ny rutin."}, "krav"),
    (
        "informera_patient",
        {**INFORMERAD, "informerad_till": "narstaende", "narstaende_skal": "begart"},
        "narstaende_skal",
    ),
    (
        "ange_hinder",
        {"hinder": "avliden", "hinder_motivering": "Avled.", "narstaende_lage": "informeras"},
        "narstaende_lage",
    ),
    (
        "ange_hinder",
        {"hinder": "kan_inte_ta_emot", "hinder_motivering": "Svår sjukdom.", "narstaende_lage": "finns_inte"},
        "narstaende_lage",
    ),
    ("patientens_upplevelse", {"upplevelse_lage": "lamnad", "upplevelse": "Jag blev rädd."}, "upplevelse"),
    ("patientens_upplevelse", {"upplevelse_lage": "gar_inte", "upplevelse_varfor": "Avled."}, "upplevelse_varfor"),
    ("anmal_medicinteknik", REQUIRED["anmal_medicinteknik"], "tillverkare_informerad"),
)  # fmt: skip

# With another provider nothing of this is ours to do (PSL 3:3, 3:5, 3:8: the provider in whose work it happened).
NOT_FOR_ANOTHERS = (
    "bedom_vardskada",
    "besluta_anmalan",
    "anmal_ivo",
    "skicka_utredning_ivo",
    "informera_patient",
    "ange_hinder",
    "journalanteckning",
    "patientens_upplevelse",
    "anmal_medicinteknik",
)

# How the case stands with IVO, and which steps on that track are open then.
TRACK = {
    "ej_aktuell": ("besluta_anmalan",),
    "ska_anmalas": ("besluta_anmalan", "anmal_ivo"),
    "anmald": ("skicka_utredning_ivo", "registrera_ivo_begaran", "registrera_ivo_beslut"),
    "utredning_insand": ("registrera_ivo_begaran", "registrera_ivo_beslut"),
    "komplettering_begard": ("komplettera_ivo", "registrera_ivo_beslut"),
    "beslut_mottaget": (),
}
ON_THE_TRACK = (
    "besluta_anmalan",
    "anmal_ivo",
    "skicka_utredning_ivo",
    "registrera_ivo_begaran",
    "komplettera_ivo",
    "registrera_ivo_beslut",
)

# What the law's word is and whose, where it names no day. (step, what is in force when, the word, the paragraph)
AT_ONCE = {
    "besluta_anmalan": ("snarast", "3 kap. 5 §"),
    "anmal_ivo": ("snarast", "3 kap. 5 §"),
    "skicka_utredning_ivo": ("samtidigt eller snarast därefter", "3 kap. 5 §"),
    "informera_patient": ("snarast", "3 kap. 8 §"),
    "anmal_medicinteknik": ("snarast", "HSLF-FS 2021:52 5 kap. 5 §"),
}

# What must have been done before the case is closed, and what the refusal says when it has not.
DEMANDED_AT_THE_END = {
    "informera_patient": "3 kap. 8 §",
    "journalanteckning": "3 kap. 8 § sista stycket",
    "patientens_upplevelse": "3 kap. 4 §",
    "besluta_anmalan": "Anmäls till IVO",
}
