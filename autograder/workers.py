"""Several workers at once: one process each, with a warm sandbox of its own."""

import multiprocessing
import os
import signal
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from .errors import GradbookError
from .runner import bench, submitted_file
from .sandbox.guest.namespaces import die_with_parent

_grade = None


def grade_in_parallel(course, homework_id, students, options, count):
    """(student, Graded) for each student, as they come, from `count` processes."""
    context = multiprocessing.get_context("spawn")
    todo, lost = list(students), 0
    while todo:
        with ProcessPoolExecutor(count, context, _start, (course, homework_id, options)) as pool:
            try:
                for student, graded in _submit(pool, course, homework_id, todo, 4 * count):
                    todo.remove(student)
                    yield student, graded
            except BrokenProcessPool:
                lost += 1
                if lost > 3:
                    raise GradbookError("a grading process was killed four times; is there enough memory?") from None
            except GeneratorExit:
                pool.shutdown(cancel_futures=True)
                raise


def _submit(pool, course, homework_id, students, ahead):
    """Keep a few submissions in hand, so that memory does not grow with the class."""
    waiting, running = iter(list(students)), {}
    while True:
        for student in waiting:
            running[pool.submit(_one, submitted_file(course, homework_id, student))] = student
            if len(running) >= ahead:
                break
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future.result()


def _start(course, homework_id, options):
    """In a new process: warm its sandbox."""
    global _grade
    import atexit

    # A worker of a grader that was killed must not live on, also where that was before this line.
    die_with_parent()
    if os.getppid() != multiprocessing.parent_process().pid:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    workbench = bench(course, homework_id, options)
    try:
        _grade = workbench.__enter__()
    except GradbookError as error:
        _grade = error
    atexit.register(workbench.__exit__)


def _one(path):
    if isinstance(_grade, GradbookError):
        raise _grade
    return _grade(path)
