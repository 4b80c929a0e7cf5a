"""How checks and known mistakes are declared: what stands in their docstrings."""

import ast

import pytest
from conftest import load

from gradbook.errors import GradbookError
from gradbook.homework import chaff, chaff_edit, check, suspect, wheat, wheat_edit
from gradbook.homework.source import definition, without_docstring


def told():
    """what is wrong

    What to tell
    the student.

    And more.
    """


def about():
    """what is wrong"""


def silent():
    pass


def test_a_check_says_how_it_is_called_and_what_is_promised():
    @check("loss", 2, "loss", batch=3)
    def loss_value(code, rng):
        """loss(a, b)

        one number,
        at least 0
        """

    assert (loss_value.name, loss_value.call, loss_value.promise) == (
        "loss_value",
        "loss(a, b)",
        "one number, at least 0",
    )
    assert (loss_value.task, loss_value.points, loss_value.covers, loss_value.batch) == ("loss", 2, "loss", 3)


@pytest.mark.parametrize("declare", [check("loss", 2, "loss"), chaff("f", "a"), chaff_edit("f", "a", "1", "2")])
@pytest.mark.parametrize("function", [about, silent])
def test_words_that_are_missing_are_told(declare, function):
    with pytest.raises(GradbookError, match=f"{function.__name__} needs a docstring"):
        declare(function)


def test_a_mistake_says_what_it_is_and_what_to_tell():
    for declare in (chaff("f", ("a", "b")), chaff_edit("f", ("a", "b"), "1", "2")):
        mistake = declare(told)
        assert (mistake.name, mistake.about, mistake.fails) == ("told", "what is wrong", ("a", "b"))
        assert mistake.hint == "What to tell the student. And more."
        assert not mistake.right


def test_several_mistakes_may_be_told_the_same():
    assert chaff("f", "a", hint="The same.")(about).hint == "The same."
    with pytest.raises(GradbookError, match="hint="):
        chaff_edit("f", "a", "1", "2", hint="The same.")(told)


def test_a_mistake_has_a_concept_that_there_is_or_none():
    for declare, rest in ((chaff, ("f", "a")), (chaff_edit, ("f", "a", "1", "2"))):
        assert declare(*rest)(told).concept == ""
        assert declare(*rest, concept="sign")(told).concept == "sign"
        with pytest.raises(GradbookError, match="the mistake told has the concept 'sing'; there are: .*sign"):
            declare(*rest, concept="sing")(told)
    changed = chaff_edit("f", "a", "1", "2", concept="sign")(told)
    assert changed.variant("def f(x):\n    return 1").concept == "sign"


def test_right_variants_need_no_words():
    assert wheat("f")(silent).about == "silent"
    assert suspect("f")(about).about == "what is wrong" and suspect("f")(about).flagged
    assert wheat_edit("f", "1", "2")(silent).right


def docstring(source):
    return ast.get_docstring(ast.parse(source).body[0])


def test_no_variant_holds_its_own_words(homework_id):
    homework = load(homework_id)
    for variant in homework.variants:
        if variant.hint:
            assert variant.hint not in variant.source
        assert docstring(variant.source) in (None, docstring(definition(homework.reference, variant.target)))


@pytest.mark.parametrize(
    ("source", "bare"),
    [
        ('def f(x):\n    """a\n\n    b\n    """\n\n    # why\n    return x', "def f(x):\n    # why\n    return x"),
        ('def f(x):\n    """a"""', "def f(x):\n    pass"),
        ('def f(x): """ä"""; return x', "def f(x): pass; return x"),
        ('def f(x):\n    "a"  # why\n    return x', "def f(x):\n    pass  # why\n    return x"),
        ('class f:\n    """a"""\n\n    def g(self):\n        """b"""', 'class f:\n    def g(self):\n        """b"""'),
        ("def f(x):\n    return 'a'", "def f(x):\n    return 'a'"),
    ],
)
def test_docstrings_are_taken_out(source, bare):
    assert without_docstring(source) == bare
    compile(bare, "bare", "exec")
