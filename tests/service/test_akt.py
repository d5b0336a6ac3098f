"""What the papers' templates may say by date: the whole akt, acts, entries by heading, files, and who is not named."""

import shutil
from pathlib import Path

import pytest

from engine.service.paper import PaperService

PROCESSES = Path(__file__).parents[2] / "processes"


@pytest.fixture
def write(sqlite_only, tmp_path):
    """Write a paper of a template of our own: as Markdown without its marks."""
    shutil.copytree(PROCESSES / "documents", tmp_path / "p" / "documents")
    folder = tmp_path / "p" / "repair" / "documents"
    folder.mkdir(parents=True)

    def written(person, reference, template, key="own", more="", language="sv"):
        (folder / "own.yaml").write_text("document: own\nversion: 1\nlabel: {sv: Egen, en: Own}\n" + more)
        (folder / "own.j2").write_text(template)
        app = sqlite_only.by(person)
        papers = PaperService(app.cases.showing, app.clock, app.zone, tmp_path / "p", "Provkommunen")
        said = papers.write(reference, key, format="md", language=language).decode()
        return said.replace("\\", "").replace("**", "")

    return written


def test_akt__holds_every_event_with_what_it_said_by_date(sqlite_only, write, tmp_path):
    house = sqlite_only
    told = house.waiting(story="Våt <b>bok</b>")
    (tmp_path / "Kalle Ek.txt").write_text("x")
    house.by("keeper").attachments.attach(told, tmp_path / "Kalle Ek.txt")
    house.by("keeper").kept_papers.keep(told, "arende", format="md")
    house.clock.now = "2026-03-05T08:00:00.000000Z"
    house.by("keeper").cases.take_step(
        told, "send", values={"whom": "Verkstaden"}, occurred_at="2026-03-03T07:00:00.000000Z"
    )
    house.take("head", told, "judge", result="klart")
    said = write("head", told, "", key="akt")
    parts = ["## 2026-03-02", "Anmäl (1)", "Våt <b>bok</b>", "Titta (2) → Öppen", "Sett (3)", "Blöt.", "Källa: hyllan",
             "Gör klart (4)", "regn", "Bilaga: nummer 1, text/plain, 1 B", "nummer 1, Ärendet i sin helhet (MD)",
             "## 2026-03-03", "Skicka", "registrerat 2026-03-05", "Verkstaden", "## 2026-03-05", "Döm",
             "Resultat: klart"]  # fmt: skip
    places = [said.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
    assert "Kalle" not in said
    assert "Iakttagelse" in said


def test_akt__of_an_envelope_holds_no_content(sqlite_only, write):
    told = sqlite_only.waiting(story="Hemligt")
    said = write("kim", told, "", key="akt")
    assert "Hemligt" in said, "their own report"
    for content in ("Blöt.", "hyllan", "regn"):
        assert content not in said


def test_entries__by_heading_with_every_mark(sqlite_only, write):
    house = sqlite_only
    told = house.tell()
    cases = house.by("keeper").cases
    cases.add_entry(told, "said", "Hon sa.", "samtal", judgement=True)
    cases.add_entry(told, "seen", "Fel.", "hyllan", judgement=False)
    cases.add_entry(told, "seen", "Rätt.", "hyllan igen", judgement=False, corrects=3)
    said = write("head", told, "{{ entries('seen', 'said') }}")
    order = [said.index(part) for part in ("Fel.", "Rätt.", "Hon sa.")]
    assert order == sorted(order)
    for part in ("2026-03-02 09:00", "Sett, iakttagelse (anteckning 3)", "Sagt, bedömning (anteckning 2)",
                 "Källa: hyllan igen", "Rättad av rad 4", "Rättar rad 3", "Dokumenterat av Keeper"):  # fmt: skip
        assert part in said, part
    assert "Hon sa." not in (seen := write("head", told, "{{ entries('seen') }}"))
    assert "09:00  iakttagelse (anteckning 3)" in seen
    assert write("head", told, "{{ entries('verdict') or 'inget här' }}").count("inget här") == 1


def test_acts__and_who_took_a_step(sqlite_only, write):
    house = sqlite_only
    told = house.tell()
    house.take("keeper", told, "send", whom="Ett")
    house.take("keeper", told, "send", whom="Två")
    said = write("head", told, "{{ acts('send') }}\n{{ taken_by('tell') }} {{ taken_on('tell') }}")
    assert said.index("Ett") < said.index("Två")
    assert "Kim" in said
    assert "2026-03-02" in said
    assert "{{" not in write(
        "head", told, "{{ taken_by('judge') }}{{ taken_on('judge') }}{{ acts('judge') }} x"
    )


def test_filled__says_what_has_no_value(sqlite_only, write):
    said = write(
        "head", sqlite_only.tell(), "{{ filled('story', 'result') }}\n\n{{ authority }} {{ today() }}"
    )
    assert "våt bok" in said
    assert "Resultat: inte ifyllt" in said
    assert "Provkommunen 2026-03-02" in said


def test_hides__the_reporter_wherever_the_name_stands(sqlite_only, write):
    told = sqlite_only.tell("kim", story="Jag, Kim, såg det. Kims vän heter Kimmo")
    plain = "{{ head() }}\n{{ facts('story') }}\n{{ history() }}\n{{ signature(taken_by('tell')) }}\n"
    assert write("head", told, plain).count("Kim") == 6
    said = write("head", told, plain, more="hides: [reporter]\n")
    assert said.count("Kim") == 1, said
    assert "Kimmo" in said
    assert "[den som rapporterade] såg" not in said
    assert "Jag, [den som rapporterade], såg" in said
    assert "[the reporter]" in write("head", told, plain, more="hides: [reporter]\n", language="en")
