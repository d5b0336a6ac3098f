"""The way back, the page before sending, drafts that are mended: with typed lines, where no real terminal is needed."""

from __future__ import annotations

from tests.cli.conftest import JUDGED, REPORT, sets

ANSWERS = ("nej", "Fick fel dos", "igår 14:30", "sol", "Ringde", "2", "?")


def report(town, *lines, given=()):
    """Report a deviation by typing lines; give how it ended."""
    return town.run(
        "usk", "new", "avvikelse", *given, typed="".join(f"{one}\n" for one in lines), terminal=True
    )


def mine(town):
    return town.json("usk", "show", "AVV-2026-0001")["fields"]


def test_back__asks_the_question_before_and_enter_keeps_its_answer(town):
    ended = report(town, "nej", "Fick fel dos", "<", "", *ANSWERS[2:], "")
    assert ended.code == 0
    assert "Enter behåller ”Fick fel dos”" in ended.err
    assert mine(town)["handelse"] == "Fick fel dos"


def test_back__goes_as_far_as_wanted_and_not_before_the_first(town):
    ended = report(town, "nej", "Fick fel dos", "tillbaka", "<", "<", "ja", "Annat", *ANSWERS[2:], "")
    assert ended.code == 0
    assert "Det här är den första frågan." in ended.err
    assert (mine(town)["fara_nu"], mine(town)["handelse"]) == (True, "Annat")


def test_back__is_no_word_where_any_words_may_be_the_answer(town):
    assert report(town, "nej", "tillbaka", *ANSWERS[2:], "").code == 0
    assert mine(town)["handelse"] == "tillbaka"


def test_page__shows_the_answers_and_sends_by_enter(town):
    ended = report(town, *ANSWERS, "")
    assert ended.out == "AVV-2026-0001\n"
    page = ended.err.partition("Så här har du svarat")[2]
    assert "3  När det hände           2026-11-22 14:30" in page
    assert "4  Enhet                   Solhem" in page
    assert "7  Någon kom till skada    vet inte" in page
    assert "Rapportera: skicka? [J/n/ändra]" in page


def test_page__lets_an_answer_be_changed_by_number_or_name(town):
    ended = report(town, *ANSWERS, "6", "1", "ändra", "enhet", "björk", "j")
    assert ended.code == 0
    assert mine(town)["art"] == "negativ_handelse"
    assert town.json("usk", "show", "AVV-2026-0001")["unit"] == "bjork"


def test_page__says_what_it_takes_when_the_answer_is_none_of_it(town):
    ended = report(town, *ANSWERS, "99", "kanske", "")
    assert ended.code == 0
    assert ended.err.count("Enter skickar, n avbryter") == 3


def test_page__asks_what_follows_from_what_is_added(town):
    ended = report(town, *ANSWERS, "kategori", "fall", "1", "", "j", "")
    assert ended.code == 0
    found = mine(town)
    assert (found["kategori"], found["larm"]) == ("fall", True)
    assert "hjalpmedel" not in found


def test_page__lets_go_of_answers_that_no_longer_apply(town):
    ended = report(town, *ANSWERS, "kategori", "fall", "1", "", "j", "kategori", "larm eller", "")
    assert ended.code == 0
    assert "svaren är borttagna" in ended.err
    assert not {"larm", "aktivitet"} & set(mine(town))


def test_page__takes_an_added_answer_away_again(town):
    ended = report(town, *ANSWERS, "plats", "Köket", "plats", "-", "")
    assert ended.code == 0
    assert "plats" not in mine(town)


def test_page__is_where_the_way_back_from_an_added_question_leads(town):
    ended = report(town, *ANSWERS, "plats", "<", "")
    assert ended.code == 0
    assert ended.err.count("Så här har du svarat") == 2


def test_unit__that_was_given_wrongly_is_asked_for_anew(town):
    given = ("--unit", "sjukhuset", *sets(REPORT))
    ended = report(town, "sol", "", given=given)
    assert ended.code == 0
    assert town.json("usk", "show", "AVV-2026-0001")["unit"] == "sol"


def test_leaving__keeps_what_was_written_so_far(town):
    assert report(town, "nej", "Fick fel\\").code == 130  # and then the end of what is typed, as Ctrl-D
    assert town.json("usk", "draft", "list") == []
    ended = report(town, *ANSWERS, "n", "")
    assert ended.code == 130
    assert town.json("usk", "draft", "show", "1")["content"]["values"]["art"] == "tillbud"


def draft(town, **values):
    """Keep a draft that cannot be sent; give what was said."""
    return town.run("usk", "new", "avvikelse", "--save-draft", *sets(REPORT | values)).err


def resume(town, *lines, login="usk"):
    return town.run(
        login, "draft", "continue", "1", typed="".join(f"{one}\n" for one in lines), terminal=True
    )


def test_draft__is_shown_and_what_is_wrong_in_it_asked_anew(town):
    draft(town, art="katastrof")
    ended = resume(town, "2", "sol", "")
    assert ended.out == "AVV-2026-0001\n"
    held, _, rest = ended.err.partition("Vad det var: ")
    assert "I utkastet finns" in held
    assert "katastrof" in held
    assert "finns inte i listan" in rest
    assert (mine(town)["art"], town.json("usk", "draft", "list")) == ("tillbud", [])


