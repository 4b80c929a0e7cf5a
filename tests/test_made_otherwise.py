"""Code that is right but made otherwise keeps its points: the references and known variants, rewritten by rule."""

import ast
import textwrap

import pytest
from conftest import HW01, load, observations, verdict

from gradbook.course.findings import FINE
from gradbook.grading.submission import grade_notebook
from gradbook.intake.notebook import read_submission
from gradbook.judging.judge import judge
from gradbook.judging.local import Local, local, namespace
from gradbook.sandbox.guest.stand_ins import StandIns, State


def classes(tree):
    return [node for node in tree.body if isinstance(node, ast.ClassDef)]


def functions(tree):
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def bases(tree):
    """Names of classes from which others are derived."""
    return {base.id for node in classes(tree) for base in node.bases if isinstance(base, ast.Name)}


def leaves(tree):
    """Classes from which no other is derived, here or in an experiment."""
    above = bases(tree) | {"Model", "Linear", "Sequential"}
    return [node for node in classes(tree) if node.name not in above]


def is_plain(node):
    """A method that may stand anywhere."""
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("__")


def kept_names(node):
    """Attributes that a class's methods assign on self."""
    stores = (n for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store))
    return sorted({n.attr for n in stores if isinstance(n.value, ast.Name) and n.value.id == "self"})


def add(node, source):
    node.body = [part for part in node.body if not isinstance(part, ast.Pass)] + ast.parse(textwrap.dedent(source)).body


def after(tree, node, source):
    at = tree.body.index(node)
    tree.body[at + 1 : at + 1] = ast.parse(textwrap.dedent(source)).body


def from_a_base(tree):
    for node in classes(tree):
        name, node.name = node.name, f"{node.name}Base"
        after(tree, node, f"class {name}({name}Base):\n    pass")


def from_bases_of_bases(tree):
    for node in classes(tree):
        name, plain = node.name, [part for part in node.body if is_plain(part)]
        node.body = [part for part in node.body if part not in plain] or [ast.Pass()]
        node.name = f"{name}0"
        steps = [f"{name}{number}" for number in range(1, len(plain))] + [name]
        before = node
        for method, step in zip(plain, steps, strict=False):
            made = ast.parse(f"class {step}({before.name}):\n    pass").body[0]
            made.body = [method]
            tree.body.insert(tree.body.index(before) + 1, made)
            before = made
        before.name = name


def from_a_mixin(tree):
    for node in classes(tree):
        plain = [part for part in node.body if is_plain(part)]
        if plain:
            mixin = ast.parse(f"class {node.name}Mixin:\n    pass").body[0]
            mixin.body, node.body = plain, [part for part in node.body if part not in plain] or [ast.Pass()]
            node.bases.insert(0, ast.Name(f"{node.name}Mixin"))
            tree.body.insert(tree.body.index(node), mixin)


def with_slots(tree):
    for node in classes(tree):
        above = {base.id for base in node.bases if isinstance(base, ast.Name)}
        inherited = {name for other in classes(tree) if other.name in above for name in kept_names(other)}
        names = sorted(set(kept_names(node)) - inherited)
        node.body.insert(0, ast.parse(f"__slots__ = {tuple(names)!r}").body[0])


def decorated(tree):
    tree.body[1:1] = ast.parse("def registered(cls):\n    return cls").body
    for node in classes(tree):
        node.decorator_list.append(ast.Name("registered"))


def decorated_by_a_subclass(tree):
    tree.body[1:1] = ast.parse("def derived(cls):\n    return type(cls.__name__, (cls,), {})").body
    for node in classes(tree):
        node.decorator_list.append(ast.Name("derived"))


def rebound(tree):
    for node in classes(tree):
        after(tree, node, f"class {node.name}({node.name}):\n    pass")


def patched_in(tree):
    for node in classes(tree):
        plain = [part for part in node.body if is_plain(part)]
        node.body = [part for part in node.body if part not in plain] or [ast.Pass()]
        for method in plain:
            name, method.name = method.name, f"{node.name}_{method.name}"
            at = tree.body.index(node)
            tree.body[at + 1 : at + 1] = [method, *ast.parse(f"{node.name}.{name} = {method.name}").body]


def wrapped(tree):
    tree.body[1:1] = ast.parse(
        "import functools\n"
        "def traced(function):\n"
        "    @functools.wraps(function)\n"
        "    def call(*args, **kwargs):\n"
        "        return function(*args, **kwargs)\n"
        "    return call"
    ).body
    for node in [*functions(tree), *(part for other in classes(tree) for part in other.body if is_plain(part))]:
        if node.name not in ("traced", "call"):
            node.decorator_list.append(ast.Name("traced"))


def as_partials(tree):
    tree.body[1:1] = ast.parse("import functools").body
    for node in functions(tree):
        name, node.name = node.name, f"{node.name}_of"
        after(tree, node, f"{name} = functools.partial({name}_of)")


