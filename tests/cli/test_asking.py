"""Questions on a real terminal: asked with help and choices, explained when wrong, kept as a draft when left."""

from __future__ import annotations

import subprocess

from tests.cli.conftest import JUDGED, REPORT, sets


def type_lines(town, login, words, *lines):
    """Run a command and type lines, where no real terminal is needed."""
    return town.run(login, *words, typed="".join(f"{one}\n" for one in lines), terminal=True)


def test_new__asks_for_what_is_missing_and_says_first_what_to_do_in_danger(town):
    screen = town.sit("usk", "new", "avvikelse")
    screen.answer("Är någon i fara nu?", "ja")
    screen.see("ring 112")
    screen.answer("Händelse", "Fick fel dos\\")
    screen.type("och mådde illa")
    screen.answer("När det hände", "igår 14:30")
    screen.answer("Enhet", "björk")
    screen.answer("Det som gjordes direkt", "Ringde sjuksköterskan")
    screen.answer("Vad det var", "nära")
    screen.answer("Någon kom till skada", "?")
    screen.see("Kan läsas av")
    screen.agree("skicka?")
    assert screen.end() == 0
    assert "AVV-2026-0001 är öppnat" in screen.screen
    fields = town.json("usk", "show", "AVV-2026-0001")["fields"]
    assert fields["handelse"] == "Fick fel dos\noch mådde illa"
    assert fields["intraffade"] == "2026-11-22T14:30"
    assert (fields["art"], fields["fara_nu"], fields["skada"]) == ("tillbud", True, {"unknown": True})


def test_new__explains_a_wrong_answer_and_asks_again(town):
    given = sets({k: v for k, v in REPORT.items() if k != "art"})
    ended = type_lines(town, "usk", ("new", "avvikelse", *given), "sjukhuset", "sol", "", "kan", "")
    assert ended.code == 0
    assert "finns inte bland svaren" in ended.err.partition("Enhet")[2].partition("Vad det var")[0]
    assert "Det här behöver ett svar." in ended.err.partition("Vad det var")[2]
    assert town.json("usk", "show", "AVV-2026-0001")["unit"] == "sol"


def test_new__passes_on_what_the_engine_says_of_an_answer(town):
    given = sets({k: v for k, v in REPORT.items() if k != "intraffade"} | {"unit": "sol"})
    ended = type_lines(town, "usk", ("new", "avvikelse", *given), "2026-11-24", "idag 08:00", "")
    assert ended.code == 0
    assert "har inte varit ännu" in ended.err


def test_new__prints_the_reference_alone_when_stdout_is_captured(town):
    given = {k: v for k, v in REPORT.items() if k != "art"}
    screen = town.sit("usk", "new", "avvikelse", "--set", "unit=sol", *sets(given), stdout=subprocess.PIPE)
    screen.answer("Vad det var", "2")
    screen.agree("skicka?")
    with screen.process.stdout as printed:
        assert printed.read() == b"AVV-2026-0001\n"
    assert screen.end() == 0


def test_new__asks_nothing_when_told_not_to(town):
    ended = type_lines(town, "usk", ("new", "avvikelse", "--no-input"))
    assert ended.code == 3
    assert "Händelse (handelse): måste anges" in ended.err


def test_new__asks_nothing_when_everything_is_given(town):
    ended = type_lines(town, "usk", ("new", "avvikelse", "--set", "unit=sol", *sets(REPORT)))
    assert ended.code == 0
    assert "skicka?" not in ended.err


def test_interrupt__offers_a_draft_that_can_be_continued(town):
    screen = town.sit("usk", "new", "avvikelse")
    screen.answer("Är någon i fara nu?", "nej")
    screen.answer("Händelse", "Halvskrivet")
    screen.see("När det hände")
    screen.see("> ")
    screen.interrupt()
    screen.agree("som utkast?")
    assert screen.end() == 130
    assert "hjul draft continue 1" in screen.screen
    assert "Halvskrivet" in town.do("usk", "draft", "show", "1")
    rest = {name: value for name, value in REPORT.items() if name != "handelse"} | {"unit": "sol"}
    assert town.do("usk", "draft", "continue", "1", *sets(rest)) == "AVV-2026-0001\n"


def test_interrupt__throws_away_what_is_not_wanted(town):
    screen = town.sit("usk", "new", "avvikelse")
    screen.answer("Är någon i fara nu?", "nej")
    screen.see("Händelse")
    screen.see("> ")
    screen.interrupt()
    screen.agree("som utkast?", "n")
    screen.see("Inget är skickat.")
    assert screen.end() == 130
    assert town.json("usk", "draft", "list") == []
    assert town.json("usk", "cases", "--mine")["cases"] == []


