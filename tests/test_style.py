"""The code's form is part of the product: linter and type checker are tests like any other."""

from conftest import run


def test_ruff_finds_nothing():
    done = run("ruff", "check", ".")
    assert done.returncode == 0, done.stdout


def test_ruff_would_format_nothing():
    done = run("ruff", "format", "--check", ".")
    assert done.returncode == 0, done.stdout


def test_types_fit():
    done = run("mypy")
    assert done.returncode == 0, done.stdout
