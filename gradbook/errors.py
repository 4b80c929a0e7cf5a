"""Every error that a person sees, each with a line that says what to do."""


class GradbookError(Exception):
    """Something is wrong outside of any submission. The message says what to do about it."""


class SandboxUnavailable(GradbookError):
    """No sandbox can be had on this machine, so nothing is graded."""


class SandboxDied(GradbookError):
    """The warm parent itself ended; the worker must be started anew."""


class CheckFault(GradbookError):
    """A hidden check has a fault of its own: the author's, so it ends the grading and costs no student anything."""


class UnreadableNotebook(GradbookError):
    """A submitted file is no notebook that can be graded; the message is the reason recorded with the 0."""


class StudentError(Exception):
    """Student code raised. Plain data only: the built-in type's name, message, cell and line."""

    def __init__(self, type_name: str, message: str = "", cell: int | None = None, line: int | None = None) -> None:
        super().__init__(type_name)
        self.type_name, self.message, self.cell, self.line = type_name, message, cell, line


class ChildLost(Exception):
    """The process that ran the submission is gone: it overran a limit, ended itself or broke the protocol."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class GuestFault(ChildLost):
    """What stands beside the student's code in the sandbox failed by itself: a person should look at it."""

    def __init__(self) -> None:
        super().__init__("could not be called in the way that the grader calls it; a person will look at it")
