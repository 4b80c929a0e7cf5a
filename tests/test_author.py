"""What an author gets wrong is told by `build` and `audit`, in a line that says where; and the example of the docs."""

import shutil
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT

from gradbook.auditing.audit import audit_all
from gradbook.auditing.soundness import require_sound
from gradbook.authoring import scaffold
from gradbook.authoring.build import source_notebook
from gradbook.authoring.helpers import helper_file
from gradbook.authoring.public_checks import require_public_checks
from gradbook.course.assignment import Assignment
from gradbook.course.folder import Course
from gradbook.errors import GradbookError
from gradbook.homework import families
from gradbook.homework.loading import Library
from gradbook.judging.judge import judge
from gradbook.judging.local import local
from gradbook.judging.observations import Observations

HW = "hw01_softmax"
EXAMPLE = ROOT / "docs" / "softmax"
PLACES = {
    "checks.py": f"autograder/{HW}/checks.py",
    "mistakes.py": f"autograder/{HW}/mistakes.py",
    "lesson.md": f"source/{HW}/lesson.md",
    "reference.py": f"solutions/{HW}.py",
}
CHECKS, MISTAKES = PLACES["checks.py"], PLACES["mistakes.py"]


@pytest.fixture
def course(tmp_path):
    """A course with the example of the docs, and a function that changes one of its files."""
    scaffold.new_course(tmp_path)
    for name, place in PLACES.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(EXAMPLE / name, tmp_path / place)

    def change(name, old, new):
        path = tmp_path / PLACES[name]
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    change.root = tmp_path
    return change


def proven(root):
    """What `build` tries of a homework before it writes anything."""
    homework = Library(root).load(HW)
    notebook = source_notebook(root / PLACES["lesson.md"], homework)
    require_sound(homework)
    helpers = helper_file(root / "source", HW, notebook)
    before = dict(sys.modules)
    try:
        require_public_checks(homework, notebook, helpers)
    finally:
        sys.modules.clear()
        sys.modules.update(before)


