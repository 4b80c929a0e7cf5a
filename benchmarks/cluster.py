"""What a cluster costs beside the local runner: the same class, on as many workers of the same machine.

python benchmarks/cluster.py [--students 200] [--repeat 5] [--workers 2] [--out benchmarks/results]

The workers are processes of a Dask LocalCluster, a new one for each repeat. The first run there meets workers that have
graded nothing yet, as the local runner's have; the next one, those that are warm.
Writes cluster.json.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from run import BIN, HOMEWORKS, ROOT, machine, make_course, median

MANY = 100_000
LOCAL, FIRST, NEXT = "local", "cluster, first run", "cluster, next run"


def main():
    options = parse()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    results = {"date": date.today().isoformat(), **machine(), "submissions": options.students}
    with tempfile.TemporaryDirectory(prefix="gradbook-benchmark-") as folder:
        results["homeworks"] = {h: compare(Path(folder), h, options) for h in HOMEWORKS}
    print(table(results))
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "cluster.json").write_text(json.dumps(results, indent=1) + "\n")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results")
    return parser.parse_args()


def compare(folder, homework, options):
    """Medians of a whole run each way, in turns: wall and processor seconds."""
    from distributed import LocalCluster

    course = make_course(folder / homework, homework, options.students)
    os.chdir(course)
    shape = {"n_workers": options.workers, "threads_per_worker": 1, "dashboard_address": None}
    runs = {LOCAL: [], FIRST: [], NEXT: []}
    for number in range(options.repeat):
        with LocalCluster(**shape) as cluster:
            scheduler = ["--scheduler", cluster.scheduler_address]
            for name, more in ((LOCAL, ["--workers", options.workers]), (FIRST, scheduler), (NEXT, scheduler)):
                print(f"{homework}: {name}, {number + 1} of {options.repeat}", file=sys.stderr)
                runs[name].append(measure([BIN / "gradbook", "grade", homework, "--force", *more]))
    found = {name: median(of_one) for name, of_one in runs.items()}
    for name in (FIRST, NEXT):
        found[name]["overhead"] = found[name]["wall"] / found[LOCAL]["wall"] - 1
        found[name]["core-hours"] = found[name]["cpu"] / options.students * MANY / 3600
    return found


def measure(command):
    """Wall seconds of a command, and the processor's of it and of everything below this process."""
    begin, used = time.monotonic(), processor()
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return {"wall": time.monotonic() - begin, "cpu": processor() - used}


def processor():
    """Seconds that this process, those below it, and those of them that have ended have used."""
    import psutil

    me = psutil.Process()
    return sum(sum(process.cpu_times()[:4]) for process in (me, *me.children(recursive=True)))


def table(results):
    lines = ["| | wall, s | processor, s | overhead | core-hours for 100,000 |", "|--|--|--|--|--|"]
    for homework, found in results["homeworks"].items():
        for name, used in found.items():
            more = f"{used['overhead']:.0%} | {used['core-hours']:.1f}" if "overhead" in used else "|"
            lines.append(f"| {homework}: {name} | {used['wall']:.1f} | {used['cpu']:.1f} | {more} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