def as_lambdas(tree):
    for node in functions(tree):
        name, node.name = node.name, f"{node.name}_of"
        after(tree, node, f"{name} = lambda *args, **kwargs: {name}_of(*args, **kwargs)")


def as_objects(tree):
    for node in functions(tree):
        name, node.name = node.name, f"{node.name}_of"
        after(
            tree,
            node,
            f"""
            class {name}_like:
                def __call__(self, *args, **kwargs):
                    return {name}_of(*args, **kwargs)
            {name} = {name}_like()""",
        )


def from_a_factory(tree):
    for node in leaves(tree):
        name, node.name = node.name, f"{node.name}Made"
        after(tree, node, f"def {name}(*args, **kwargs):\n    return {name}Made(*args, **kwargs)")


def with_properties(tree):
    for node in classes(tree):
        # PyTorch's modules put what they are made of past a property.
        own = not any(ast.unparse(base).endswith("nn.Module") for base in node.bases)
        for name in kept_names(node) if own else ():
            add(
                node,
                f"""
                @property
                def {name}(self):
                    return self.__dict__["_{name}"]
                @{name}.setter
                def {name}(self, value):
                    self.__dict__["_{name}"] = value""",
            )


def with_getattr(tree):
    for node in classes(tree):
        if node.name in bases(tree) or not node.bases:
            add(
                node,
                """
                def __setattr__(self, name, value):
                    self.__dict__.setdefault("held", {})[name] = value
                def __getattr__(self, name):
                    held = self.__dict__.get("held", {})
                    if name in held:
                        return held[name]
                    raise AttributeError(name)""",
            )


def bound_by_init(tree):
    """Each method is an attribute that __init__ sets."""
    for node in leaves(tree):
        plain = [part for part in node.body if is_plain(part)]
        init = next((part for part in node.body if getattr(part, "name", "") == "__init__"), None)
        for method in plain if init else ():
            name, method.name = method.name, f"my_{method.name}"
            init.body.append(ast.parse(f"self.{name} = self.my_{name}").body[0])


WAYS = (
    from_a_base,
    from_bases_of_bases,
    from_a_mixin,
    with_slots,
    decorated,
    decorated_by_a_subclass,
    rebound,
    patched_in,
    wrapped,
    as_partials,
    as_lambdas,
    as_objects,
    from_a_factory,
    with_properties,
    with_getattr,
    bound_by_init,
)


def made(way, source):
    tree = ast.parse(source)
    way(tree)
    return ast.unparse(ast.fix_missing_locations(tree))


def told(findings):
    """What is told of each check. Given code as it was given is not always run, and has its points all the same."""
    return [(f.name, "fine" if f.outcome in FINE else f.outcome, f.points) for f in findings]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_reference_made_otherwise_keeps_all(homework_id, way):
    homework = load(homework_id)
    findings = verdict(homework.id, made(way, homework.reference))
    assert [(f.name, f.outcome, f.hint) for f in findings if f.outcome != "right"] == []
    assert findings.flags == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_numerical_derivatives_made_otherwise_are_flagged(way):
    homework = load(HW01)
    for variant in (v for v in homework.wheats if v.flagged):
        plain, otherwise = (verdict(homework.id, source) for source in both(homework, variant, way))
        assert plain.flags and otherwise.flags == plain.flags
        assert told(otherwise) == told(plain)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_stands_in_for_a_wrong_function_serves_code_made_otherwise(homework_id, way):
    """A known mistake in a function on which others build costs the same, however the code is made."""
    homework = load(homework_id)
    given = dict.fromkeys(name for check in homework.checks for name in check.given)
    for target in given:
        variant = next(v for v in homework.chaffs if v.target == target)
        plain, otherwise = (verdict(homework.id, source) for source in both(homework, variant, way))
        assert told(otherwise) == told(plain), variant.name


def both(homework, variant, way):
    source = homework.source_with(variant)
    return source, made(way, source)


# ---------------------------------------------------------------- by hand

