"""What a place lacks for a sandbox is named there, with a cure that is true there; doctor says both."""

import errno
import json
import os
import sys

import places
import pytest
from conftest import run

from gradbook.fronts import doctor
from gradbook.sandbox import attempts, ladder, place
from gradbook.sandbox.attempts import Refusal
from gradbook.sandbox.levels import NAMESPACES, NONE
from gradbook.sandbox.place import BOTH
from gradbook.sandbox.session import Session
from gradbook.sandbox.shared import Sandbox
from gradbook.sandbox.worker import Worker

pytestmark = pytest.mark.programs

USER = 1000 if os.geteuid() == 0 else os.geteuid()
TELL = (
    "import dataclasses, json; from gradbook.sandbox import place; "
    "print(json.dumps([dataclasses.asdict(cause) for cause in place.causes()]))"
)
# Where, as whom -> the causes, and a word of each cure.
FOUND = [
    ("", USER, {}),
    ("", 0, {}),
    ("docker", USER, {"seccomp": "seccomp=unconfined"}),
    ("docker", 0, {"seccomp": "seccomp=unconfined"}),
    ("masked-proc", USER, {"masked-proc": "systempaths=unconfined"}),
    ("docker,masked-proc", USER, {"seccomp": "seccomp=unconfined", "masked-proc": "systempaths=unconfined"}),
    ("docker,masked-proc,kubernetes", USER, {"seccomp": "seccompProfile", "masked-proc": "procMount: Unmasked"}),
    ("no-userns", USER, {"no-user-namespaces": "user.max_user_namespaces="}),
    ("no-userns", 0, {"no-user-namespaces": "user.max_user_namespaces="}),
    ("debian-sysctl", USER, {"no-unprivileged-user-namespaces": "kernel.unprivileged_userns_clone=1"}),
    ("ubuntu", USER, {"apparmor": "AppArmor profile"}),
    ("ubuntu-profile", USER, {"apparmor-nested": "AppArmor profile"}),
    ("no-nested", USER, {"nested": "another one"}),
    ("no-admin", 0, {}),
    ("no-landlock", USER, {"no-landlock": "Linux 5.13"}),
    ("unknown-machine", USER, {"machine": "--scheduler"}),
    ("no-bwrap", USER, {"no-bubblewrap": "0.7 or newer"}),
    ("old-bwrap,no-bwrap", USER, {"old-bubblewrap": "0.7 or newer"}),
    ("old-bwrap", USER, {}),
]
OLD = [("old-bwrap,no-bwrap", "Install bubblewrap 0.7 or newer")]
DENIED = {"machine": BOTH, "no-landlock": ()}


def can_be_had(where, user):
    return places.objection([name for name in where.split(",") if name], user) is None


@pytest.mark.parametrize(("where", "user", "found"), [row for row in FOUND if can_be_had(*row[:2])])
def test_what_lacks_is_named_with_its_cure(where, user, found):
    done = places.run(where.split(","), user, sys.executable, "-c", TELL)
    assert done.returncode == 0, done.stderr
    causes = {cause["id"]: cause for cause in json.loads(done.stdout)}
    assert set(causes) == set(found)
    for id, word in found.items():
        assert word in causes[id]["cure"]
        assert tuple(causes[id]["denies"]) == DENIED.get(id, (NAMESPACES,))
        for sentence in (causes[id]["what"], causes[id]["cure"]):
            assert sentence.endswith(".")


HAD = (
    "from gradbook.sandbox import place, shared, worker; "
    "sandbox = shared.Sandbox({}); there = worker.Worker(sandbox); there.warm(); there.close(); sandbox.close(); "
    "print(sandbox.level, {level for cause in place.causes() for level in cause.denies})"
)


@pytest.mark.parametrize(
    ("where", "user"),
    [
        (where, user)
        for where, user, _ in FOUND
        if where in ("old-bwrap", "masked-proc", "no-userns", "ubuntu-profile", "no-admin") and can_be_had(where, user)
    ],
)
def test_the_first_level_is_had_where_no_cause_denies_it_and_else_the_second(where, user):
    done = places.run(where.split(","), user, sys.executable, "-c", HAD)
    assert done.stdout in ("namespaces set()\n", "tight {'namespaces'}\n"), done.stderr


def test_each_place_is_tried():
    named = {name for where, _, _ in FOUND for name in where.split(",") if name}
    assert named == set(places.PLACES)


@pytest.mark.parametrize(
    ("refusal", "facts", "id"),
    [
        (Refusal("user", errno.ENOSPC), {}, "user-namespaces-used-up"),
        (Refusal("user", errno.EINVAL), {}, "no-user-namespaces"),
        (Refusal("mount", errno.EACCES), {"_profile": "docker-default"}, "apparmor-profile"),
        (Refusal("mount", errno.EACCES), {"_profile": ""}, "refused"),
    ],
)
def test_what_cannot_be_had_here_is_named_by_how_it_is_refused(monkeypatch, refusal, facts, id):
    monkeypatch.setattr(attempts, "namespaces", lambda: refusal)
    for name, value in facts.items():
        monkeypatch.setattr(place, name, lambda value=value: value)
    assert [cause.id for cause in place.causes()] == [id]


