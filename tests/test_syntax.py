"""Reading a student's cell without running it."""

import pytest

from gradbook.homework.syntax import defined_names, parsed


def test_what_a_cell_defines():
    lines = "%matplotlib inline", "!pip install x", "loss?", "x = 1", "def loss(a, b):", "    %time", "    return a"
    source = "\n".join([*lines, "class Net:", "    pass"])
    assert defined_names(source) == ["loss", "Net"]
    assert parsed(source).body[-1].lineno == 8


def test_a_cell_magic_is_not_in_the_way():
    assert defined_names("%%time\ndef loss(a):\n    return a % 2") == ["loss"]


@pytest.mark.parametrize(
    "source",
    [
        "def loss(",
        "(" * 5000,
        "-" * 100_000 + "1",
        "x" + ".a" * 60_000,
        "[" * 190 + "]" * 190 + "\0",
        "f" + "(f" * 190,
        "a = 1\n" * 100_000,
        "\ud800",
        " def loss(): pass",
    ],
    ids=range(9),
)
def test_nothing_that_a_source_holds_raises(source):
    assert defined_names(source) == []