def test_draft__that_is_whole_is_shown_once_and_sent_by_enter(town):
    draft(town)
    assert resume(town, "sol", "n", "").code == 130
    ended = resume(town, "")
    assert ended.out == "AVV-2026-0001\n"
    assert "I utkastet finns" not in ended.err
    assert ended.err.count("Så här har du svarat") == 1


def test_draft__lets_other_answers_be_changed_too(town):
    draft(town)
    ended = resume(town, "sol", "vad det var", "3", "")
    assert ended.code == 0
    assert mine(town)["art"] == "risk"


def test_draft__is_shown_in_the_words_of_its_questions(town):
    draft(town, art="katastrof", skada="?")
    shown = " ".join(town.do("usk", "draft", "show", "1").split())
    assert "Fara just nu nej" in shown
    assert "Vad det var katastrof" in shown
    assert "Någon kom till skada vet inte" in shown


def test_draft__that_is_left_is_still_there(town):
    draft(town, art="katastrof")
    ended = resume(town)
    assert ended.code == 130
    assert "art" in town.json("usk", "draft", "show", "1")["content"]["values"]


def test_draft__is_mended_in_a_pipe_by_values_put_over_it(town):
    draft(town, art="katastrof")
    ended = town.run("usk", "draft", "continue", "1", "--set", "art=risk", "--set", "unit=sol")
    assert ended.out == "AVV-2026-0001\n"
    assert mine(town)["art"] == "risk"


def test_draft__that_a_rule_refuses_whatever_is_answered_asks_nothing(town):
    reference = town.report()
    town.run("usk", "step", reference, "bedom", "--save-draft", *sets(JUDGED))
    ended = resume(town)
    assert ended.code == 3
    assert "tas av enhetschef" in ended.err
    assert "I utkastet finns" not in ended.err
    assert len(town.json("usk", "draft", "list")) == 1


def test_step__refused_for_its_answers_together_lets_them_be_changed(town):
    reference = town.report()
    given = sets(JUDGED | {"medbedomare": "chef"})
    lines = "\nmedbedömare\nmas\n\n"
    assert town.run("chef", "step", reference, "bedom", *given, typed=lines, terminal=True).code == 130
    ended = town.run("chef", "step", reference, "bedom", *given, typed=lines[1:], terminal=True)
    assert ended.code == 0
    assert "Det ska vara en annan person än i Legitimerad medbedömare" in ended.err
    assert "M. Ansvarig" in ended.err


def test_draft__made_after_somebody_else_changed_the_case_is_not_refused_for_it_twice(town):
    reference = town.report()
    town.do("chef", "step", reference, "begar_komplettering", "--set", "fraga=När?")
    town.do("usk", "step", reference, "komplettera", "--set", "kompletterande_uppgifter=Klockan åtta")
    given = ("--seq", "1", "--save-draft", *sets(JUDGED))
    assert town.run("chef", "step", reference, "bedom", *given).code == 5
    assert town.run("chef", "draft", "continue", "1").code == 0


def test_judging__says_its_own_help_and_takes_no_vet_inte_where_the_manager_decides(town):
    reference = town.report(lagrum="?")
    ended = town.run("chef", "step", reference, "bedom", typed="?\nlss\n", terminal=True)
    asked = ended.err.partition("Lagrum")[2].partition("> ")[0]
    assert "Välj lagen som insatsen gavs enligt" in asked
    assert "vet inte" not in asked
    assert "”vet inte” går inte att svara här" in ended.err
    told = report(town, *ANSWERS, "lagrum", "?", "")
    assert "Du behöver inte veta" in told.err
    assert told.code == 0


def test_time__that_was_twice_is_asked_for_and_one_that_never_was_refused(town):
    given = ("--unit", "sol", *sets({name: value for name, value in REPORT.items() if name != "intraffade"}))
    ended = report(town, "29/3 2026 02:30", "2026-10-25 02:30", "2", "", given=given)
    assert ended.code == 0
    assert "2026-03-29 02:30 fanns inte" in ended.err
    assert "2  andra gången" in ended.err
    assert mine(town)["intraffade"] == "2026-10-25T02:30+01:00"
    piped = town.run("usk", "new", "avvikelse", "--set", "intraffade=2026-10-25 02:30", *given)
    assert piped.code == 2
    assert "2026-10-25T02:30+02:00 = första gången" in " ".join(piped.err.split())


def test_done_at__that_was_twice_or_never_was_is_refused_before_anything_is_asked(town):
    for said, why in (("2026-10-25 02:30", "kom två gånger"), ("2026-03-29 02:30", "fanns inte")):
        ended = town.run("usk", "new", "avvikelse", "--done-at", said, terminal=True)
        assert ended.code == 2
        assert why in ended.err
        assert "Fara just nu" not in ended.err
    done = ("--done-at", "2026-10-25T02:30+01:00")
    assert town.do("usk", "new", "avvikelse", "--unit", "sol", *sets(REPORT), *done) == "AVV-2026-0001\n"
    assert town.json("usk", "log", "AVV-2026-0001")[0]["occurred_at"] == "2026-10-25T01:30:00.000000Z"
