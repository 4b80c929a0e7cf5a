"""How nbgrader runs this course: with this file, its commands need no other option."""

from pathlib import Path

from gradbook.fronts import nbgrader_settings

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "gradbook"
# A writer waits for another one for a minute instead of nbgrader's five seconds.
c.CourseDirectory.db_url = f"sqlite:///{Path(__file__).resolve().parent / 'gradebook.db'}?timeout=60"
# The lesson and the picture on a site's start page are the author's; the notebook is what students get.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "lesson.md", "picture.*"]

nbgrader_settings.configure(c)
