"""The installation from the shell: init, doctor, processes, settings, the log, reports, drafts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import REPORT, sets

ROOT = Path(__file__).parents[2]


def test_command__says_that_there_is_no_database_and_what_to_do(town):
    ended = town.run("chef", "tasks", "--db", str(town.database.with_name("none.sqlite")))
    assert ended.code == 6
    assert "hjul init" in ended.err
    assert not town.database.with_name("none.sqlite").exists()


def test_command__says_who_is_not_registered(town):
    ended = town.run("okänd", "tasks")
    assert ended.code == 3
    assert "Inloggningen okänd är inte registrerad" in ended.err


def test_backup__and_restore_speak_plainly(town, tmp_path):
    town.report()
    copy = tmp_path / "kopia.sqlite"
    assert town.do("ordnare", "backup", str(copy)).strip() == str(copy)
    again = town.run("ordnare", "backup", str(copy))
    assert again.code == 3
    assert "finns redan" in again.err
    refused = town.run("chef", "backup", str(tmp_path / "x"))
    assert refused.code == 3
    over = town.run("ordnare", "restore", str(copy))
    assert over.code == 3
    assert "--force" in over.err
    done = town.json("ordnare", "restore", str(copy), "--db", str(tmp_path / "ny.sqlite"))
    assert (done["cases"], done["kept"]) == (1, None)
    copy.write_bytes(copy.read_bytes()[:50_000])
    broken = town.run("ordnare", "restore", str(copy), "--force")
    assert broken.code == 6
    assert "skadad eller avklippt" in broken.err
    assert town.json("usk", "cases", "--mine")["cases"]


def test_init__can_be_run_again(town):
    body = town.json("ordnare", "init")
    assert (body["created"], body["training"], body["tables"]) == (False, True, None)
    assert not any(one["changed"] for one in body["processes"])
    said = town.run("ordnare", "init")
    assert "Inget behövde ändras" in said.err
    assert "org import" not in said.err


@pytest.mark.parametrize("now", ["9999-12-31T23:00:00Z", "1900-01-01T00:00:00Z", "2100-06-01T00:00:00Z"])
def test_clock__that_the_calendar_does_not_know_is_refused_with_what_it_may_be(town, monkeypatch, now):
    monkeypatch.setattr("tests.cli.conftest.NOW", now)
    for command in ("tasks", "tick", "doctor"):
        ended = town.run("chef", command)
        assert ended.code == 2
        assert "från 1954 till 2099" in ended.err


def test_doctor__is_content_with_what_is_right(town):
    ended = town.run("ordnare", "doctor")
    assert ended.code == 0, ended.out
    assert str(town.database) in ended.out
    assert "doctor." not in ended.out


def test_doctor__names_the_command_that_mends(town):
    ended = town.run("ordnare", "doctor", "--db", str(town.database.with_name("none.sqlite")), "--json")
    wrong = [row for row in json.loads(ended.out) if not row["ok"]]
    assert ended.code == 6
    assert [row["mend"] for row in wrong] == ["hjul init"]


def test_process_list__shows_what_is_published(town):
    rows = {row["process"]: row for row in town.json("chef", "process", "list")}
    assert rows["avvikelse"]["version"] == 3
    assert "avvikelse" in town.do("chef", "process", "list")


def test_process_show__is_the_published_document(town):
    document = json.loads(town.do("chef", "process", "show", "avvikelse"))
    assert document["process"]["process"] == "avvikelse" if "process" in document else document


def test_process_check__is_content_with_a_sound_definition(town):
    file = ROOT / "processes" / "avvikelse" / "process.yaml"
    assert town.run("chef", "process", "check", str(file)).code == 0


def test_process_check__says_file_line_and_column(town, tmp_path):
    file = tmp_path / "process.yaml"
    file.write_text("process: X\nversion: ett\n", "utf-8")
    ended = town.run("chef", "process", "check", str(file))
    assert ended.code == 2
    assert f"{file}:1:" in ended.out
    assert "Traceback" not in ended.out + ended.err
    body = json.loads(town.run("chef", "process", "check", str(file), "--json").out)
    assert body["ok"] is False
    assert {"file", "line", "column", "message"} <= set(body["problems"][0])


def test_process_publish__changes_a_parameter_as_an_event(town):
    done = town.json(
        "ordnare", "process", "publish", "avvikelse", "--set-param", "bedoma_inom=3 working days"
    )
    assert done["unchanged"] is False
    (changed,) = [row for row in town.json("chef", "process", "param", "list", "avvikelse") if row["changed"]]
    assert changed["name"] == "bedoma_inom"
    assert "från början 5 arbetsdagar" in town.do("chef", "process", "param", "list", "avvikelse")


def test_process_publish__refuses_a_parameter_that_is_not_there(town):
    assert town.run("ordnare", "process", "publish", "avvikelse", "--set-param", "hittepa=1").code == 2


def test_process_diagram__is_mermaid_on_stdout_or_in_a_file(town, tmp_path):
    assert town.do("chef", "process", "diagram", "avvikelse").startswith("stateDiagram-v2")
    town.do("chef", "process", "diagram", "avvikelse", "-o", str(tmp_path / "a.mmd"))
    assert (tmp_path / "a.mmd").read_text("utf-8").startswith("stateDiagram-v2")


def test_process_diagram__is_a_picture_when_the_file_or_the_format_says_so(town, tmp_path):
    ended = town.run("chef", "process", "diagram", "avvikelse", "-o", str(tmp_path / "a.svg"))
    assert "a.svg" in ended.err
    assert 'data-step="flytta"' in (tmp_path / "a.svg").read_text("utf-8")
    drawn = town.do("chef", "process", "diagram", "avvikelse", "--format", "svg", "--only-moves")
    assert drawn.startswith("<svg ")
    assert 'data-step="flytta"' not in drawn


def test_process_diagram__says_when_the_file_cannot_be_written(town, tmp_path):
    ended = town.run("chef", "process", "diagram", "avvikelse", "-o", str(tmp_path / "no" / "a.mmd"))
    assert ended.code == 2
    assert "går inte att skriva" in ended.err


def test_settings__are_listed_and_changed_by_the_administrator(town):
    assert town.json("chef", "settings", "list")[0]["key"] == "closed_days"
    town.do("ordnare", "settings", "set", "closed_days", "2026-12-23")
    assert town.json("chef", "settings", "list")[0]["value"] == "2026-12-23"
    assert town.run("chef", "settings", "set", "closed_days", "2026-12-28").code == 3
    assert town.run("ordnare", "settings", "set", "hittepa", "1").code == 4
    cleared = town.do("ordnare", "settings", "set", "closed_days", "--default")
    assert cleared == "closed_days är som från början: inget\n"
    assert town.run("ordnare", "settings", "set", "closed_days").code == 2
    refused = town.run("ordnare", "settings", "set", "tick_late_hours", "0")
    assert (refused.code, "ett helt tal från 1 till 720 (timmar)" in refused.err) == (2, True)


def test_tick__says_what_it_did_and_how_far(town):
    ended = town.run("ordnare", "tick")
    assert (ended.code, ended.out) == (0, "Inget var dags att göra.\n")
    assert "Klart till och med 2026-11-23 10:00." in ended.err
    assert town.json("ordnare", "tick")["ok"] is True
    assert town.run("ordnare", "tick", "--until", "2026-11-24").code == 2


def test_audit_verify__says_that_the_log_holds(town):
    town.judge()
    body = town.json("revisor", "audit", "verify")
    assert (body["ok"], body["problems"], body["cases"]) == (True, [], 1)
    assert "Historiken stämmer: 1 ärende och" in town.do("revisor", "audit", "verify")


def test_audit_verify__names_what_was_changed(town):
    import sqlite3

    reference = town.judge()
    with sqlite3.connect(town.database) as owner:
        names = owner.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            owner.execute(f'DROP TRIGGER "{name}"')
        owner.execute("UPDATE events SET body = replace(body, 'bedomd', 'bedomx') WHERE seq = 2")
    owner.close()
    ended = town.run("revisor", "audit", "verify")
    assert ended.code == 6
    assert reference in ended.out
    assert "Historiken stämmer inte" in ended.out


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_audit_export__has_no_personal_text(town, tmp_path, format):
    town.judge()
    file = tmp_path / "log"
    town.do("revisor", "audit", "export", "--format", format, "-o", str(file))
    text = file.read_text("utf-8")
    assert "AVV-2026-0001" in text
    assert REPORT["handelse"] not in text
    assert "Sköterska" not in text


def test_report__is_written_as_text_html_and_json(town, tmp_path):
    town.judge()
    assert "Björkgården" in town.do("chef", "report", "enhet", "--unit", "bjork")
    ended = town.run("chef", "report", "enhet", "--format", "html", "-o", str(tmp_path / "r.html"))
    assert (ended.out, ended.err) == ("", f"Skrivet till {tmp_path / 'r.html'}\n")
    assert "<html" in (tmp_path / "r.html").read_text("utf-8")
    json.loads(town.do("chef", "report", "enhet", "--json"))


def test_report__lists_those_there_are(town):
    assert {"enhet", "handelser"} <= {row["report"] for row in town.json("chef", "report", "list")}
    assert town.run("chef", "report", "hittepa").code == 4


def test_draft__is_shown_and_dropped_by_its_owner_only(town):
    town.run("usk", "new", "avvikelse", *sets(REPORT), "--save-draft")
    assert town.run("chef", "draft", "show", "1").code == 4
    assert "Ringde sjuksköterskan" in town.do("usk", "draft", "show", "1")
    assert town.json("usk", "draft", "show", "1")["content"]["process"] == "avvikelse"
    town.do("usk", "draft", "drop", "1")
    assert town.run("usk", "draft", "list").err == "Du har inga utkast.\n"


def test_output__never_holds_what_others_wrote_when_something_is_refused(town):
    town.report(handelse="MÄRKT-TEXT")
    for args in (["step", "AVV-2026-0001", "avsluta"], ["show", "AVV-2026-0001"], ["log", "AVV-2026-0001"]):
        ended = town.run("revisor", *args)
        assert "MÄRKT-TEXT" not in ended.out + ended.err


def test_settings_test_mail__says_in_the_terminal_what_is_missing(town):
    ended = town.run("ordnare", "settings", "test-mail", "namn@kommunen.se")
    assert ended.code == 6
    assert "mail_host" in ended.err
    assert town.run("ordnare", "settings", "test-mail", "namn").code == 2
    assert town.run("usk", "settings", "test-mail", "namn@kommunen.se").code == 3


def test_calendar_export__writes_a_file_or_the_pipe(town, tmp_path):
    reference = town.report()
    file = tmp_path / "frister.ics"
    shape = town.json("chef", "calendar", "export", "-o", str(file))
    assert shape == {"file": str(file), "deadlines": 2, "occasions": 0, "cancelled": 0}
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert f"{reference}: Bedöm senast" in town.do("chef", "calendar", "export")
    assert town.run("chef", "calendar", "export", "--json").code == 2
