"""Grading one notebook: the submitted cells in, findings and the notebook to show out.

Every way of grading (nbgrader, formgrader, the batch runner) calls `grade_notebook`.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from ..course.findings import NOT_HANDED_IN, Finding, Graded
from ..errors import ChildLost, SandboxDied, StudentError, UnreadableNotebook
from ..homework.source import PUBLIC_CHECK
from ..homework.syntax import meant_names
from ..intake.cells import DEMONSTRATION, by_hand_points, is_answer, marks, task_of
from ..intake.mending import restore
from ..intake.notebook import read_submission
from ..intake.recognition import knows, unanswered
from ..judging.bindings import Sources
from ..judging.judge import judge
from ..judging.observations import Observations
from ..judging.once import tell_once
from ..pages.findings import finding_html, finding_text
from ..sandbox import bounds
from ..sandbox.guest.text import plain
from ..sandbox.session import Session
from .outputs import Room

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from ..homework.declare import Homework
    from ..intake.cells import Cell
    from ..intake.pieces import Mended
    from ..intake.release import Release
    from ..sandbox.children import Children


def grade_submission(
    handed_in: bytes | str, observations: Observations, release: Release, worker: Children, demonstrations: bool = False
) -> Graded:
    """Grade what was handed in, see `notebook.submission`; where that is no notebook, the reason goes with a 0.

    demonstrations: run the demonstration cells too, after all that counts.
    """
    try:
        cells, problem = read_submission(handed_in), ""
    except UnreadableNotebook as error:
        cells, problem = [], str(error)
    return grade_notebook(cells, observations, release, worker, demonstrations, problem)


def grade_notebook(
    cells: list[Cell],
    observations: Observations,
    release: Release,
    worker: Children,
    demonstrations: bool = False,
    problem: str = "",
) -> Graded:
    """Grade a submission's cells (see `notebook.read_submission`) in the worker's sandbox."""
    import nbformat

    start = time.monotonic()
    notebook, mended = restore(cells, release)
    by_hand = by_hand_points(release.notebook)
    graded = Graded(notebook, [], problem=plain(problem), by_hand=float(sum(by_hand.values())))
    graded.unanswered = list(by_hand) if problem else unanswered(cells, release)
    if not problem and not knows(cells, release):
        graded.flags.append("does not look like this homework; is it another homework's notebook?")
    if problem:
        graded.findings = _unreadable(observations.homework, problem)
    else:
        graded.flags += mended.flags
        _run(notebook, observations, worker, graded, mended, demonstrations)
    tell_once(graded.findings)
    graded.findings = [finding.writable() for finding in graded.findings]
    graded.flags = [plain(flag) for flag in graded.flags]
    graded.seconds = time.monotonic() - start
    _annotate(notebook, graded)
    graded.text = nbformat.v4.writes(notebook) + "\n"
    return graded


def _unreadable(homework: Homework, problem: str) -> list[Finding]:
    hint = problem[0].upper() + problem[1:] + "."
    return [Finding.of(check, "not graded", hint) for check in homework.checks]


def _run(
    notebook: NotebookNode,
    observations: Observations,
    worker: Children,
    graded: Graded,
    mended: Mended,
    demonstrations: bool,
) -> None:
    for _ in range(2):
        try:
            # The sandbox is not to inherit what bounds this process.
            worker.warm()
            graded.sandbox = worker.level or ""
            with Session(worker) as session, bounds.memory():
                room = Room()
                sources, failures = _run_cells(notebook, session, graded.flags, room)
                failures |= {name: ChildLost(NOT_HANDED_IN) for name in mended.missing}
                verdict = judge(observations, session, sources, failures, lost_names=mended.lost_names)
                graded.findings = list(verdict)
                graded.flags += verdict.flags
                if demonstrations:
                    _demonstrate(notebook, session, room)
            graded.cpu, graded.memory = session.usage["cpu"], session.usage["memory"]
            graded.cut = session.cut
            return
        except SandboxDied:
            graded.flags = [flag for flag in graded.flags if not flag.startswith("cell ")]
    # Where none can be started any more, the next submission ends the run; this one must not.
    graded.problem = "the sandbox ended twice while this was graded; please look at it by hand"
    graded.findings = _unreadable(observations.homework, graded.problem)


def _run_cells(
    notebook: NotebookNode, session: Session, flags: list[str], room: Room
) -> tuple[Sources, dict[str, StudentError | ChildLost]]:
    """Run what the checks need. Returns the sources by number, and by definition why its cell failed."""
    sources = Sources()
    failures: dict[str, StudentError | ChildLost] = {}
    for number, cell in enumerate(notebook.cells):
        name = marks(cell).get("grade_id", "")
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        own = not marks(cell).get("locked")
        if name.startswith((PUBLIC_CHECK, DEMONSTRATION)):
            sources.given[number] = cell.source
            sources.unrun.add(number)
            continue
        (sources if own else sources.given)[number] = cell.source
        try:
            outputs, error = session.run(number, cell.source)
        except ChildLost as lost:
            outputs, error = [], lost
        cell.outputs = room.clean(outputs)
        cell.execution_count = None
        if error is not None:
            failures |= dict.fromkeys([name, *meant_names(cell.source)], error)
            sources.failed[number] = error
        if isinstance(error, ChildLost):
            flags.append(f"cell {number + 1} {error.reason}")
    return sources, failures


def _demonstrate(notebook: NotebookNode, session: Session, room: Room) -> None:
    """Run the demonstration cells for what they show, where no hidden input has been."""
    session.restart()
    for number, cell in enumerate(notebook.cells):
        if marks(cell).get("grade_id", "").startswith(DEMONSTRATION):
            with contextlib.suppress(ChildLost):
                cell.outputs = room.clean(session.run(number, cell.source)[0])


def _annotate(notebook: NotebookNode, graded: Graded) -> None:
    """Put score and findings into the graded cells, where nbgrader and formgrader look for them."""
    from nbformat import from_dict

    by_task = graded.by_task()
    for cell in notebook.cells:
        metadata = marks(cell)
        if not metadata.get("grade") or is_answer(metadata):
            continue
        findings = by_task.get(task_of(metadata["grade_id"]), [])
        score = min(max(float(sum(f.points for f in findings)), 0.0), float(metadata["points"]))
        shown = {"text/plain": finding_text(findings), "text/html": finding_html(findings)}
        worth = {"data": {"text/plain": repr(score)}, "metadata": {}, "execution_count": None}
        cell.outputs = [
            from_dict({"output_type": "display_data", "data": shown, "metadata": {}}),
            from_dict({"output_type": "execute_result", **worth}),
        ]