def test_a_kernel_without_filters_denies_both_levels(monkeypatch):
    assert attempts.has_filters()
    monkeypatch.setattr(attempts, "has_filters", lambda: False)
    assert [(cause.id, cause.denies) for cause in place.causes()] == [("no-filters", BOTH)]


def test_what_is_made_to_be_mounted_on_covers_nothing():
    assert place._covers("/proc/kcore", "/proc")
    assert not place._covers("/proc/sys/fs/binfmt_misc", "/proc")
    assert not place._covers("/process", "/proc")


@pytest.mark.parametrize("answer", ["", "bubblewrap", "bubblewrap new", "a sudden end"])
def test_a_bubblewrap_that_does_not_tell_its_version_is_not_usable(tmp_path, monkeypatch, answer):
    program = tmp_path / "bwrap"
    program.write_text(f"#!/bin/sh\necho {answer}\n" + ("exit 1\n" if answer == "a sudden end" else ""))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    mine = place.bubblewraps()[0]
    assert (mine.path, mine.usable) == (program, False)
    assert str(mine) == f"a bubblewrap that does not run, at {program}"


DOCTOR = (
    "import sys; from gradbook.fronts import doctor; doctor._course = lambda folder: []; sys.exit(doctor.diagnose(0))"
)


@pytest.mark.parametrize(
    ("where", "cure"),
    [
        row
        for row in [("docker", "seccomp=unconfined"), ("docker,no-landlock", "Linux 5.13"), *OLD]
        if can_be_had(row[0], USER)
    ],
)
def test_doctor_is_content_with_the_second_level_and_notes_what_cures(where, cure):
    done = places.run(where.split(","), USER, sys.executable, "-c", DOCTOR)
    told = done.stdout
    assert done.returncode == 0, told + done.stderr
    assert "BAD" not in told
    assert "ok   the sandbox starts, at its second level" in told
    assert cure in told[told.index("\nnote ") :]
    # What is there is not what is asked for.
    assert ("ok   bubblewrap" in told) != ("Install bubblewrap" in told)


def test_doctor_names_cause_and_cure_where_no_level_is_had(monkeypatch):
    monkeypatch.setattr(attempts, "has_filters", lambda: False)
    [(good, told)] = doctor._sandbox()
    assert good is False
    assert told.startswith("The kernel takes no filters of system calls (seccomp).\n     Use a kernel")


def test_doctor_says_what_the_sandbox_said_where_no_cause_is_found(monkeypatch):
    monkeypatch.setattr(ladder, "_rungs", lambda asked: iter(()))
    monkeypatch.setattr(place, "causes", list)
    *_, (good, told) = doctor._sandbox()
    assert (good, told) == (False, "No sandbox: no bubblewrap is installed.")


def test_doctor_sees_a_wall_that_is_not_there():
    with Sandbox({}, asked=NONE) as bare, Worker(bare) as worker, Session(worker) as session:
        told = list(doctor._walls(session))
    assert told[0] == (False, "the sandbox leaks /proc")


def test_doctor_tells_a_shared_cure_once(capsys):
    causes = [
        place.Cause("a", "This.", "Do it."),
        place.Cause("b", "That.", "Do it."),
        place.Cause("c", "Or.", "Not.", ()),
    ]
    assert list(doctor._lacking(causes, False)) == [(False, "This. That.\n     Do it."), (None, "Or.\n     Not.")]


ELSEWHERE = """
import sys, types
sys.modules["fcntl"] = sys.modules["resource"] = None
from gradbook.sandbox import place
place.sys = types.SimpleNamespace(platform="win32")
from gradbook.fronts.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--help"], 0, "build"),
        (["build", "--help"], 0, "--regrade"),
        (["doctor"], 1, "Use Linux: in WSL2 on Windows"),
        (["grade", "hw01"], 1, "gradbook: `grade` needs Linux; on Windows, run it in WSL2 or in a container"),
    ],
)
def test_where_there_is_no_linux_a_line_says_so(tmp_path, words, code, said):
    done = run("python", "-c", ELSEWHERE, *words, cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("where", "user", "said"),
    [
        ("docker,moon", USER, "there is no place moon"),
        ("docker,masked-proc", USER, "only root can have masked-proc"),
        ("docker", 4321, "only root can run something as 4321"),
    ],
)
def test_the_launcher_says_what_it_cannot_do(where, user, said):
    done = places.run([], USER, sys.executable, "tests/places.py", where, user, "true")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
