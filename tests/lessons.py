"""Changes of a lesson, as authors make them while submissions come in."""

import jupytext
from conftest import HW01, ROOT

from gradbook.course.assignment import Assignment

DEMO = "```{code-cell} ipython3\n---\ndemo: run\n---\n"
GIVEN = "\n```{code-cell} ipython3\n---\ngiven: more\n---\nmore = 1\n```\n"
MANUAL = """
+++ {"manual": "why", "points": 5}

A model answer, which no student reads.

```{code-cell} ipython3
---
manual: drawing
points: 2.5
---
plt.plot([1, 2])
```

+++ {"task": "explore", "points": 4}

Explore, in cells of your own below this one.

+++

The end.
"""


def lesson(course, change):
    """Change the text of hw01's lesson by a function."""
    path = Assignment(course, HW01).source / "lesson.md"
    before = path.read_text()
    path.write_text(change(before))
    assert path.read_text() != before


def without_demo(text):
    head, tail = text.split(DEMO)
    return head + tail.partition("```\n")[2]


def with_given(text):
    return text + GIVEN


def with_renamed_demo(text):
    return text.replace(DEMO, DEMO.replace("run", "walk"))


def with_manual(text):
    return text + MANUAL


def released_files(course):
    """Name -> content of what stands in the release, whole."""
    return {path.name: path.read_bytes() for path in sorted(Assignment(course, HW01).release.iterdir())}


def demo(homework_id, name):
    """The code of a lesson's cell with experiments."""
    cells = jupytext.read(ROOT / "source" / homework_id / "lesson.md").cells
    (code,) = (cell.source for cell in cells if cell.metadata.get("demo") == name)
    return code
