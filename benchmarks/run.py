"""How fast grading is, as ratios in one run: stock nbgrader, ours through nbgrader, and ours in batch.

python benchmarks/run.py [HOMEWORK ...] [--students 40] [--repeat 3] [--scaling 10 100 1000] [--out FOLDER]

Makes a class (right, wrong, slow, broken) of each homework in a folder of its own, grades it in every way in turn,
prints a table, and writes results.json and results.png, in which those that are not measured now stay as they were.
What misses a bar is said at the end, with exit code 1.
"""

import argparse
import contextlib
import ctypes
import itertools
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FLOOR = ("hw01_shallow_narrow", "hw05_two_layer_relu")  # where the least that grading can cost is measured, too
SCALED = "hw01_shallow_narrow"
STOCK, THROUGH, BATCH = "stock nbgrader", "nbgrader, our classes", "gradbook, 2 workers"
BUILT, BARE = "gradbook, just built", "gradbook, nothing worked out"
PR_SET_CHILD_SUBREAPER = 36
SLOW = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end:\n    pass"


def main():
    options = parse()
    adopt()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    results, found = Results(options), {}
    with tempfile.TemporaryDirectory(prefix="gradbook-benchmark-") as folder:
        for homework in options.homework or ready():
            found[homework] = compare(Path(folder), homework, options)
            results.add(homework, found[homework])
            print(table_of_ways({homework: found[homework]}), flush=True)
        if options.scaling:
            results["scaling"] = scaling(Path(folder), options)
            results.write()
            print(table_of_scaling(results["scaling"]))
    print(table_of_homeworks(found))
    missed = [line for homework, ways in found.items() for line in missed_bars(homework, ways, options)]
    print("\n".join(missed) or "every bar holds")
    return 1 if missed else 0


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("homework", nargs="*", help="ids (default: all whose code can run here)")
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--scaling", type=int, nargs="*", default=[], help="sizes of further classes")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    return parser.parse_args()


def ready():
    """The ids of the homeworks for which all is installed."""
    from gradbook.errors import GradbookError
    from gradbook.homework.loading import Library

    library = Library(ROOT)
    for homework in library.every():
        try:
            library.needs(homework).require_modules()
            yield homework
        except GradbookError as error:
            print(f"left out: {error}", file=sys.stderr)


