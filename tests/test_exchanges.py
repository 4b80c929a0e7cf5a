"""How often a judgement asks the code: each question costs as much as the answer to it."""

from collections import Counter

import pytest
from conftest import load, observations

from gradbook.judging.judge import judge
from gradbook.judging.local import Local, right


@pytest.fixture
def asked(monkeypatch):
    """Counts what is asked, by its kind."""
    counts, request = Counter(), Local.request

    def counting(self, seconds=None, **message):
        counts[message["op"]] += 1
        return request(self, seconds, **message)

    monkeypatch.setattr(Local, "request", counting)
    return counts


def test_whether_a_function_is_there_is_asked_once_where_nothing_is_replaced(homework_id, asked):
    known, homework = observations(homework_id), load(homework_id)
    for check in homework.checks:
        known.reference(check)
    asked.clear()
    judge(known, right(homework))
    replacing = [check for check in homework.checks if check.gradient]
    assert asked["prepare"] <= len({check.covers for check in homework.checks}) + len(replacing)
