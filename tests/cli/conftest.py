"""A small town to use `hjul` in: a training database made by the program itself, copied for each test."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.shell import hjul
from tests.cli.terminal import Terminal

NOW = "2026-11-23T09:00:00Z"
ORGANISATION = """\
typ;kod;namn;överenhet;inloggning;befattning;person;roll;enhet;ersätter;från;till
enhet;omsorg;Omsorgen;;;;;;;;2025-01-01;
enhet;bjork;Björkgården;omsorg;;;;;;;2025-01-01;
enhet;sol;Solhem;omsorg;;;;;;;2025-01-01;
person;admin;A. Ordnare;;ordnare;;;;;;2025-01-01;
person;p1;C. Chef;;chef;enhetschef;;;;;2025-01-01;
person;p2;U. Sköterska;;usk;undersköterska;;;;;2025-01-01;
person;p3;K. Samordnare;;kval;kvalitetssamordnare;;;;;2025-01-01;
person;p4;M. Ansvarig;;mas;MAS;;;;;2025-01-01;
person;p5;G. Granskare;;revisor;;;;;;2025-01-01;
roll;;;;;;admin;administrator;omsorg;;2025-01-01;
roll;;;;;;p1;enhetschef;bjork;;2025-01-01;
roll;;;;;;p3;kvalitetssamordnare;omsorg;;2025-01-01;
roll;;;;;;p4;mas;omsorg;;2025-01-01;
roll;;;;;;p5;revisor;omsorg;;2025-01-01;
"""
REPORT = {
    "fara_nu": "nej",
    "handelse": "Den boende fick fel dos {vid} frukosten",
    "intraffade": "2026-11-22 08:10",
    "omedelbara_atgarder": "Ringde sjuksköterskan",
    "art": "negativ_handelse",
    "skada": "?",
}
JUDGED = {
    "lagrum": "hsl",
    "kategori_hsl": "hsl_fall",
    "paverkan": "risk",
    "bedomning_av": "utfall",
    "sannolikhet": "2",
    "allvarlighet_hsl": "2",
    "missforhallande_misstanks": "nej",
    "vardskada_misstanks": "nej",
    "medbedomare": "mas",
    "enskild_informerad": "ja",
}


def sets(values):
    return [part for name, value in values.items() for part in ("--set", f"{name}={value}")]


@dataclass
class Town:
    """The town, and ways to speak to `hjul` in it."""

    database: Path
    monkeypatch: pytest.MonkeyPatch
    screens: list[Terminal] = field(default_factory=list)

    def env(self, login):
        return {"HJUL_DB": f"sqlite:///{self.database}", "HJUL_USER": login, "HJUL_NOW": NOW, "NO_COLOR": "1"}

    def run(self, login, *args, **settings):
        """Run a command as somebody, in a pipe unless said otherwise."""
        for name, value in self.env(login).items():
            self.monkeypatch.setenv(name, value)
        return hjul(self.monkeypatch, *args, **settings)

    def do(self, login, *args, **settings):
        """Run a command that is expected to be done; give what it printed."""
        ended = self.run(login, *args, **settings)
        assert ended.code == 0, ended.err
        return ended.out

    def json(self, login, *args):
        """Run a command that is expected to be done, with --json; give what it printed."""
        return json.loads(self.do(login, *args, "--json"))

    def sit(self, login, *args, **settings):
        """Sit down at a terminal."""
        self.screens.append(Terminal(*args, env=self.env(login), **settings))
        return self.screens[-1]

    def report(self, **changes):
        """Report a deviation at Björkgården; give its reference."""
        return self.do("usk", "new", "avvikelse", "--unit", "bjork", *sets(REPORT | changes)).strip()

    def judge(self, **changes):
        """Report one and judge it; give its reference."""
        reference = self.report()
        self.do("chef", "step", reference, "bedom", *sets(JUDGED | changes))
        return reference

    def investigate(self):
        """Bring one so far that its measure is carried out and nobody has judged the effect; give both references."""
        reference = self.judge()
        self.do("chef", "step", reference, "paborja_utredning", "--set", "utredare=usk")
        cause = {"omrade": "rutiner_riktlinjer", "beskrivning": "Listan saknades"}
        self.do("usk", "step", reference, "ange_orsak", *sets(cause))
        measure = {"vad": "Dubbelkontroll", "orsak": "Listan saknades", "typ": "rutin", "styrka": "medel"}
        action = self.do("chef", "new", "atgard", "--for", f"{reference}#orsaker.r1", *sets(measure)).strip()
        told = {"handelseforlopp": "Dosen gavs två gånger", "hant_tidigare": "ja", "kan_handa_igen": "ja"}
        self.do("usk", "step", reference, "slutfor_utredning", *sets(told))
        self.do("chef", "step", action, "besluta", "--set", "motivering=Ja")
        plan = {
            "ansvarig": "usk", "klart_senast": "2026-11-27", "uppfoljning_datum": "2026-12-18",
            "sa_vet_vi": "Inga feldoser", "mal_varde": "0",
        }  # fmt: skip
        self.do("chef", "step", action, "planera", *sets(plan))
        done = {"genomford_datum": "2026-11-23", "vad_gjordes": "Infört"}
        self.do("usk", "step", action, "genomfor", *sets(done))
        return reference, action


@pytest.fixture(scope="session")
def town_file(tmp_path_factory):
    """Make the town once."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "organisation.csv").write_text(ORGANISATION, "utf-8")
    with pytest.MonkeyPatch.context() as monkeypatch:
        town = Town(folder / "town.sqlite", monkeypatch)
        town.do(
            "ordnare", "init", "--training", "--name", "Provby", "--org", str(folder / "organisation.csv")
        )
    return folder / "town.sqlite"


@pytest.fixture
def town(town_file, tmp_path, monkeypatch):
    """Give a town of one's own."""
    database = tmp_path / "town.sqlite"
    with sqlite3.connect(town_file) as made, sqlite3.connect(database) as copy:
        made.backup(copy)
    made.close()
    copy.close()
    given = Town(database, monkeypatch)
    yield given
    for screen in given.screens:
        screen.leave()
