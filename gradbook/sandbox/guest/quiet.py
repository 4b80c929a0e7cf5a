"""The standard streams of a process that is a student's from now on."""

import os


def be_quiet() -> None:
    """No terminal, no files of the parent: the standard streams lead nowhere."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
