"""SpiffWorkflow with its state kept in SQLite: a case through six user tasks. Arguments: a new file, how many."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

STEPS = ("report", "judge", "begin", "find", "note", "end")
VALUES = {
    "text": "Den boende hittades på golvet bredvid sängen när nattpersonalen gick sin rond.",
    "code": "fall",
}
TASKS = "".join(f'<userTask id="{step}" name="{step}"/>' for step in STEPS)
WAY = ("start", *STEPS, "over")
FLOWS = "".join(
    f'<sequenceFlow id="f{number}" sourceRef="{here}" targetRef="{there}"/>'
    for number, (here, there) in enumerate(pairwise(WAY))
)
BPMN = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="peer">'
    f'<process id="case" isExecutable="true"><startEvent id="start"/>{TASKS}<endEvent id="over"/>{FLOWS}</process>'
    "</definitions>"
)


def run(cases: int) -> None:
    """Take so many cases through all tasks, read from the database and written to it at each."""
    for _ in range(cases):
        key = None
        for step in STEPS:
            raw.execute("BEGIN IMMEDIATE")
            if key is None:
                workflow = BpmnWorkflow(spec)
                workflow.do_engine_steps()
            else:
                (kept,) = raw.execute("SELECT state FROM cases WHERE id = ?", (key,)).fetchone()
                workflow = serializer.deserialize_json(kept)
            task = workflow.get_next_task(state=TaskState.READY, manual=True)
            task.data[step] = VALUES
            task.run()
            workflow.do_engine_steps()
            state = serializer.serialize_json(workflow)
            if key is None:
                key = raw.execute("INSERT INTO cases (state) VALUES (?)", (state,)).lastrowid
            else:
                raw.execute("UPDATE cases SET state = ? WHERE id = ?", (state, key))
            raw.execute(
                "INSERT INTO log (case_id, step, by, at, said) VALUES (?, ?, 'p001', ?, ?)",
                (key, step, datetime.now(UTC).isoformat(), json.dumps(VALUES)),
            )
            raw.execute("COMMIT")


parser = BpmnParser()
parser.add_bpmn_xml(etree.parse(BytesIO(BPMN.encode())))
spec = parser.get_spec("case")
serializer = BpmnWorkflowSerializer()
raw = sqlite3.connect(sys.argv[1], isolation_level=None)
raw.execute("CREATE TABLE cases (id INTEGER PRIMARY KEY, state TEXT)")
raw.execute(
    "CREATE TABLE log (id INTEGER PRIMARY KEY, case_id INTEGER, step TEXT, by TEXT, at TEXT, said TEXT)"
)
run(3)
began = time.perf_counter()
run(int(sys.argv[2]))
print(time.perf_counter() - began)
