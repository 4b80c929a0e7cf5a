"""What is kept of a grading: scores and comments in nbgrader's gradebook, and the findings beside them.

The record of a submission stands in a table of its own in the same database, and is written in the same
transaction as its grades: it is there if and only if the grades are.
"""

import hashlib
import json
import warnings
from functools import cache

from .errors import GradbookError


@cache
def _table():
    import sqlalchemy as sa

    return sa.Table(
        "gradbook_record",
        sa.MetaData(),
        sa.Column("homework", sa.String(128), primary_key=True),
        sa.Column("student", sa.String(128), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )


def prepare(gradebook, homework_id):
    """Make sure the gradebook can take grades of this homework. Raises GradbookError where it cannot."""
    from nbgrader.api import MissingEntry

    _table().create(gradebook.engine, checkfirst=True)
    try:
        gradebook.find_notebook(homework_id, homework_id)
    except MissingEntry:
        raise GradbookError(f"the gradebook does not know {homework_id}; run: gradbook build {homework_id}") from None


def digests(gradebook, homework_id):
    """Student -> digest of what was graded last."""
    import sqlalchemy as sa

    table = _table()
    rows = gradebook.db.execute(sa.select(table.c.student, table.c.digest).where(table.c.homework == homework_id))
    return {student: digest for student, digest in rows}


def documents(gradebook, homework_id):
    """The records of a homework, sorted by student: dicts as `document` makes them."""
    import sqlalchemy as sa

    table = _table()
    query = sa.select(table.c.document).where(table.c.homework == homework_id).order_by(table.c.student)
    return [json.loads(text) for (text,) in gradebook.db.execute(query)]


def document(student, homework_id, graded):
    """A grading as plain data: what `gradbook grade --json` prints."""
    return {
        "student": student,
        "homework": homework_id,
        "score": graded.score,
        "max_score": graded.max_score,
        "checks": [f.as_dict() for f in graded.findings],
        "flags": graded.flags + ([graded.problem] if graded.problem else []),
        "seconds": round(graded.seconds, 4),
    }


def save(gradebook, student, homework_id, graded, timestamp, digest):
    """Write grades, comments and the record of one submission, all or nothing."""
    import sqlalchemy as sa

    gradebook.update_or_create_student(student)
    kwargs = {"timestamp": timestamp} if timestamp else {}
    with warnings.catch_warnings():
        # nbgrader builds a submission before it adds it, which SQLAlchemy remarks on and which does no harm.
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        gradebook.update_or_create_submission(homework_id, student, **kwargs)
    submission = gradebook.find_submission_notebook(homework_id, homework_id, student)
    by_task = {}
    for finding in graded.findings:
        by_task.setdefault(finding.task, []).append(finding)
    for grade in submission.grades:
        findings = by_task.get(grade.name.removeprefix("check_"), [])
        grade.auto_score = min(float(sum(f.points for f in findings)), float(grade.cell.max_score))
        grade.needs_manual_grade = grade.manual_score is not None
    for comment in submission.comments:
        comment.auto_comment = auto_comment(comment.name, graded)
    table = _table()
    key = {"homework": homework_id, "student": student}
    text = json.dumps(document(student, homework_id, graded))
    gradebook.db.execute(sa.delete(table).where(table.c.homework == homework_id, table.c.student == student))
    gradebook.db.execute(sa.insert(table).values(**key, digest=digest, document=text))
    gradebook.db.commit()


def auto_comment(cell_name, graded):
    """The findings about what one solution cell defines, as a comment: escaped Markdown, or None."""
    wrong = [f for f in graded.findings if f.outcome != "right" and f.about.split(".")[0] == cell_name]
    if not wrong:
        return None
    return "\n\n".join(_literal(f"{f.call}: {f.hint}") for f in wrong)


def _literal(text):
    """Text that Markdown and HTML show as it is."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join("\\" + c if c in "\\`*_{}[]()#+-!|$" else c for c in escaped)


def digest_of(data, version):
    """What tells one state of a submission, under one version of course and checks, from another."""
    return hashlib.sha256(version.encode() + b"\0" + data).hexdigest()
