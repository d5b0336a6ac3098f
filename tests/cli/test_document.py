"""`hjul document`: listed, to a pipe, to a file, and what a person meets who forgets where it should go."""

import json


def test_document__lists_what_there_is(town):
    reference = town.judge()
    said = town.do("chef", "document", reference)
    assert [line.split()[0] for line in said.splitlines()] == ["akt", "arende"]
    assert "Avvikelsen på papper" in said
    _, row = json.loads(town.do("chef", "--json", "document", reference.lower()))
    assert (row["document"], row["label"], row["kept"]) == ("arende", "Avvikelsen på papper", [])
    assert len(row["template"]) == 64


def test_document__is_kept_listed_and_fetched(town, tmp_path):
    reference = town.judge()
    file, again = tmp_path / "a.pdf", tmp_path / "b.pdf"
    kept = town.run("chef", "document", reference, "arende", "--keep", "-o", str(file))
    assert kept.out.strip() == f"Sparat i {reference} som dokument 1: Avvikelsen på papper (PDF)."
    said = town.do("chef", "document", reference, "arende", "--keep")
    assert "Inget har ändrats" in said
    assert "som dokument 1" in said
    one = json.loads(town.do("chef", "--json", "document", reference, "--keep", "--format", "md"))
    assert (one["number"], one["kept"], one["format"]) == (2, True, "md")
    town.run("chef", "document", reference, "--get", "1", "-o", str(again))
    assert again.read_bytes() == file.read_bytes()
    assert town.do("chef", "document", reference, "--get", "2").startswith("# ")
    for words in (("document", reference), ("document", reference, "--list"), ("show", reference)):
        page = town.do("chef", *words)
        assert "Sparade dokument" in page
        assert "PDF" in page
    assert "Dokument sparat" in town.do("chef", "log", reference)
    assert town.run("chef", "document", reference, "--get", "3", "-o", "-").code == 4
    _, row = json.loads(town.do("chef", "--json", "document", reference))
    assert [paper["number"] for paper in row["kept"]] == [1, 2]
    assert town.run("chef", "document", reference, "--list", "--keep").code == 2
    assert town.run("chef", "document", reference, "arende", "--get", "1").code == 2


def test_document__to_a_pipe_and_kept(town):
    reference = town.judge()
    found = town.run("chef", "document", reference, "arende", "--keep", "--format", "html", "-o", "-")
    assert found.out.startswith("<!doctype html>")
    assert "som dokument 1" in found.err


def test_document__an_ending_that_is_no_format_is_refused_before_anything(town, tmp_path):
    reference = town.judge()
    for keep in ((), ("--keep",)):
        ended = town.run("chef", "document", reference, "arende", "-o", str(tmp_path / "x.foo"), *keep)
        assert (ended.code, ".foo" in ended.err, "docx" in ended.err) == (2, True, True)
    assert not (tmp_path / "x.foo").exists()
    assert "Sparade" not in town.do("chef", "document", reference)
    town.run("chef", "document", reference, "arende", "-o", str(tmp_path / "x.HTM"))
    assert (tmp_path / "x.HTM").read_text("utf-8").startswith("<!doctype html>")
    town.run("chef", "document", reference, "arende", "--format", "md", "-o", str(tmp_path / "x.foo"))
    assert (tmp_path / "x.foo").read_text("utf-8").startswith("# ")


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


def test_document__the_usual_one_need_not_be_named(town, tmp_path):
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
