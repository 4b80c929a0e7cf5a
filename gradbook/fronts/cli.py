"""The command line `gradbook`. Heavy imports stand where they are used, so that --help is quick."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Sequence

from .. import __version__
from ..errors import GradbookError
from ..grading import logs
from .arguments import Commands
from .collector import spare_the_collector
from .commands import author, instructor, learner, machine, site

logger = logging.getLogger(__name__)

NOT_ON_WINDOWS = ("fcntl", "resource")  # modules of Python
EPILOG = """
examples:
  gradbook build                            make every notebook and its release
  gradbook sample-class hw01 --students 30
  gradbook grade hw01                       grade what was submitted
  gradbook feedback hw01                    write a page for each student
  gradbook watch hw01                       grade what comes in, as it comes in
  gradbook report hw01                      write the class report
  gradbook check my/hw01.ipynb --watch      check one notebook, again on each save
  gradbook site                             make a site in which students work in their browser
  gradbook doctor                           find out what is wrong, and how to mend it

HOMEWORK is an id, or the beginning of just one: hw01.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code: 0 done, 1 something is wrong, 2 wrong usage."""
    spare_the_collector()
    options = parser().parse_args(arguments)
    with logs.written(logs.LEVELS[min(options.verbose, 2)]):
        return _outcome(options)


def _outcome(options: argparse.Namespace) -> int:
    begin = time.monotonic()
    try:
        done: int = options.run(options) or 0
        logger.info("%s took %.2f s", options.command, time.monotonic() - begin)
        return done
    except GradbookError as error:
        print(f"gradbook: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("gradbook: stopped; what was graded is kept, run the command again to go on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        print(f"gradbook: {_failure(error, options)}", file=sys.stderr)
        return 1


def _failure(error: Exception, options: argparse.Namespace) -> str:
    """What is said of a command that failed where nothing of ours expected it."""
    if isinstance(error, ImportError) and error.name in NOT_ON_WINDOWS:
        return f"`{options.command}` needs Linux; on Windows, run it in WSL2 or in a container"
    from ..course.tracebacks import type_and_place
    from .failure import line

    logger.info("%s failed (%s)", options.command, type_and_place(error))
    return line(error, options.command, getattr(options, "course", None))


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="gradbook",
        description="Build, grade and report homeworks that are Jupyter notebooks.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"gradbook {__version__}")
    commands = Commands(top)
    for group in (instructor, learner, author, site, machine):
        group.add_to(commands)
    return top
