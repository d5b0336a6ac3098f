"""A case from the shell, in a pipe: reported, judged, refused with the exact reason, followed up, closed, read."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from cli.page import task_lines
from cli.session import Session
from engine.language.sentence import Words
from engine.service.listed import TaskView
from tests.cli.conftest import JUDGED, REPORT, sets

CLOSING = {
    "samlad_effekt": "ja",
    "larande": "Kontrollera listan",
    "aterkopplad": "2026-11-23",
    "aterkopplad_hur": "apt",
}
EFFECT = {
    "effekt": "ja",
    "underlag": "antal",
    "motivering_effekt": "Inga fler feldoser",
    "fortsatt": "klar",
}


def test_new__prints_the_reference_alone_and_talks_on_stderr(town):
    ended = town.run("usk", "new", "avvikelse", "--unit", "bjork", *sets(REPORT))
    assert ended.out == "AVV-2026-0001\n"
    assert "AVV-2026-0001 är öppnat och har status Rapporterad." in ended.err
    assert "Bedöm: enhetschef, senast 2026-11-30 (5 arbetsdagar kvar)" in ended.err


def test_new__is_silent_but_for_the_reference_when_quiet(town):
    ended = town.run("usk", "new", "avvikelse", "--unit", "bjork", *sets(REPORT), "--quiet")
    assert (ended.out, ended.err) == ("AVV-2026-0001\n", "")


def test_new__gives_programs_reference_state_and_seq(town):
    body = town.json("usk", "new", "avvikelse", "--unit", "bjork", *sets(REPORT))
    assert body == {
        "reference": "AVV-2026-0001",
        "state": "rapporterad",
        "seq": 1,
        "opened": [],
        "warnings": [],
        "repeated": False,
    }


def test_new__says_everything_that_is_missing_at_once(town):
    ended = town.run("usk", "new", "avvikelse", "--json")
    error = json.loads(ended.err)["error"]
    assert (ended.code, ended.out) == (3, "")
    assert error["details"]["refusal"] == "missing"
    assert {fault["field"] for fault in error["details"]["faults"]} == {*REPORT, "unit"}


def test_new__refuses_what_is_malformed_as_wrong_usage(town):
    ended = town.run("usk", "new", "avvikelse", "--unit", "bjork", *sets(REPORT | {"art": "tillbudd"}))
    assert ended.code == 2
    assert "tillbud" in ended.err


def test_new__names_the_process_that_was_meant(town):
    ended = town.run("usk", "new", "avikelse")
    assert ended.code == 4
    assert "Menade du avvikelse?" in ended.err


def test_new__reads_a_file_and_lets_set_win(town, tmp_path):
    file = tmp_path / "report.json"
    file.write_text(json.dumps(REPORT | {"fara_nu": False, "unit": "sol"}), "utf-8")
    reference = town.do("usk", "new", "avvikelse", "--from", str(file), "--set", "unit=bjork").strip()
    assert town.json("usk", "show", reference)["unit"] == "bjork"


def test_new__reads_what_is_piped_in(town):
    text = "\n".join(f'{name}: "{value}"' for name, value in (REPORT | {"unit": "bjork"}).items())
    assert town.do("usk", "new", "avvikelse", "--from", "-", typed=text) == "AVV-2026-0001\n"


def test_new__keeps_what_was_typed_as_a_draft_when_it_is_refused(town):
    ended = town.run("usk", "new", "avvikelse", "--set", "handelse=Halvfärdigt", "--save-draft")
    assert ended.code == 3
    assert "hjul draft continue 1" in ended.err
    rest = {name: value for name, value in REPORT.items() if name != "handelse"} | {"unit": "bjork"}
    assert town.do("usk", "draft", "continue", "1", *sets(rest)) == "AVV-2026-0001\n"
    assert town.json("usk", "draft", "list") == []
    assert town.json("usk", "show", "AVV-2026-0001")["fields"]["handelse"] == "Halvfärdigt"


def test_step__says_what_happened_and_what_is_expected_next_of_whom(town):
    reference = town.report()
    ended = town.run("chef", "step", reference, "bedom", *sets(JUDGED))
    assert ended.out == f"{reference}: ”Bedöm” är gjort. Status är nu Bedömd.\n"
    assert "enhetschef, senast 2026-12-07" in ended.err


def test_step__gives_programs_the_parts(town):
    reference = town.report()
    body = town.json("chef", "step", reference, "bedom", *sets(JUDGED))
    assert (body["reference"], body["from"], body["to"], body["seq"], body["opened"]) == (
        reference, "rapporterad", "bedomd", 2, [],
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["avv-2026-1", "AVV-2026-0001", "Avv-2026-01"])
def test_step__finds_a_reference_however_it_is_typed(town, typed):
    town.report()
    assert town.run("chef", "step", typed, "bedom", *sets(JUDGED)).code == 0


def test_step__refuses_to_close_with_the_exact_reason(town):
    reference, action = town.investigate()
    ended = town.run("chef", "step", reference, "avsluta", *sets(CLOSING))
    assert (ended.code, ended.out) == (3, "")
    first, source = ended.err.splitlines()
    assert first == f"Kan inte avslutas: {action} saknar bedömd effekt."
    assert source.startswith("  Källa: SOSFS 2011:9")


def test_step__closes_when_the_effect_is_judged(town):
    reference, action = town.investigate()
    town.do("chef", "step", action, "folj_upp", *sets(EFFECT))
    assert "Status är nu Avslutad." in town.do("chef", "step", reference, "avsluta", *sets(CLOSING))
    assert town.json("ordnare", "audit", "verify")["ok"] is True


def test_step__says_which_case_moved_by_itself(town):
    reference, action = town.investigate()
    assert town.json("chef", "show", reference)["state"] == "under_uppfoljning"
    assert town.json("chef", "show", action)["state"] == "genomford"


def test_step__tells_somebody_else_came_first(town):
    reference = town.judge()
    ended = town.run("chef", "step", reference, "paborja_utredning", "--set", "utredare=usk", "--seq", "1")
    assert ended.code == 5
    assert f"hjul log {reference}" in ended.err


def test_step__takes_when_it_was_done_as_people_say_it(town):
    reference = town.report()
    town.do("chef", "step", reference, "begar_mas_bedomning", "--done-at", "idag 09:30")
    assert town.json("chef", "log", reference)[-1]["occurred_at"] == "2026-11-23T08:30:00.000000Z"


def test_step__refuses_a_time_that_means_nothing(town):
    ended = town.run("chef", "step", town.report(), "bedom", "--done-at", "nyss")
    assert ended.code == 2
    assert "igår 14:30" in ended.err


def test_step__without_a_step_lists_them_with_the_sentence_why(town):
    reference, action = town.investigate()
    text = town.do("chef", "step", reference)
    assert "Steg som du kan ta nu" in text
    assert f"{action} saknar bedömd effekt." in " ".join(text.split())


def test_step__without_a_step_tells_programs_what_each_asks_for(town):
    steps = {one["step"]: one for one in town.json("chef", "step", town.report())}
    judge = steps["bedom"]
    assert (judge["open"], judge["why_not"], judge["by"]) == (True, [], ["enhetschef"])
    asked = {ask["field"]: ask for ask in judge["asks"]}
    assert asked["lagrum"]["required"] is True
    assert asked["lagrum"]["choices"][0] == {"code": "hsl", "label": "Hälso- och sjukvård (HSL)", "depth": 0}
    assert {"field", "type", "label", "required", "choices"} <= set(judge["asks"][0])
    assert steps["mas_bedom"]["open"] is False
    assert steps["mas_bedom"]["why_not"] == ["Steget ”Bedöm vårdskada” tas av MAS."]


def test_show__is_the_page_a_manager_reads(town):
    text = town.do("chef", "show", town.judge())
    for part in (
        "AVV-2026-0001  Avvikelse  ÖVNING", "Fall, Björkgården", "Bedömd", "2026-11-23 av U. Sköterska",
        "Väntar på", "senast 2026-12-07", "egen tidsgräns", "Den boende fick fel dos {vid} frukosten",
        "vet inte", "Steg som du kan ta nu", "paborja_utredning",
    ):  # fmt: skip
        assert part in text
    assert max(map(len, text.splitlines())) <= 80


def test_show__tells_of_the_steps_that_concern_and_counts_the_rest(town):
    reference = town.judge()
    text = town.do("chef", "show", reference)
    assert "registrera_svar" not in text
    assert f"steg till går inte att ta nu. Varför: hjul show {reference} --all" in " ".join(text.split())
    every = town.do("chef", "show", reference, "--all")
    assert "registrera_svar" in every
    assert "steg till" not in every


def test_show__says_how_a_note_is_written_and_not_that_it_is_a_step(town):
    reference = town.judge()
    for command in ("show", "step"):
        text = town.do("chef", command, reference)
        assert f"hjul note {reference} --heading samtal" in text
        assert "  anteckna " not in text
    assert "hjul note" not in town.do("revisor", "show", reference)
    ended = town.run("chef", "step", reference, "anteckna")
    assert ended.code == 2
    assert f'hjul note {reference} --heading samtal --source "vem som berättade" --fact' in ended.err


def test_log__says_all_that_an_entry_says(town):
    reference = town.report()
    note = ["note", reference, "--heading", "Samtal", "--source", "Nattpersonal"]
    town.do("chef", *note, "--fact", "Larmet gick fram 02:10.")
    town.do("chef", *note, "--judgement", "--corrects", "2", "Larmet gick fram för sent.")
    text = town.do("chef", "log", reference)
    assert (
        "     Samtal (iakttagelse): Larmet gick fram 02:10.\n     Källa: Nattpersonal\n     Rättad av rad 3."
        in text
    )
    assert (
        "     Samtal (bedömning): Larmet gick fram för sent.\n     Källa: Nattpersonal\n     Rättar rad 2."
        in text
    )
    assert "Rättar rad 2." in town.do("chef", "show", reference)
    assert "Nattpersonal" not in town.do("usk", "log", reference)


def test_log__says_who_got_the_case_and_what_it_was_connected_to(town):
    reference, other = town.report(), town.report()
    town.do("chef", "assign", reference, "usk")
    town.do("chef", "release", reference)
    town.do("chef", "link", reference, "ersatts_av", other)
    text = town.do("chef", "log", reference)
    assert "U. Sköterska har ärendet." in text
    assert "Ärendet lämnades tillbaka till rollen." in text
    assert f"Ersätts av {other}." in text
    assert f"Ersätter {reference}." in town.do("chef", "log", other)


def test_log__goes_on_where_it_stopped(town):
    reference = town.judge()
    town.do("chef", "claim", reference)
    ended = town.run("chef", "log", reference, "--limit", "2")
    assert ended.err == "Det finns 1 rad till: --after 2\n"
    assert [one["seq"] for one in town.json("chef", "log", reference, "--after", "2")] == [3]
    assert town.do("chef", "log", reference, "--after", "2").startswith("  3  ")
    assert town.run("chef", "log", reference, "--after", "9").out == ""
    assert len(town.json("chef", "log", reference)) == 3


def test_show__speaks_english(town):
    text = town.do("chef", "show", town.judge(), "--lang", "en")
    assert "Waiting for" in text
    assert "don't know" in text
    assert "TRAINING" in text


def test_show__shows_others_the_envelope_only(town):
    reference = town.judge()
    body = town.json("revisor", "show", reference)
    assert (body["level"], body["fields"]) == ("envelope", {})
    assert "Innehållet läses av dem som har en roll i ärendet" in " ".join(
        town.do("revisor", "show", reference).split()
    )


def test_show__has_the_shape_of_the_contract(town):
    body = town.json("chef", "show", town.judge())
    assert {
        "reference",
        "process",
        "version",
        "state",
        "unit",
        "fields",
        "deadlines",
        "links",
        "steps",
    } <= set(body)
    assert body["fields"]["skada"] == {"unknown": True}
    assert {"step", "open", "why_not"} == set(body["steps"][0])


def test_show__as_of_shows_what_was_known_then(town):
    reference = town.report()
    assert town.run("chef", "show", reference, "--as-of", "igår").code == 4
    assert town.json("chef", "show", reference, "--as-of", "idag")["state"] == "rapporterad"


def test_show__does_not_tell_a_missing_case_from_a_hidden_one(town):
    town.report()
    assert town.run("chef", "show", "AVV-2026-0099").code == 4


def test_log__tells_who_what_and_when(town):
    reference = town.judge()
    text = town.do("chef", "log", reference)
    assert "1  2026-11-23 10:00  Rapportera → Rapporterad" in text
    assert "C. Chef (enhetschef" in text


def test_log__has_the_shape_of_the_contract(town):
    rows = town.json("chef", "log", town.judge())
    assert [row["seq"] for row in rows] == [1, 2]
    wanted = {"seq", "kind", "step", "from", "to", "actor", "occurred_at", "recorded_at", "hash"}
    assert wanted <= set(rows[0])
    assert re.fullmatch(r"[0-9a-f]{64}", rows[0]["hash"])


def test_amend__corrects_and_keeps_the_old_value(town):
    reference = town.report()
    town.do("usk", "amend", reference, "--set", "handelse=Rättat", "--reason", "Skrev fel")
    assert town.json("usk", "show", reference)["fields"]["handelse"] == "Rättat"
    last = town.json("chef", "log", reference)[-1]
    assert (last["kind"], last["reason"]) == ("amend", "Skrev fel")


def test_note__demands_to_know_whether_it_is_fact_or_judgement(town):
    reference = town.report()
    note = ["note", reference, "Larmet gick fram.", "--heading", "tjansteanteckning", "--source", "Natten"]
    for more in ([], ["--fact", "--judgement"]):
        ended = town.run("chef", *note, *more)
        assert ended.code == 2
        assert "--judgement" in ended.err


def test_claim_and_release__say_who_has_the_case(town):
    reference = town.report()
    assert town.do("chef", "claim", reference) == f"Du har nu {reference}.\n"
    assert town.json("chef", "show", reference)["assignee"]["name"] == "C. Chef"
    town.do("chef", "release", reference)
    assert town.json("chef", "show", reference)["assignee"] is None


def test_assign__gives_the_case_to_somebody(town):
    reference = town.report()
    town.do("chef", "assign", reference, "usk")
    assert town.json("chef", "show", reference)["assignee"]["code"] == "p2"
    assert town.run("chef", "assign", reference, "nobody").code == 4


def test_link__refuses_a_kind_that_is_not_there(town):
    first, second = town.report(), town.report()
    ended = town.run("chef", "link", first, "hittepa", second)
    assert ended.code == 2
    assert ended.err.startswith("Det finns ingen koppling hittepa.")


def test_task_lines__say_once_what_several_may_do():
    def task(step, role, due_on=None):
        label = Words(role, role)
        return TaskView("A-1", "p", step, Words(step, step), role, label, None, None, due_on, None, False, 3, label,
                        "u", "u", "2026-01-01")  # fmt: skip

    lines = task_lines(
        Session(), [task("bedom", "chef"), task("bedom", "mas"), task("utred", "chef", date(2026, 3, 1))], 200
    )
    assert len(lines) == 2
    assert lines[0].strip() == "bedom: chef eller mas"
    assert lines[1].strip().startswith("utred: chef, senast 2026-03-01")


def test_step__that_is_nearly_named_by_its_label_is_guessed(town):
    reference = town.report()
    label = next(one["label"] for one in town.json("chef", "step", reference) if one["step"] == "bedom")
    assert "Menade du bedom" in town.run("chef", "step", reference, f"{label[:-1]}").err
    assert "Menade du rapportera" in town.run("usk", "new", "avvikelse", "--step", "Raportera").err
