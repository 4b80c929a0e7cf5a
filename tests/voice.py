"""The voice of hints: what your code does; what it should do. See where that stands."""

import re

LONGEST = 160  # characters, of which a hint has fewer
PART = "(?:(?! See )[^;])"
HINT = re.compile(rf'Your {PART}+; {PART}*\bshould\b{PART}*[.?](?: See "(?P<step>[^"]+)"\.)?')
NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?(?!\w)")


def faults(hint, steps=()):
    """What is wrong with a hint, in words. steps: the headings of its lesson."""
    found = HINT.fullmatch(hint)
    if not found:
        yield 'it is not "Your ...; it should ...", and perhaps a step of the lesson'
    elif found["step"] and found["step"] not in steps:
        yield f"the lesson has no {found['step']}"
    if len(hint) >= LONGEST:
        yield f"it has {len(hint)} characters"


def in_one_voice(hint):
    """The same hint; fails where it is said in another voice."""
    assert not list(faults(hint)), (hint, *faults(hint))
    return hint


def numbers(text):
    """The numbers that stand in a text, but for those in the names of steps."""
    return {float(number) for number in NUMBER.findall(re.sub(r'See "[^"]+"\.', "", text))}
