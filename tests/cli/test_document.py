"""`hjul document`: listed, to a pipe, to a file, and what a person meets who forgets where it should go."""

import json


def test_document__lists_what_there_is(town):
    reference = town.judge()
    assert town.do("chef", "document", reference).split() == ["arende", "Avvikelsen", "på", "papper"]
    assert json.loads(town.do("chef", "--json", "document", reference.lower())) == [
        {"document": "arende", "label": "Avvikelsen på papper"}
    ]


def test_document__goes_to_a_pipe_or_a_file(town, tmp_path):
    reference, action = town.investigate()
    page = town.do("chef", "document", reference, "arende", "--format", "md")
    for said in (
        "fick fel dos",
        "Listan saknades",
        "Dubbelkontroll",
        "Effekten är inte bedömd",
        action,
        "Historik",
    ):
        assert said in page
    assert town.do("chef", "document", reference, "arende").startswith("<!doctype html>")
    for ending, magic in ((".pdf", b"%PDF"), (".docx", b"PK"), (".html", b"<!doctype"), (".md", b"# ")):
        file = tmp_path / f"x{ending}"
        assert str(file) in town.run("chef", "document", reference, "arende", "-o", str(file)).err
        assert file.read_bytes().startswith(magic)


def test_document__the_only_one_need_not_be_named(town, tmp_path):
    reference = town.judge()
    file = tmp_path / "x.md"
    assert str(file) in town.run("chef", "document", reference, "-o", str(file)).err
    assert file.read_text("utf-8").startswith("# ")
    assert town.do("chef", "document", reference, "--format", "md").startswith("# ")


def test_document__says_what_is_wrong(town, tmp_path):
    reference = town.judge()
    screen = town.sit("chef", "document", reference, "arende")
    screen.see("-o FIL")
    assert screen.end() == 2
    ended = town.run("chef", "document", reference, "arendet")
    assert (ended.code, "arende" in ended.err) == (4, True)
    assert town.run("revisor", "document", "AVV-2026-0999").code == 4
    assert town.run("chef", "document", reference, "arende", "-o", str(tmp_path / "no" / "x.pdf")).code == 2
