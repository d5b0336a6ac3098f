"""What people do with deviations and measures, as calls of the service: the mix that steps are measured on.

One `Lot` is a mix as it comes in everyday work: a minor deviation judged and closed, one judged and put under
investigation with a cause and a note, one that goes from finished investigation through its measure to the end,
and a new report. Must not know the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.town import Town, manager, unit_code, worker
from engine.service.case import CaseService

REPORT: Final = {
    "fara_nu": "nej",
    "handelse": "Den boende hittades på golvet bredvid sängen när nattpersonalen gick sin rond. Larmmattan var "
                "inte inkopplad. Hon sade att hon ville gå på toaletten och inte nådde larmet.",
    "intraffade": "2026-03-01 22:15",
    "omedelbara_atgarder": "Hjälptes upp med lyft, sjuksköterska ringdes, larmmattan kopplades in.",
    "art": "negativ_handelse",
    "skada": "nej",
    "kategori": "fall",
    "plats": "Sovrummet",
}  # fmt: skip
MINOR: Final = {
    "lagrum": "sol",
    "kategori_sol": "sol_insats_sen",
    "paverkan": "ingen",
    "bedomning_av": "utfall",
    "sannolikhet": "2",
    "allvarlighet_sol": "2",
    "missforhallande_misstanks": "nej",
    "enskild_informerad": "ja",
}
SERIOUS: Final = {
    **MINOR,
    "sannolikhet": "3",
    "allvarlighet_sol": "3",
    "motivering_ingen_misstanke": "Insatsen gavs av kollegan inom en timme och den enskilde led ingen skada.",
}
CAUSE: Final = {
    "omrade": "rutiner_riktlinjer",
    "beskrivning": "Rutinen för larmmattan är inte känd av dem som arbetar på natten.",
}
MEASURE: Final = {
    "vad": "Larmmattan kontrolleras på nattronden med en rad på checklistan",
    "orsak": "Rutinen är okänd på natten",
    "typ": "rutin",
    "styrka": "medel",
}
INVESTIGATED: Final = {
    "handelseforlopp": "Larmmattan kopplades ur vid städning och kopplades inte in igen före kvällen.",
    "hant_tidigare": "?",
    "kan_handa_igen": "ja",
}
PLAN: Final = {
    "klart_senast": "2026-04-01",
    "uppfoljning_datum": "2026-05-04",
    "sa_vet_vi": "Antal nätter utan inkopplad larmmatta enligt checklistan.",
    "mal_varde": "0 av 28",
}
DONE: Final = {"genomford_datum": "2026-03-02", "vad_gjordes": "En rad på checklistan, genomgång på mötet."}
EFFECT: Final = {
    "effekt": "ja",
    "underlag": "antal",
    "motivering_effekt": "Ingen natt utan inkopplad matta på fyra veckor.",
    "fortsatt": "klar",
}
CLOSED: Final = {
    "samlad_effekt": "ja",
    "larande": "Mattan kontrolleras varje kväll och natt.",
    "aterkopplad": "2026-03-01",
    "aterkopplad_hur": "apt",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One call of the service by one person."""

    person: str
    name: str
    call: Callable[[CaseService], Any]

    def do(self, town: Town) -> Any:
        """Make the call."""
        with town.acting(self.person) as cases:
            return self.call(cases)


@dataclass(frozen=True, slots=True)
class Lot:
    """The cases that a mix is done on, by reference, and where."""

    unit: int
    minor: str
    serious: str
    investigated: str
    measure: str

    def acts(self) -> tuple[Act, ...]:
        """What is measured, in order."""
        chief = manager(self.unit)
        return (
            _opening(self.unit),
            _step(chief, self.minor, "bedom", MINOR),
            _step(
                chief,
                self.minor,
                "avsluta_ringa",
                {"slutsats": "Enstaka.", "ingen_atgard_motivering": "Rutinen finns och följs."},
            ),
            _step(chief, self.serious, "bedom", SERIOUS),
            _step(chief, self.serious, "paborja_utredning", {"utredare": worker(self.unit)}),
            _step(worker(self.unit), self.serious, "ange_orsak", CAUSE),
            Act(
                chief,
                "note",
                lambda cases: cases.add_entry(
                    self.serious, "samtal", "Samtal med personalen om larmmattan.", "Samtal", judgement=False
                ),
            ),
            _step(worker(self.unit), self.investigated, "slutfor_utredning", INVESTIGATED),
            _step(chief, self.measure, "besluta", {"motivering": "Enkelt och prövat."}),
            _step(chief, self.measure, "planera", {"ansvarig": worker(self.unit), **PLAN}),
            _step(worker(self.unit), self.measure, "genomfor", DONE),
            _step(chief, self.measure, "folj_upp", EFFECT),
            _step("verksamhetschef", self.investigated, "avsluta", CLOSED),
        )


def prepare(town: Town, unit: int) -> Lot:
    """Bring cases at a unit to where a mix begins."""
    minor, serious, investigated = (_opening(unit).do(town).reference for _ in range(3))
    chief = manager(unit)
    _step(chief, investigated, "bedom", SERIOUS).do(town)
    _step(chief, investigated, "paborja_utredning", {"utredare": worker(unit)}).do(town)
    _step(worker(unit), investigated, "ange_orsak", CAUSE).do(town)
    opened = Act(
        chief,
        "foresla",
        lambda cases: cases.open_case("atgard", values=MEASURE, link_to=investigated, link_row="orsaker.r1"),
    ).do(town)
    return Lot(unit, minor, serious, investigated, opened.reference)


def _opening(unit: int) -> Act:
    return Act(
        worker(unit),
        "rapportera",
        lambda cases: cases.open_case("avvikelse", unit=unit_code(unit), values=REPORT),
    )


def _step(person: str, reference: str, step: str, values: Mapping[str, Any]) -> Act:
    return Act(person, step, lambda cases: cases.take_step(reference, step, values=values))