def test_the_example_of_the_docs_is_short_and_passes_its_audit(course):
    assert len((EXAMPLE / "checks.py").read_text().splitlines()) < 60
    for command in (["build", HW], ["audit", HW], ["sample-class", HW, "--students", "3"]):
        done = subprocess.run(
            [sys.executable, "-m", "gradbook", *command], cwd=course.root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        if command[0] == "audit":
            assert "8 wrong and 3 right" in done.stdout and "mutation score 100.0%" in done.stdout


DW = '"update_side_effects"'
SLIPS = {
    "option": (
        "checks.py",
        "rtol=1e-6",
        "rtoll=1e-6",
        f"{CHECKS}: the check trajectory: there is no option 'rtoll'; .*rtol",
    ),
    "points": ("checks.py", '"update", 3,', '"update", "3",', f"{CHECKS}: the check update_steps has the points '3'"),
    "total": (
        "checks.py",
        '"update", 3,',
        '"update", 2,',
        f"{HW}: the points add up to 19 .*3 for update.*POINTS.* is 20",
    ),
    "covers": (
        "checks.py",
        '"Softmax.train"',
        '"Softmax.trian"',
        "check trajectory.*no function 'Softmax.trian'.*Softmax.train",
    ),
    "given": (
        "checks.py",
        "given=FORWARD",
        'given="Softmax.foward"',
        "gradient_side_effects, given: .*'Softmax.foward'; .*Softmax.forward",
    ),
    "uses": ("checks.py", "uses=(FORWARD,", 'uses=("softmax",', "trajectory, uses: there is no function 'softmax'"),
    "forward": (
        "checks.py",
        "forward=FORWARD",
        'forward="forward"',
        "gradient_value, forward: there is no function 'forward'",
    ),
    "GRADIENTS": (
        "checks.py",
        '"Softmax.loss")',
        '"Softmax.los")',
        "GRADIENTS: there is no function 'Softmax.los'; .*Softmax.loss",
    ),
    "given and forward": (
        "checks.py",
        "forward=FORWARD,",
        "forward=FORWARD, given=FORWARD,",
        "gradient_value has Softmax.forward in forward= and in given=",
    ),
    "a law": ("checks.py", "laws=()", 'laws="keep"', "no law 'keep'; there are: repeats"),
    "two checks": (
        "checks.py",
        "def trajectory",
        "def update_steps",
        f"{CHECKS}: two checks are called update_steps, in lines",
    ),
    "nothing": (
        "checks.py",
        "    return code.Softmax(w).train",
        "    code.Softmax(w).train",
        f"{CHECKS}: the check trajectory observes nothing",
    ),
    "fault": (
        "checks.py",
        "0.5, 40",
        "0.5",
        f"{CHECKS}, line 58: the check trajectory does not run on the reference: TypeError",
    ),
    "fails": (
        "mistakes.py",
        DW,
        '"update_side_effect"',
        f"autograder/{HW}: chaff update_changes_dw: .*'update_side_effect'; .*update_side_effects",
    ),
    "target": (
        "mistakes.py",
        "@wheat(GRADIENT)",
        '@wheat("Softmax.fit")',
        "variant gradient_row_by_row: the reference defines no Softmax.fit",
    ),
    "target of an edit": (
        "mistakes.py",
        '@chaff_edit(FORWARD, "forward_value"',
        '@chaff_edit("fit", "forward_value"',
        "variant overflows: the reference defines no fit",
    ),
    "two variants": (
        "mistakes.py",
        "def uphill",
        "def no_momentum",
        f"{MISTAKES}: two variants are called no_momentum, in lines",
    ),
    "no Python": ("mistakes.py", '"self.w + lr"', '"self.w + * lr"', f"{MISTAKES}: variant uphill is no Python"),
    "two texts for one": (
        "mistakes.py",
        '"self.w + lr"',
        '("self.w + lr", "")',
        "variant uphill: 1 texts are replaced, by 2",
    ),
    "a wrong number": (
        "lesson.md",
        "[1/4, 1/2, 1/4]",
        "[1/4, 1/3, 1/4]",
        f"{HW}: the check cell of forward does not pass on the reference",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_are_told(course, slip):
    name, old, new, said = SLIPS[slip]
    course(name, old, new)
    with pytest.raises(GradbookError, match=said) as told:
        proven(course.root)
    assert "\n" not in str(told.value)


def test_without_slips_nothing_is_told(course):
    proven(course.root)


def test_one_name_needs_no_tuple(course):
    homework = Library(course.root).load(HW)
    assert homework.check("gradient_side_effects").given == ("Softmax.forward",)
    course("checks.py", '(FORWARD, "Softmax.loss")', "FORWARD")
    assert Library(course.root).load(HW).check("gradient_value").gradient == ("Softmax.forward",)


def test_words_come_from_names_and_from_the_reference(course):
    homework = Library(course.root).load(HW)
    words = {check.name: (check.call, check.promise) for check in homework.checks}
    assert words["forward_value"] == ("forward(x)", "the probability of each class for each row of x")
    assert words["update_side_effects"] == ("update(dw), and what it was given", "dw as it was")
    assert words["gradient_side_effects"] == (
        "dloss_dw(x, y), twice",
        "the same result both times; another one for other arguments; x, y, w and an earlier result as they were; "
        "an exception for unequal rows",
    )


def test_unequal_takes_rows_of_three():
    for shape in ((7,), (7, 2), (3, 3)):
        with pytest.raises(GradbookError, match=r"families.unequal takes an array of shape \(n, 3\)"):
            families.unequal(np.zeros(shape))


@pytest.fixture
def graded(course):
    """What the example's checks make of its reference with a text replaced: check -> outcome."""
    observations = Observations(Library(course.root).load(HW))

    def grade(old, new):
        source = observations.homework.reference
        assert source.count(old) == 1
        return {f.name: f.outcome for f in judge(observations, local(source.replace(old, new))) if f.outcome != "right"}

    return grade


# Powers of 2 in forward; their exact derivative is smaller by the logarithm of 2.
TWO = "e = np.exp2("
LINE = "return x.T @ (p - target) / len(x)"


@pytest.mark.parametrize(
    ("gradient", "lost"),
    [
        (LINE, set()),
        (LINE + " * np.log(2)", set()),
        ("e = np.exp2(x @ self.w); " + LINE.replace("p -", "e / e.sum(1, keepdims=True) -"), set()),
        (LINE + " * 2", {"gradient_value"}),
        ("return 0 * self.w", {"gradient_value", "gradient_side_effects"}),
    ],
)
def test_a_gradient_may_follow_a_wrong_forward(course, graded, gradient, lost):
    right = (course.root / PLACES["reference.py"]).read_text()
    seen = graded(right, right.replace("e = np.exp(", TWO).replace(LINE, gradient))
    assert {name for name, outcome in seen.items() if outcome != "follows"} - {"trajectory"} == {"forward_value"} | lost


EFFECTS = {
    "the same for all arguments": ("p = self.forward(x)\n        target", "return self.w\n        p = target"),
    "an argument changed": (LINE, "y += 0 * y; x *= 2; " + LINE),
    "the state changed": (LINE, "dw = x.T @ (p - target) / len(x); self.w = self.w + 1; return dw"),
    "an array used again": (
        LINE,
        "self.dw = getattr(self, 'dw', 0 * self.w); self.dw[:] = x.T @ (p - target) / len(x); return self.dw",
    ),
    "another result the second time": (
        LINE,
        "self.n = getattr(self, 'n', 0) + 1; return self.n * x.T @ (p - target) / len(x)",
    ),
    "nothing refused": (
        'raise ValueError(f"{len(x)} rows of x, but {len(y)} classes")',
        "y = np.resize(y, len(x)); x = x[:len(y)]",
    ),
}


@pytest.mark.parametrize("effect", EFFECTS)
def test_each_side_effect_is_seen(graded, effect):
    assert graded(*EFFECTS[effect])["gradient_side_effects"] not in ("right", "follows")


def test_an_audit_says_how_far_it_is(course):
    told = []
    (report,) = audit_all(
        [Assignment.find(Course.at(course.root), HW)], workers=1, seeds=2, progress=lambda *n: told.append(n)
    )
    total = 1 + 11 + report.mutants + 2
    assert report.passed and told == [(done, total) for done in range(1, total + 1)]


def test_a_problem_is_told_as_soon_as_it_is_found(course):
    """Not only when all has been tried, which may be an hour later."""
    course("mistakes.py", "np.einsum('nd,dk->nk', x, self.w)", "np.einsum('nd,dk->nk', x, 2 * self.w)")
    told, chosen = [], [Assignment.find(Course.at(course.root), HW)]
    (report,) = audit_all(chosen, workers=1, seeds=1, progress=lambda done, _: told.append(done), warn=told.append)
    problems = [text for text in told if isinstance(text, str)]
    assert sorted(problems) == sorted(f"PROBLEM {HW}: {problem}" for problem in report.problems)
    assert any("seed 0: wheat forward_by_einsum loses" in text for text in problems)
    assert told.index(problems[0]) < len(told) - len(problems)
