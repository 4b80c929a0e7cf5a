"""What nbgrader_config.py asks for: the settings that make plain nbgrader release, grade and show as Gradbook does.

Classes are named, not imported: `gradbook grade` reads these settings too, and does not wait for all of nbgrader.
"""

import importlib.util
from pathlib import Path

CLASSES = "autograder.preprocessors"


def configure(c):
    """Fill in the settings that every course of Gradbook needs. c: the config object of nbgrader_config.py."""
    c.GenerateAssignment.exporter_class = f"{CLASSES}.ReleaseExporter"
    c.Autograde.exporter_class = f"{CLASSES}.GradingExporter"
    c.GenerateFeedback.exporter_class = f"{CLASSES}.FeedbackExporter"
    # Pages show students' text: let nothing active through, in feedback and in formgrader alike.
    c.HTMLExporter.sanitize_html = True
    nbgrader = Path(importlib.util.find_spec("nbgrader").submodule_search_locations[0])
    theirs = nbgrader / "server_extensions" / "formgrader"
    styles = theirs / "static" / "node_modules" / "bootstrap" / "dist" / "css"
    c.FeedbackExporter.template_name = "gradbook"
    c.FeedbackExporter.extra_template_basedirs = [str(Path(__file__).parent / "templates")]
    c.FeedbackExporter.extra_template_paths = [str(theirs / "templates"), str(styles)]