def test_confirm__sends_nothing_when_the_answer_is_no(town):
    given = sets({k: v for k, v in REPORT.items() if k != "art"} | {"unit": "sol"})
    ended = type_lines(town, "usk", ("new", "avvikelse", *given), "1", "n", "")
    assert ended.code == 130
    assert "som utkast?" in ended.err
    assert len(town.json("usk", "draft", "list")) == 1


def test_step__asks_what_follows_from_the_answers(town):
    reference = town.report()
    asked = ("lagrum", "kategori_hsl", "allvarlighet_hsl", "medbedomare", "vardskada_misstanks")
    given = sets({k: v for k, v in JUDGED.items() if k not in asked})
    lines = ("1", "fall", "6", "2", "n", "mas", "")
    ended = type_lines(town, "chef", ("step", reference, "bedom", *given), *lines)
    assert ended.code == 0
    order = ("Lagrum", "Kategori, hälso- och sjukvård", "Obevittnat fall", "Allvarlighet", "Misstänkt vårdskada",
             "Legitimerad medbedömare")  # fmt: skip
    found = [ended.err.index(f"\n{label}") for label in order if label != "Obevittnat fall"]
    assert found == sorted(found)
    assert "Obevittnat fall" in ended.err
    fields = town.json("chef", "show", reference)["fields"]
    assert (fields["kategori_hsl"], fields["allvarlighet_hsl"]) == ("hsl_fall_obevittnat", "2")


def test_step__does_not_ask_when_the_step_is_closed_anyway(town):
    ended = type_lines(town, "chef", ("step", town.report(), "avsluta"))
    assert ended.code == 3
    assert "kan inte tas när ärendet har status Rapporterad" in " ".join(ended.err.split())
    assert ">" not in ended.err


def test_step__asks_for_the_rows_of_a_table_one_by_one(town):
    reference = town.judge()
    town.do("chef", "step", reference, "paborja_utredning", "--set", "utredare=usk")
    ended = type_lines(town, "usk", ("step", reference, "ange_orsak"), "rutin", "Listan saknades", "")
    assert ended.code == 0
    rows = town.json("usk", "show", reference)["fields"]["orsaker"]
    assert [(row["row"], row["beskrivning"]) for row in rows] == [("r1", "Listan saknades")]


def test_step__says_why_not_before_it_asks_anything(town):
    reference, action = town.investigate()
    ended = type_lines(town, "chef", ("step", reference, "avsluta"))
    assert ended.code == 3
    assert f"{action} saknar bedömd effekt" in " ".join(ended.err.split())
    assert "> " not in ended.err


def test_step__asks_anew_for_what_was_given_wrongly(town):
    given = sets(JUDGED | {"paverkan": "kanske"})
    ended = type_lines(town, "chef", ("step", town.report(), "bedom", *given), "2", "")
    assert ended.code == 0
    assert "finns inte i listan" in ended.err.partition("\nPåverkan på den enskilde\n")[0]


def test_refusal__offers_what_was_typed_a_place_as_a_draft(town):
    ended = type_lines(town, "usk", ("step", town.report(), "bedom", *sets(JUDGED)), "")
    assert ended.code == 3
    said = ended.err
    assert said.index("Steget ”Bedöm” tas av enhetschef.") < said.index("som utkast?")
    assert "hjul draft continue 1" in said


def test_change__lets_a_text_be_edited_where_it_stands(town):
    given = {k: v for k, v in REPORT.items() if k != "art"}
    screen = town.sit("usk", "new", "avvikelse", "--set", "unit=sol", *sets(given))
    screen.answer("Vad det var", "1")
    screen.agree("skicka?", "det som gjordes")
    screen.answer("Det som gjordes direkt", " och doktorn")
    screen.agree("skicka?")
    assert screen.end() == 0
    fields = town.json("usk", "show", "AVV-2026-0001")["fields"]
    assert fields["omedelbara_atgarder"] == "Ringde sjuksköterskan och doktorn"


def test_hang_up__keeps_what_was_typed_even_on_the_line_that_was_not_ended(town):
    screen = town.sit("usk", "new", "avvikelse")
    screen.answer("Är någon i fara nu?", "nej")
    screen.see("Händelse")
    screen.see("> ")
    screen.write("Halvskr")
    screen.see("Halvskr")
    screen.hang_up()
    assert screen.end() == 130
    values = town.json("usk", "draft", "show", "1")["content"]["values"]
    assert values == {"fara_nu": "nej", "handelse": "Halvskr"}
