"""The papers of lex Sarah and lex Maria: every item that must be shown, nobody who must not be named, texts inert."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.processes import tables_lex_maria as maria
from tests.processes import tables_lex_sarah as lex
from tests.processes import walk_lex as walk
from tests.processes import walk_lex_maria as walk_maria
from tests.processes.written import Written, name_of, written

SARAH = ("utredning", "beslut", "ivo", "brev", "tjansteskrivelse", "kvitto")
MARIA = ("anmalan", "patientinformation", "utredning")
NAMELESS = tuple(key for key in SARAH if key != "kvitto")
FORMATS = ("html", "pdf", "docx", "md")
READER = "lex_sarah_ansvarig"
REPORTER = name_of("rapportor")
HOSTILE = '<script>alert(1)</script> {{ 7*7 }} #import "x": * [a](javascript:b) =cmd|x ]]> ' + "ö" * 200
UNIT_HEADINGS = (*lex.HEADINGS[:8], "U9", "U10")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """A written world."""
    with written(tmp_path_factory.mktemp("papers") / "hjul.sqlite", walk.PEOPLE) as found:
        yield found


def decided(world: Any, grade: str = "allvarligt_missforhallande", lagrum: str = "sol") -> str:
    """A case with texts that name the reporter and texts that would be more than texts, decided and at IVO."""
    told = f"Enligt {REPORTER.upper()}s rapport, rapportor: {HOSTILE}"
    reference = walk.report_lex(world, handelse=told, kategori="sol_insats_uteblev")
    walk.act(world, READER, reference, "bekrafta_mottagande", lagrum=lagrum)
    walk.act(world, READER, reference, "forsta_bedomning")
    walk.act(world, "registrator", reference, "diariefor")
    walk.act(world, "enhetschef", reference, "informera_enskild")
    walk.note(world, reference, "U1")
    first = world.cases[reference].seq
    walk.note(world, reference, "U1", corrects=first)
    walk.act(world, "lex_sarah_utredare", reference, "ange_orsak", **lex.NO_MEASURE)
    walk.investigate(world, reference, grade)
    walk.act(world, "beslutsfattare", reference, "besluta", grad=grade, motivering=f"{REPORTER} såg det.")
    if grade in lex.SERIOUS:
        walk.act(world, "beslutsfattare", reference, "anmal_ivo")
    return reference


@pytest.fixture(scope="module")
def case(world: Any) -> str:
    """A decided case."""
    return decided(world)


def text_in(data: bytes, format: str) -> str:
    """What can be read in a file, but for PDF, whose texts are compressed."""
    if format == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return " ".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    return data.decode("utf-8", "replace")


def part(page: str, heading: str) -> str:
    """What stands under a heading."""
    return page.partition(f"## {heading}")[2].partition("\n## ")[0]


def test_investigation__shows_every_item_in_order_with_all_its_marks(world: Any, case: str) -> None:
    page = world.text(READER, case, "utredning")
    places = [page.index(f"## {heading} ") for heading in UNIT_HEADINGS]
    assert places == sorted(places)
    for heading in UNIT_HEADINGS:
        under = part(page, f"{heading} ")
        assert re.search(r"2026-03-02 09:00  (iakttagelse|bedömning) \(anteckning \d+\)", under), heading
        assert "Källa: " in under, heading
        assert re.search(r"Dokumenterat av \S+ Zetterqvist, titel för ", under), heading
    assert "bedömning" in part(page, "U6 ")
    assert "Källa: Besluta" in part(page, "U9 ")
    corrected = part(page, "U1 ")
    first, second = re.findall(r"anteckning (\d+)\)", corrected)[:2]
    assert f"Rättad av rad {second}" in corrected
    assert f"Rättar rad {first}" in corrected


def test_investigation__says_what_nobody_has_written(world: Any) -> None:
    reference = walk.report_lex(world)
    walk.walk_on(world, reference, "under_utredning")
    page = world.text(READER, reference, "utredning")
    for heading in UNIT_HEADINGS:
        said = "inte beslutat" if heading == "U9" else "Inget är antecknat"
        assert said in part(page, f"{heading} "), heading
    assert "Utredningen är inte slutförd" in page
    assert "Det här är inget beslut" in world.text(READER, reference, "beslut")


@pytest.mark.parametrize("format", ["html", "md", "docx"])
@pytest.mark.parametrize("key", NAMELESS)
def test_papers__never_name_who_reported(world: Any, case: str, key: str, format: str) -> None:
    page = text_in(world.paper(READER, case, key, format), format)
    assert REPORTER.casefold() not in page.casefold()
    assert not re.search(r"(?<![\w-])rapportor(?!\w)", page), "the login"
    if key in ("utredning", "ivo", "tjansteskrivelse"):
        assert "den som rapporterade" in page


def test_papers__of_a_report_for_another_name_neither(world: Any) -> None:
    reference = world.open(
        READER,
        "lex_sarah",
        step="registrera_rapport",
        **{**lex.REQUIRED["registrera_rapport"], "rapportor_namn": "Eva Ek"},
    )
    assert isinstance(reference, str)
    walk.walk_on(world, reference, "under_utredning")
    walk.note(world, reference, "U1", READER)
    page = world.text(READER, reference, "utredning")
    assert "Eva Ek" not in page
    assert name_of(READER) in page, "who registered it is not who reported, and signs"
    assert "Eva Ek" in world.text(READER, reference, "arende")


@pytest.mark.parametrize(
    ("format", "language"), [("html", "en"), ("pdf", "sv"), ("docx", "sv"), ("md", "en")]
)
@pytest.mark.parametrize("key", [*SARAH, "akt", "arende"])
def test_papers__texts_are_nothing_but_texts(
    world: Any, case: str, key: str, format: str, language: str
) -> None:
    data = world.paper(READER, case, key, format, language)
    page = text_in(data, format)
    if format == "html":
        assert "<script" not in page
        assert 'href="javascript' not in page
    if format == "pdf":
        assert data.startswith(b"%PDF-1.7")
    if format != "pdf" and key in ("akt", "arende", "utredning"):
        assert "7*7" in page.replace("\\", "")
        assert "alert(1)" in page.replace("\\", "")
    for broken in ("CaseSight", "Words(", "Facts(", "<function", "paper.", "{#"):
        assert broken not in page if format != "pdf" else True


@pytest.mark.parametrize(("lagrum", "says", "says_not"), [
    ("sol", "genast dokumenteras", "24 e § LSS"),
    ("lss", "utan dröjsmål (24 e § LSS)", "27 kap. 5 §"),
])  # fmt: skip
def test_decision__cites_the_law_of_the_case(world: Any, lagrum: str, says: str, says_not: str) -> None:
    page = world.text(READER, decided(world, "missforhallande", lagrum), "beslut")
    assert says in page
    assert says_not not in page
    assert "27 kap. 6 §" not in page, "not to be notified"
    assert "Missförhållande" in part(page, "Beslut")


@pytest.mark.parametrize("grade", lex.DEGREES)
def test_letter__says_each_degree_in_plain_words(world: Any, grade: str) -> None:
    reference = decided(world, grade)
    page = world.text(READER, reference, "brev")
    assert page.startswith("# Brev till den enskilde")
    assert ("inte var ett fel" in page) == (grade == "inget_missforhallande")
    assert ("Inspektionen för vård och omsorg" in page) == (grade in lex.SERIOUS)
    assert ("27 kap. 6 §" in world.text(READER, reference, "beslut")) == (grade in lex.SERIOUS)
    assert "{" not in world.text(READER, reference, "brev", "en")


def test_sheet__for_ivo_has_every_group_and_says_what_is_not_there(world: Any, case: str) -> None:
    page = world.text(READER, case, "ivo")
    for number in range(1, 10):
        assert f"\n## {number} " in page
    assert "alla är inte kontrollerade" in page
    assert "Plats: inte ifyllt" in page
    assert "Anmälan avser: Allvarligt missförhållande" in page
    assert "IVO:s e-tjänst" in part(page, "Det som har gått till IVO")


def test_receipt__is_for_the_reporter_and_shows_what_they_sent(world: Any, case: str) -> None:
    page = world.text("rapportor", case, "kvitto")
    assert "Det du rapporterade" in page
    assert lex.RAPPORT["konsekvens"] in page
    assert "Insatsen uteblev" not in page


@pytest.mark.parametrize("key", SARAH)
def test_papers__at_the_envelope_hold_no_content(world: Any, case: str, key: str) -> None:
    page = world.text("forvaltningschef", case, key)
    for secret in (lex.RAPPORT["konsekvens"], "såg det", "U1: text", "Samtal", "Nedkyld"):
        assert secret not in page, key


def test_papers__with_sixty_entries_and_long_words(world: Any) -> None:
    reference = walk.report_lex(world, handelse="Ålderdomshemsavdelningsföreståndare" * 12)
    walk.walk_on(world, reference, "under_utredning")
    for _ in range(60):
        walk.note(world, reference, "U4")
    for key in ("utredning", "akt"):
        assert world.text(READER, reference, key).count("U4: text") == 60
        for format in FORMATS:
            assert len(world.paper(READER, reference, key, format)) > 5000


@pytest.fixture(scope="module")
def maria_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """A written world of lex Maria."""
    with written(tmp_path_factory.mktemp("maria") / "hjul.sqlite", walk_maria.PEOPLE) as found:
        yield found


def test_patient__item_by_item(maria_world: Any) -> None:
    world = maria_world
    reference = walk_maria.case_in(
        world, "under_utredning", maria.HARM if hasattr(maria, "HARM") else maria.RISK
    )
    page = maria_world.text("mas", reference, "patientinformation")
    assert page.count("inte ifyllt") >= 8
    assert "Något återstår" in page
    walk_maria.take(world, "enhetschef", reference, "informera_patient")
    page = maria_world.text("mas", reference, "patientinformation")
    for number in range(1, 7):
        assert re.search(rf"Punkt {number}: .*: ja", page), number


@pytest.mark.parametrize("key", [*MARIA, "akt"])
def test_papers__of_lex_maria_in_every_format(maria_world: Any, key: str) -> None:
    reference = walk_maria.case_in(maria_world, "utredning_klar")
    for format in FORMATS:
        assert len(maria_world.paper("mas", reference, key, format)) > 500
    for language in ("sv", "en"):
        page = maria_world.text("mas", reference, key, language)
        for broken in ("CaseSight", "Words(", "Facts(", "<function"):
            assert broken not in page