def machine():
    """Its cores, and its memory in GiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"cores": len(os.sched_getaffinity(0)), "memory": round(memory)}


class Results(dict):
    """What was measured, as results.json has it. measured: homework -> when, where, how large and how often."""

    def __init__(self, options):
        self.folder = options.out
        self.folder.mkdir(parents=True, exist_ok=True)
        before = self.folder / "results.json"
        kept = json.loads(before.read_text()) if before.exists() else {}
        super().__init__({"measured": {}, "ways": {}, "scaling": {}} | kept)
        self.now = {"date": date.today().isoformat(), **machine(), "python": platform.python_version()}
        self.now |= {"students": options.students, "repeat": options.repeat}

    def add(self, homework, ways):
        """Take in what was measured of a homework."""
        for kind, found in (("measured", self.now), ("ways", ways)):
            self[kind] = dict(sorted({**self[kind], homework: found}.items()))
        draw(self["ways"], self.folder / "results.png")
        self.write()

    def write(self):
        (self.folder / "results.json").write_text(json.dumps(self, indent=1) + "\n")


# ---------------------------------------------------------------- classes


def make_course(folder, homework, students):
    """A course folder with a class: right, wrong, slow and broken submissions."""
    import nbformat

    folder.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    for name in ("source", "solutions", "autograder"):
        shutil.copytree(ROOT / name, folder / name)
    gradbook = BIN / "gradbook"
    subprocess.run([gradbook, "build", homework], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    made = [gradbook, "sample-class", homework, "--students", str(students)]
    subprocess.run(made, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    for path in sorted((folder / "submitted").glob(f"*/{homework}/*.ipynb"))[::10]:
        with contextlib.suppress(nbformat.reader.NotJSONError):  # one of the broken ones
            notebook = nbformat.read(path, as_version=4)
            notebook.cells.append(nbformat.v4.new_code_cell(SLOW))
            nbformat.write(notebook, path)
    return folder


def make_stock(folder, ours, homework):
    """The same class for stock nbgrader: its own classes, the checks in the hidden tests of the graded cells."""
    import nbformat

    folder.mkdir()
    config = "c = get_config()\nc.CourseDirectory.ignore = ['lesson.md', '__pycache__']\nc.Execute.timeout = 60\n"
    (folder / "nbgrader_config.py").write_text(config)
    source = folder / "source" / homework
    shutil.copytree(ours / "source" / homework, source)
    path = source / f"{homework}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name.startswith("check_"):
            call = f"import sys; sys.path.insert(0, {str(ROOT / 'benchmarks')!r}); import in_kernel"
            ask = f"in_kernel.points({homework!r}, {name.removeprefix('check_')!r}, globals())"
            cell.source = f"### BEGIN HIDDEN TESTS\n{call}\n{ask}\n### END HIDDEN TESTS"
    nbformat.write(notebook, path)
    subprocess.run([BIN / "nbgrader", "generate_assignment", homework], cwd=folder, check=True, capture_output=True)
    shutil.copytree(ours / "submitted", folder / "submitted")
    return folder


# ---------------------------------------------------------------- measuring


def adopt():
    """Have what this process starts stay below it, whatever ends in between, so that `measure` counts it all."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def measure(command, cwd):
    """Wall seconds, processor seconds of all that was started, and the largest resident memory, in MiB."""
    start = time.monotonic()
    process = subprocess.Popen(list(map(str, command)), cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    wall, cpu, memory = time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss
    process.returncode = 0
    while True:
        try:
            _, _, used = os.wait4(-1, 0)
        except ChildProcessError:
            return {"wall": wall, "cpu": cpu, "memory": memory / 1024}
        cpu += used.ru_utime + used.ru_stime


def median(runs):
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def compare(folder, homework, options):
    """Every way of grading one class, as the median of the repeats, per submission for seconds."""
    ours = make_course(folder / f"ours-{homework}", homework, options.students)
    stock = make_stock(folder / f"stock-{homework}", ours, homework)
    built = Kept(ours)
    grade = [BIN / "gradbook", "grade", homework, "--force", "--workers"]
    # Those that find something worked out come after those that are to find less.
    ways = {
        STOCK: ([BIN / "nbgrader", "autograde", homework, "--force"], stock, None),
        BARE: ([*grade, 2], ours, built.clear),
        BUILT: ([*grade, 2], ours, built.restore),
        BATCH: ([*grade, 2], ours, None),
        "gradbook, 1 worker": ([*grade, 1], ours, None),
        THROUGH: ([BIN / "nbgrader", "autograde", homework, "--force"], ours, None),
    }
    if homework in FLOOR:
        ways["floor"] = ([sys.executable, ROOT / "benchmarks" / "floor.py", ours, homework], ours, None)
    runs, alone = {name: [] for name in ways}, []
    for number in range(options.repeat):
        for name, (command, cwd, first) in ways.items():
            print(f"{homework}: {name}, run {number + 1} of {options.repeat}", file=sys.stderr)
            if first:
                first()
            runs[name].append(measure(command, cwd))
        alone.append(medians(ours, homework))
    found = {name: each(median(used), options.students) for name, used in runs.items()}
    found[BATCH]["median"] = median(alone)["both"]
    return found


def medians(course, homework):
    """Processor seconds of a submission in the median of the class, see each.py."""
    command = [sys.executable, ROOT / "benchmarks" / "each.py", course, homework]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


class Kept:
    """What `gradbook build` has worked out in a course, to be put back as it was."""

    def __init__(self, course):
        self.place, self.copy = course / ".gradbook" / "known", course / "known-as-built"
        shutil.copytree(self.place, self.copy)

    def clear(self):
        shutil.rmtree(self.place, ignore_errors=True)

    def restore(self):
        self.clear()
        shutil.copytree(self.copy, self.place)


def each(used, submissions):
    """The same, with the seconds for one submission."""
    return {**used, "wall": used["wall"] / submissions, "cpu": used["cpu"] / submissions}


def scaling(folder, options):
    """Classes of several sizes, in batch, and two submissions, one for each worker: that is the start-up."""
    return {number: scale(folder, number, options.repeat) for number in (2, *options.scaling)}


def scale(folder, students, repeat):
    """What one class of this size takes, with two workers and with one, as the median of the repeats."""
    course = make_course(folder / f"scale-{students}", SCALED, students)
    command = [BIN / "gradbook", "grade", SCALED, "--force", "--workers"]
    runs = {2: [], 1: []}
    for number in range(repeat):
        for workers in runs:
            print(f"{students} submissions, {workers} workers, run {number + 1} of {repeat}", file=sys.stderr)
            runs[workers].append(measure([*command, workers], course))
    return {workers: median(found) for workers, found in runs.items()}


# ---------------------------------------------------------------- bars


def missed_bars(homework, ways, options):
    """What a homework's class misses of what it should keep to, as lines."""
    stock, ours = ways[STOCK], ways[BATCH]
    more = {name: (ways[name]["cpu"] - ours["cpu"]) * options.students for name in (BUILT, BARE)}
    bars = {
        f"{stock['wall'] / ours['wall']:.1f} times as fast as stock nbgrader, not 20": stock["wall"]
        < 20 * ours["wall"],
        f"1/{stock['cpu'] / ours['cpu']:.1f} of its processor time, not 1/10": stock["cpu"] < 10 * ours["cpu"],
        f"{ours['median']:.2f} s of processor time in the median submission, not 0.25": ours["median"] > 0.25,
        f"{more[BUILT]:.1f} s more processor time after the build than warm, not 5": more[BUILT] > 5,
        f"{more[BARE]:.1f} s more where nothing is worked out, not 5": more[BARE] > 5,
    }
    return [f"{homework}: {line}" for line, misses in bars.items() if misses]


# ---------------------------------------------------------------- showing


def table_of_ways(found):
    lines = []
    for homework, ways in found.items():
        stock = ways["stock nbgrader"]
        lines.append(f"| {homework} | wall, s | CPU, s | memory, MiB | wall against stock | CPU against stock |")
        lines.append("|--|--|--|--|--|--|")
        for name, used in ways.items():
            ratios = f"{stock['wall'] / used['wall']:.1f} times | {stock['cpu'] / used['cpu']:.1f} times"
            lines.append(f"| {name} | {used['wall']:.3f} | {used['cpu']:.3f} | {used['memory']:.0f} | {ratios} |")
        lines.append("")
    return "\n".join(lines)


def table_of_homeworks(found):
    """A line a homework: stock and ours, for one submission."""
    lines = [
        "| homework | stock, wall, s | ours, wall, s | times as fast | stock, CPU, s | ours, CPU, s | times less "
        "| CPU of the median submission, s |"
    ]
    lines.append("|--|--|--|--|--|--|--|--|")
    for homework, ways in found.items():
        stock, ours = ways[STOCK], ways[BATCH]
        walls = f"{stock['wall']:.2f} | {ours['wall']:.3f} | {stock['wall'] / ours['wall']:.0f}"
        cpus = f"{stock['cpu']:.2f} | {ours['cpu']:.3f} | {stock['cpu'] / ours['cpu']:.0f}"
        lines.append(f"| {homework} | {walls} | {cpus} | {ours['median']:.3f} |")
    return "\n".join(lines) + "\n"


def table_of_scaling(found):
    """With what each further submission takes: the difference to the class before, for one of those in between."""
    lines = ["| submissions | wall, s | CPU, s | memory, MiB | wall, s each | CPU, s each | 2 workers against 1 |"]
    lines.append("|--|--|--|--|--|--|--|")
    for before, number in itertools.pairwise([None, *found]):
        used, alone = found[number][2], found[number][1]
        line = f"| {number} | {used['wall']:.1f} | {used['cpu']:.1f} | {used['memory']:.0f} |"
        if before:
            more = {key: used[key] - found[before][2][key] for key in ("wall", "cpu")}
            line += " {wall:.4f} | {cpu:.4f} |".format(**each(more, number - before))
        else:
            line += " | |"
        lines.append(f"{line} {alone['wall'] / used['wall']:.2f} times |")
    return "\n".join(lines)


def draw(ways, path):
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    colors = {STOCK: "#999999", THROUGH: "#e69f00", BATCH: "#0072b2"}
    figure, axes = plt.subplots(1, 2, figsize=(11, 1.2 + 0.55 * len(ways)), sharey=True)
    for axis, kind, title in zip(axes, ("wall", "cpu"), ("seconds of wall time", "seconds of processor"), strict=True):
        for shift, (way, color) in zip((-0.27, 0, 0.27), colors.items(), strict=True):
            rows = [row + shift for row in range(len(ways))]
            bars = axis.barh(rows, [w[way][kind] for w in ways.values()], 0.25, color=color, label=way)
            axis.bar_label(bars, fmt="%.2f", padding=3, fontsize=8)
        axis.set(xscale="log", xlabel=f"{title}, a submission (log)", yticks=range(len(ways)))
        axis.set_yticklabels([homework.partition("_")[0] for homework in ways])
        axis.margins(x=0.15)
    axes[0].invert_yaxis()
    figure.legend(*axes[0].get_legend_handles_labels(), loc="upper center", ncols=3, frameon=False)
    figure.tight_layout(rect=(0, 0, 1, 0.94))
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    sys.exit(main())
