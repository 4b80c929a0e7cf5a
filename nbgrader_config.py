"""How nbgrader runs this course. Everything below is needed; nothing else has to be given on the command line."""

from autograder import preprocessors

c = get_config()  # noqa: F821 (nbgrader provides it)

c.CourseDirectory.course_id = "gradbook"
# A writer waits for another one for a minute instead of nbgrader's five seconds.
c.CourseDirectory.db_url = "sqlite:///gradebook.db?timeout=60"
# The lesson is the author's; the notebook made from it is what students get.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "lesson.md"]

preprocessors.configure(c)
