"""Papers of a case: what the reader may see and no more, the reading written down first, declarations checked."""

import shutil
from pathlib import Path

import pytest

from engine.definition.load import load_process
from engine.documents.paper import check_papers, load_paper
from engine.errors import DefinitionError, UnknownCaseError, UnknownPaperError
from engine.service.paper import PaperService
from tests.cases.toy import LISTS, REPAIR
from tests.service.house import House, publish

PROCESSES = Path(__file__).parents[2] / "processes"
YAML = "document: note\nversion: 1\nlabel: {sv: Lapp, en: Note}\nwords: {hello: {sv: Hej, en: Hello}}\n"


@pytest.fixture
def sqlite_only(sqlite_house, tmp_path):
    """Give a house on one kind of database: everything is read as `show` reads it, which is tested on both."""
    shutil.copyfile(sqlite_house, tmp_path / "hjul.sqlite")
    found = House(f"sqlite:///{tmp_path / 'hjul.sqlite'}")
    yield found
    found.close()


def written(house, person, reference, key="arende", **more):
    return house.by(person).papers.write(reference, key, format="md", **more).decode()


def test_paper__shows_what_show_shows(sqlite_only):
    house = sqlite_only
    reference = house.waiting(story="Sida *12* <b>våt</b>")
    assert house.by("keeper").papers.list(reference)[1].key == "arende"
    page = written(house, "keeper", reference)
    for said in (r"Sida \*12\* \<b\>våt\</b\>", "Blöt.", "Historik", "regn", "Keeper", reference):
        assert said in page
    assert "Case" not in page
    assert "The case as a whole" in written(house, "keeper", reference, language="en")


def test_paper__at_the_envelope_no_content(sqlite_only):
    house = sqlite_only
    reference = house.waiting(story="Hemligt", damage="wet")
    own = written(house, "kim", reference)
    assert "Hemligt" in own
    assert "regn" not in own
    assert "Blöt." not in own
    with pytest.raises(UnknownCaseError):
        written(house, "lo", reference)
    with pytest.raises(UnknownCaseError):
        house.by("lo").papers.list(reference)


def test_paper__what_is_marked_is_written_down_once_and_first(sqlite_only):
    house = sqlite_only
    reference = house.tell()
    house.take("keeper", reference, "hand_over", why="x")
    before = len(house.accesses())
    assert "våt bok" in written(house, "head", reference)
    assert [row[2:] for row in house.accesses()[before:]] == [(reference, "document", "shown")]
    assert "våt bok" not in written(house, "keeper", reference)


def test_paper__unknown_ones_are_said(sqlite_only):
    house = sqlite_only
    reference = house.tell()
    with pytest.raises(UnknownPaperError) as error:
        written(house, "keeper", reference, "../arende")
    assert error.value.suggestions == ("akt", "arende")
    with pytest.raises(UnknownCaseError):
        written(house, "keeper", "REP-2026-9999")


def lay(folder, yaml=YAML, template="{{ words('hello') }} {{ field('story') }}\n"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "note.yaml").write_text(yaml)
    if template is not None:
        (folder / "note.j2").write_text(template)


def test_paper__one_of_the_process_comes_beside_those_for_all(sqlite_only, tmp_path):
    house = sqlite_only
    shipped = tmp_path / "processes"
    shutil.copytree(PROCESSES / "documents", shipped / "documents")
    lay(shipped / "repair" / "documents")
    app = house.by("keeper")
    papers = PaperService(app.cases.showing, app.clock, app.zone, shipped, "Provkommunen")
    reference = house.tell(story="[x](y) **z**")
    assert [row.key for row in papers.list(reference)] == ["akt", "arende", "note"]
    assert r"Hej \[x\](y) \*\*z\*\*" in papers.write(reference, "note", format="md").decode()


@pytest.mark.parametrize(
    ("yaml", "template", "ids"),
    [
        (YAML, "{{ field('stori') }}", ["definition.paper_field"]),
        (YAML, "{{ words('hallo') }}{{ linked('like') }}", ["definition.paper_field"]),
        (YAML, "{{ linked('alike') }}", ["definition.paper_field"]),
        (
            YAML,
            "{{ entries('sen') }}{{ filled('stori') }}{{ taken_by('closed') }}{{ acts('look', 'lok') }}",
            ["definition.paper_field"] * 4,
        ),
        (YAML + "hides: [reporter, mendor]\n", "x", ["definition.paper_field"]),
        (YAML, "{% if %}", ["definition.paper_syntax"]),
        (YAML, "{{ nothing }}", ["definition.paper_name"]),
        (YAML, None, ["definition.paper_no_template"]),
        (YAML.replace("note", "other", 1), "x", ["definition.paper_other_key"]),
    ],
)
def test_paper__what_is_wrong_is_found_before_it_is_published(sqlite_only, tmp_path, yaml, template, ids):
    lay(tmp_path / "own" / "documents", yaml, template)
    own = tmp_path / "own"
    (own / "repair.yaml").write_text(REPAIR)
    (own / "lists.yaml").write_text(LISTS)
    found = sqlite_only.by("boss").processes.check(str(own / "repair.yaml"))
    assert [one.message.id for one in found if not one.is_warning] == ids
    assert all(one.line for one in found)
    with pytest.raises(DefinitionError):
        publish(sqlite_only.by("boss"), own, repair=REPAIR)


def test_shipped__papers_are_sound():
    found = 0
    for path in sorted(PROCESSES.glob("*/process.yaml")):
        process = load_process(path).process
        assert check_papers(path.parent / "documents", process) == ()
        assert check_papers(PROCESSES / "documents", process) == ()
        found += 1
    assert found
    assert load_paper(PROCESSES / "documents" / "arende.yaml").declaration.label.en
