"""How fast pages are, and the whole way from submissions to grades, pages, report and export beside stock nbgrader's.

python benchmarks/pages.py [HOMEWORK] [--students 40] [--many 1000]

In one go, on one class in a folder of its own:

1. gradbook, from what was handed in to all that people read: grade, feedback, report and export, on two workers;
2. stock nbgrader on the same files: its two commands, autograde and generate_feedback;
3. the feedback pages of --many students, copies of the first: all of them, and once more with nothing changed.

Prints wall and processor seconds and the largest resident memory of each command, how many pages came of it, and both
wholes as a ratio. What misses a bar is said at the end, with exit code 1; the bars are for a thousand pages. It should
run where nothing else does.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from run import BIN, adopt, make_course, make_stock, measure

CPU, SIZE, WALL = 0.04, 120_000, 30  # seconds of a processor and characters for a page, seconds for a thousand
PICTURE = re.compile(r"data:image/[^\"]*")
OURS, STOCK = "gradbook", "stock nbgrader"


def main():
    options = parse()
    adopt()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="gradbook-benchmark-") as folder:
        course = make_course(Path(folder, "ours"), options.homework, options.students)
        ours = whole_way(course, options.homework)
        size = max(len(PICTURE.sub("", page.read_text())) for page in pages_in(course))
        beside = make_stock(Path(folder, "stock"), course, options.homework)
        stock = stock_way(beside, options.homework)
        written = {STOCK: len(pages_in(beside)), OURS: len(pages_in(course))}
        many = pages_of_many(course, options.homework, options.many)
    print(table({OURS: ours, STOCK: stock}, written, options.students))
    first, again = many["all"], many["same"]
    print(f"{many['count']} pages: {first['wall']:.1f} s, {first['cpu']:.1f} s of processors; once more, with nothing")
    print(f"changed: {again['wall']:.1f} s; the largest has {size} characters without its pictures")
    missed = missed_bars(many, size)
    print("\n".join(missed) or "every bar holds")
    return 1 if missed else 0


def parse():
    described = {"description": __doc__, "formatter_class": argparse.RawDescriptionHelpFormatter}
    parser = argparse.ArgumentParser(**described)
    parser.add_argument("homework", nargs="?", default="hw05_two_layer_relu", help="its id (default: %(default)s)")
    parser.add_argument("--students", type=int, default=40, help="in the class that both grade (default: %(default)s)")
    parser.add_argument("--many", type=int, default=1000, help="pages that are written last (default: %(default)s)")
    return parser.parse_args()


def pages_in(course):
    """The feedback pages that were written."""
    return sorted(course.glob("feedback/*/*/*.html"))


def whole_way(course, homework):
    """What each step took, from submissions to everything that people read."""
    steps = {
        "grades": ["grade", homework, "--workers", 2],
        "pages": ["feedback", homework, "--workers", 2],
        "report": ["report", homework],
        "export": ["export", homework, "--to", "nbgrader"],
    }
    return {name: measure([BIN / "gradbook", *command], course) for name, command in steps.items()}


def stock_way(course, homework):
    """What each of stock nbgrader's two commands took."""
    commands = ("autograde", "generate_feedback")
    return {command: measure([BIN / "nbgrader", command, homework], course) for command in commands}


def pages_of_many(course, homework, count):
    """What the pages of so many students take, the second time with nothing changed."""
    multiply(course, homework, count)
    command = [BIN / "gradbook", "feedback", homework, "--workers", 2]
    return {"count": count, "all": measure([*command, "--force"], course), "same": measure(command, course)}


def multiply(course, homework, count):
    """Give a graded class copies of its students, up to so many, each with what the gradebook holds."""
    import sqlalchemy as sa

    graded = sorted(path.parent.name for path in course.glob(f"autograded/*/{homework}"))
    engine = sa.create_engine(f"sqlite:///{course / 'gradebook.db'}")
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:

        def rows(name, **where):
            table = tables.tables[name]
            query = sa.select(table).where(*(table.c[column] == value for column, value in where.items()))
            return [dict(row) for row in connection.execute(query).mappings()]

        def add(name, row, **changed):
            connection.execute(sa.insert(tables.tables[name]).values({**row, **changed}))

        for number in range(len(graded), count):
            student = graded[number % len(graded)]
            copy = f"{student}-{number}"
            shutil.copytree(course / "autograded" / student / homework, course / "autograded" / copy / homework)
            add("student", *rows("student", id=student), id=copy)
            (record,) = rows("gradbook_record", student=student, homework=homework)
            document = json.dumps({**json.loads(record["document"]), "student": copy})
            add("gradbook_record", record, student=copy, document=document)
            (submitted,) = rows("submitted_assignment", student_id=student)
            (notebook,) = rows("submitted_notebook", assignment_id=submitted["id"])
            ids = {name: f"{row['id']}-{number}" for name, row in (("s", submitted), ("n", notebook))}
            add("submitted_assignment", submitted, id=ids["s"], student_id=copy)
            add("submitted_notebook", notebook, id=ids["n"], assignment_id=ids["s"])
            for name in ("grade", "comment"):
                for row in rows(name, notebook_id=notebook["id"]):
                    add(name, row, id=f"{row['id']}-{number}", notebook_id=ids["n"])


def missed_bars(many, size):
    cpu, wall = many["all"]["cpu"] / many["count"], many["all"]["wall"]
    bars = {
        f"{cpu:.3f} s of processor time a page, not {CPU}": cpu > CPU,
        f"{wall:.0f} s for {many['count']} pages, not {WALL} for a thousand": wall
        > WALL * max(many["count"] / 1000, 1),
        f"a page of {size} characters, not {SIZE}": size > SIZE,
    }
    return [line for line, misses in bars.items() if misses]


def table(ways, written, students):
    """A line for each step, in seconds for the class, and how the wholes compare."""
    lines = [f"| a class of {students} | wall, s | CPU, s | memory, MiB |", "|--|--|--|--|"]
    wholes = {who: whole(steps.values()) for who, steps in ways.items()}
    for who, steps in ways.items():
        lines += [row(f"{who}: {name}", used) for name, used in steps.items()]
        lines.append(row(f"{who}, all, {written[who]} pages", wholes[who]))
    ratio = {key: wholes[STOCK][key] / wholes[OURS][key] for key in ("wall", "cpu")}
    return "\n".join([*lines, f"| {STOCK} / {OURS} | {ratio['wall']:.1f} | {ratio['cpu']:.1f} | |"])


def whole(steps):
    """Steps one after the other."""
    steps = list(steps)
    added = {key: sum(used[key] for used in steps) for key in ("wall", "cpu")}
    return {**added, "memory": max(used["memory"] for used in steps)}


def row(name, used):
    return f"| {name} | {used['wall']:.1f} | {used['cpu']:.1f} | {used['memory']:.0f} |"


if __name__ == "__main__":
    sys.exit(main())
