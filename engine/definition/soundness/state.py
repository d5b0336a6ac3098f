"""States: each can be reached, leads to an end, and expects only what can be done there."""

from __future__ import annotations

from typing import Final

from engine.definition.soundness.survey import Survey, remedy

BROKEN: Final = (
    "definition.unknown_state", "definition.leads_nowhere", "definition.to_and_stays",
    "definition.opening_with", "definition.comes_from_nowhere",
)  # fmt: skip
"""What a step can lack so that nothing can be said about which states follow on which."""


def inspect_states(survey: Survey) -> None:
    """Note what is wrong with the states."""
    process, flow = survey.process, survey.flow
    for key in process.states:
        _inspect_expectations(survey, key)
    if any(problem.message.id in BROKEN for problem in survey.found):
        return
    if not process.opening_steps:
        survey.say(("steps",), "no_opening_step", remedy("opens"), key=True)
        return
    if not any(state.final for state in process.states.values()):
        survey.say(("states",), "no_final_state", remedy("final"), key=True)
    for key, state in process.states.items():
        at = ("states", key)
        if key not in flow.reachable:
            survey.say(at, "unreachable_state", remedy("reach"), key=True, state=state.label)
        elif key not in flow.ending and any(other.final for other in process.states.values()):
            survey.say(at, "state_without_end", remedy("end"), key=True, state=state.label)
    for key, state in process.states.items():
        if state.undone and not state.final:
            survey.say(
                ("states", key, "undone"), "undone_open", remedy("undone_open"), key=True, state=state.label
            )


def _inspect_expectations(survey: Survey, key: str) -> None:
    process = survey.process
    state = process.states[key]
    if state.final and state.expects:
        survey.say(
            ("states", key, "expects"), "final_expects", remedy("final_expects"), key=True, state=state.label
        )
        return
    seen: set[tuple[str, str]] = set()
    for index, expectation in enumerate(state.expects):
        at = ("states", key, "expects", index, "step")
        if not survey.demand(at, "step", expectation.step, process.steps):
            continue
        if key not in process.sources[expectation.step]:
            step = process.steps[expectation.step]
            survey.say(
                at, "expects_impossible", remedy("from_here", state=key), step=step.label, state=state.label
            )
        if expectation.reads_others(process.steps):
            survey.say(
                ("states", key, "expects", index), "expects_elsewhere", remedy("write_here"),
                step=process.steps[expectation.step].label, state=state.label,
            )  # fmt: skip
        what = (expectation.step, repr((expectation.when, expectation.by)))
        if what in seen:
            survey.say(at, "expected_twice", step=process.steps[expectation.step].label)
        seen.add(what)
