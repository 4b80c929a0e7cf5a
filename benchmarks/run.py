"""How fast grading is, as ratios in one run: stock nbgrader, ours through nbgrader, ours in batch, and the floor.

python benchmarks/run.py [--students 40] [--repeat 5] [--scaling 10 100 1000] [--scaling-repeat 5] [--out FOLDER]

Makes a class (right, wrong, slow, broken) of each homework in a folder of its own, grades it in every way, prints a
table, and writes results.json and results.png.
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
HOMEWORKS = ("hw05_two_layer_relu", "hw01_shallow_narrow")
PR_SET_CHILD_SUBREAPER = 36
SLOW = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end:\n    pass"


def main():
    options = parse()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    results = {"date": date.today().isoformat(), **machine(), "python": platform.python_version()}
    results["repeat"] = {"ways": options.repeat, "scaling": options.scaling_repeat}
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gradbook-benchmark-") as folder:
        results["ways"] = {h: compare(Path(folder), h, options) for h in HOMEWORKS}
        print(table_of_ways(results["ways"]), flush=True)
        draw(results, options.out / "results.png")
        results["scaling"] = scaling(Path(folder), options)
        print(table_of_scaling(results["scaling"]))
    (options.out / "results.json").write_text(json.dumps(results, indent=1) + "\n")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--scaling", type=int, nargs="*", default=[10, 100, 1000])
    parser.add_argument("--scaling-repeat", type=int, default=5)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    return parser.parse_args()


def machine():
    """Its cores, and its memory in GiB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"cores": len(os.sched_getaffinity(0)), "memory": round(memory)}


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
    grade = [BIN / "gradbook", "grade", homework, "--force", "--workers"]
    ways = {
        "stock nbgrader": ([BIN / "nbgrader", "autograde", homework, "--force"], stock),
        "nbgrader, our classes": ([BIN / "nbgrader", "autograde", homework, "--force"], ours),
        "gradbook, 1 worker": ([*grade, 1], ours),
        "gradbook, 2 workers": ([*grade, 2], ours),
        "floor": ([sys.executable, ROOT / "benchmarks" / "floor.py", ours, homework], ours),
    }
    runs = {name: [] for name in ways}
    for number in range(options.repeat):
        for name, (command, cwd) in ways.items():
            print(f"{homework}: {name}, run {number + 1} of {options.repeat}", file=sys.stderr)
            runs[name].append(measure(command, cwd))
    return {name: each(median(found), options.students) for name, found in runs.items()}


def each(used, submissions):
    """The same, with the seconds for one submission."""
    return {**used, "wall": used["wall"] / submissions, "cpu": used["cpu"] / submissions}


def scaling(folder, options):
    """Classes of hw01 of several sizes, in batch, and two submissions, one for each worker: that is the start-up."""
    return {number: scale(folder, number, options.scaling_repeat) for number in (2, *options.scaling)}


def scale(folder, students, repeat):
    """What one class of this size takes, with two workers and with one, as the median of the repeats."""
    course = make_course(folder / f"scale-{students}", HOMEWORKS[1], students)
    command = [BIN / "gradbook", "grade", HOMEWORKS[1], "--force", "--workers"]
    runs = {2: [], 1: []}
    for number in range(repeat):
        for workers in runs:
            print(f"{students} submissions, {workers} workers, run {number + 1} of {repeat}", file=sys.stderr)
            runs[workers].append(measure([*command, workers], course))
    return {workers: median(found) for workers, found in runs.items()}


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


def draw(results, path):
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(results["ways"]), figsize=(11, 3.4), sharey=True)
    for axis, (homework, ways) in zip(axes, results["ways"].items(), strict=True):
        rows = range(len(ways))
        for shift, kind, color in ((-0.2, "wall", "#0072b2"), (0.2, "cpu", "#e69f00")):
            bars = axis.barh(
                [row + shift for row in rows], [w[kind] for w in ways.values()], 0.38, color=color, label=kind
            )
            axis.bar_label(bars, fmt="%.2f", padding=3, fontsize=8)
        axis.set(title=homework, xlabel="seconds a submission", yticks=rows, yticklabels=ways)
        axis.margins(x=0.12)
    axes[0].invert_yaxis()
    axes[-1].legend(["wall", "processor"], loc="lower right")
    figure.tight_layout()
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