BY_HAND = {
    "a dataclass": """
        from dataclasses import dataclass
        @dataclass
        class ShallowNarrowExercise(Exercise):
            init_weights: object
            def __post_init__(self):
                Exercise.__init__(self, self.init_weights)
        """,
    "a dataclass with slots": """
        from dataclasses import dataclass, field, InitVar
        @dataclass(slots=True, eq=False)
        class ShallowNarrowExercise:
            init_weights: InitVar[object]
            w1: float = field(init=False)
            w2: float = field(init=False)
            def __post_init__(self, init_weights):
                self.w1, self.w2 = map(float, init_weights)
            forward, dloss_dw, train = Exercise.forward, Exercise.dloss_dw, Exercise.train
        """,
    "properties on a list": """
        class ShallowNarrowExercise(Exercise):
            def __init__(self, init_weights):
                self.w = [float(w) for w in init_weights]
            w1 = property(lambda self: self.w[0], lambda self, value: self.w.__setitem__(0, value))
            w2 = property(lambda self: self.w[1], lambda self, value: self.w.__setitem__(1, value))
        """,
    "a metaclass and a static method": """
        class Meta(type):
            pass
        class ShallowNarrowExercise(Exercise, metaclass=Meta):
            @staticmethod
            def product(x, a, b):
                return x * a * b
            def forward(self, x):
                return self.product(x, self.w1, self.w2)
        """,
    "a proxy": """
        class ShallowNarrowExercise:
            def __init__(self, init_weights):
                self.__dict__["net"] = Exercise(init_weights)
            def __getattr__(self, name):
                return getattr(self.net, name)
            def __setattr__(self, name, value):
                setattr(self.net, name, value)
        """,
    "partial methods": """
        import functools
        class ShallowNarrowExercise(Exercise):
            def _forward(self, scale, x):
                return scale * x * self.w1 * self.w2
            forward = functools.partialmethod(_forward, 1)
        """,
}


def by_hand(way, source=None):
    source = (source or load(HW01).reference).replace("class ShallowNarrowExercise:", "class Exercise:")
    return source + "\n\n" + textwrap.dedent(BY_HAND[way])


@pytest.mark.parametrize("way", BY_HAND)
def test_hw01_made_by_hand_keeps_all(way):
    findings = verdict(HW01, by_hand(way))
    assert [(f.name, f.outcome, f.hint) for f in findings if f.outcome != "right"] == []
    assert findings.flags == []


@pytest.mark.parametrize("way", [way for way in BY_HAND if way != "a proxy"])
def test_hw01_made_by_hand_and_wrong_loses_what_it_would(way):
    """Not a proxy: what is inside it calls itself, where nothing can stand in for a part of it."""
    homework = load(HW01)
    for variant in (homework.variant("loss_sum"), homework.variant("gradient_half")):
        plain = homework.source_with(variant)
        assert told(verdict(homework.id, by_hand(way, plain))) == told(verdict(homework.id, plain)), variant.name


# ---------------------------------------------------------------- in the sandbox


@pytest.fixture
def in_sandbox(worker, release, solve):
    """Grade hw01 with the class's cell, and one behind it, filled with this source."""
    import nbformat

    def run(source, more=""):
        notebook = solve(HW01)
        at = next(i for i, c in enumerate(notebook.cells) if "class ShallowNarrowExercise" in c.source)
        notebook.cells[at].source = source
        if more:
            notebook.cells.insert(at + 1, nbformat.v4.new_code_cell(more))
        data = nbformat.writes(notebook).encode()
        return grade_notebook(read_submission(data), observations(HW01), release(HW01), worker)

    return run


def cell(source):
    return source[source.index("class ") :]


@pytest.mark.parametrize("way", BY_HAND)
def test_in_the_sandbox_too(in_sandbox, way):
    graded = in_sandbox(cell(by_hand(way)))
    assert (graded.score, graded.flags) == (20, [])


def test_a_class_rebound_in_a_later_cell(in_sandbox):
    source = cell(load(HW01).reference)
    patch = "class ShallowNarrowExercise(ShallowNarrowExercise):\n    pass\n"
    patch += "ShallowNarrowExercise.forward = lambda self, x: x * (self.w1 * self.w2)"
    assert in_sandbox(source, patch).score == 20
    wrong = in_sandbox(source, patch.replace("lambda self, x: x", "lambda self, x: 2 * x"))
    assert {f.name for f in wrong.findings if f.points < f.max_points} <= {"forward_value", "forward_side_effects"}


# ---------------------------------------------------------------- whose exception it is


def test_what_is_inherited_is_put_back_where_it_was():
    names = namespace("class Base:\n    def forward(self, x):\n        return x\nclass Net(Base):\n    pass\n")
    transport = Local(names)
    before = dict(vars(names["Net"]))
    for parts in ({"replaced": [["Net", "forward"]], "counted": []}, {"replaced": [], "counted": [["Net", "forward"]]}):
        assert transport.request(op="prepare", covers=["Net", "forward"], **parts) is True
        assert vars(names["Net"]) != before
        transport.request(op="restore")
        assert dict(vars(names["Net"])) == before and "forward" in vars(names["Base"])


@pytest.mark.parametrize("holder, place", [(StandIns, "_put_method"), (State, "read")])
def test_a_fault_of_ours_is_no_exception_of_the_students(monkeypatch, holder, place):
    homework = load(HW01)
    # What stands in for this one is told of the object that it is called on.
    source = homework.source_with(next(v for v in homework.chaffs if v.target == "ShallowNarrowExercise.forward"))

    def stumble(*_):
        raise KeyError("planted")

    monkeypatch.setattr(holder, place, stumble)
    findings = judge(observations(HW01), local(source))
    assert "raised" not in {f.outcome for f in findings}
    assert any("could not be called in the way" in flag for flag in findings.flags)
