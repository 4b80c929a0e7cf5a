"""Servers for the tests: a Dask cluster of separate processes, and a PostgreSQL of one's own."""

import glob
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Cluster:
    """A scheduler and workers, as `dask scheduler` and `dask worker` start them."""

    def __init__(self, course, folder, python=sys.executable):
        """python: that of the environment to start them from."""
        self.course, self.folder, self.python, self.workers = course, folder, python, []
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.scheduler = self._dask("scheduler", "--host", self.address, "--no-dashboard", "--no-jupyter")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def add_worker(self, course=None, environment=None, threads=1):
        """Start a worker in its course folder."""
        arguments = ["worker", self.address, "--nthreads", str(threads), "--no-nanny", "--no-dashboard"]
        arguments += ["--local-directory", str(self.folder)]
        self.workers.append(self._dask(*arguments, cwd=(course or self.course).root, env=environment))
        return self.workers[-1]

    def wait_for_workers(self, count):
        """Until so many have come."""
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)

    def lose_worker(self):
        """Kill the oldest worker, as a machine that is switched off."""
        process = self.workers.pop(0)
        process.kill()
        process.wait()

    def _dask(self, kind, *arguments, cwd=None, env=None):
        command = [self.python, "-P", "-m", f"distributed.cli.dask_{kind}", *arguments]
        environment = {**os.environ, "PYTHONWARNINGS": "ignore", **(env or {})}
        return subprocess.Popen(command, cwd=cwd or self.folder, env=environment, **QUIET)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PostgreSQL:
    """A server in a folder of its own, from Debian's package; run by root, it belongs to user postgres."""

    def __init__(self):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        assert found, "PostgreSQL is missing: apt-get install postgresql"
        self.programs, self.port = Path(found[-1]), free_port()
        self.folder = tempfile.mkdtemp(prefix="gradbook-postgresql-", dir="/tmp")
        self.user = pwd.getpwnam("postgres").pw_name if os.getuid() == 0 else None
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "-D", "data", "-U", "gradbook", "--auth=trust", "--no-sync")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self):
        """At once, as where the machine is switched off."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def database(self, name):
        """A new, empty database: its URL."""
        self._run("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "gradbook", name)
        return f"postgresql+psycopg://gradbook@127.0.0.1:{self.port}/{name}"

    def _run(self, program, *arguments):
        command = [self.programs / program, *map(str, arguments)]
        subprocess.run(command, cwd=self.folder, user=self.user, check=True, timeout=120, **QUIET)


def eventually(condition, seconds=30.0):
    """Whether a condition comes to hold within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
