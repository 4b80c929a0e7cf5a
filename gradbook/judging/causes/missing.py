"""What is not there after all cells have run."""

import re
from collections.abc import Mapping

from ...errors import ChildLost, StudentError
from ...homework.syntax import defined_names
from ..bindings import Binding, Sources
from .definitions import like
from .overwritten import KINDS, overwritten

Failed = StudentError | ChildLost


def missing(
    covers: str, sources: Sources, failures: Mapping[str, Failed], kind: str
) -> tuple[str, Failed | None, int | None]:
    """(sentence, error, cell) for a function that is not there: what to say, and what is to blame, or None.

    failures: name -> what ended its cell. kind: what the name stands for now, in one of the words of KINDS, or "".
    """
    root = covers.partition(".")[0]
    over = overwritten(root, kind, sources) if kind in KINDS else None
    if over:
        return over, None, None
    cells = [n for n in sources if root in defined_names(sources[n]) or _writes(root, sources[n])]
    blamed = next((n for n in cells if n in sources.failed), None)
    error = failures.get(root) or (sources.failed[blamed] if blamed is not None else None)
    if error is None:
        return _not_written(covers, sources, kind), None, None
    cell = error.cell if isinstance(error, StudentError) and error.cell in sources else blamed
    where = f"cell {cell + 1}" if cell is not None else "its cell"
    ended = error.reason if isinstance(error, ChildLost) else "did not run to the end"
    return f"Your notebook does not define {covers}, as {where} {ended}; it should.", error, cell


def _writes(name: str, source: str) -> bool:
    """Whether a cell that is no Python seems to define a name."""
    return re.search(rf"^(?:def|class)[ \t]+{re.escape(name)}\b", source, re.MULTILINE) is not None


def _not_written(covers: str, sources: Sources, kind: str) -> str:
    root, _, method = covers.partition(".")
    bound = sources.bound(root)
    if bound and bound[-1].kind == "deleted":
        return f"Your cell {bound[-1].cell + 1} deletes {root}; it should leave it."
    patched = [b for b in sources.bound(covers) if b.kind in ("value", "unknown", "alias")]
    if patched and kind in KINDS:
        return f"Your cell {patched[-1].cell + 1} gives the name {covers} to {kind}; it should give that another name."
    defined = any(b.kind in ("class", "function") for b in bound)
    if method and defined:
        return _no_method(root, method, sources.bound(method))
    own = {name for source in sources.values() for name in defined_names(source)}
    near = like(root, own)
    end = f"should {near} be it?" if near and not defined else "it should."
    return f"Your notebook does not define {covers}; {end}"


def _no_method(root: str, method: str, bound: list[Binding]) -> str:
    if any(b.kind == "function" for b in bound):
        return f"Your {method} stands outside of the class {root}; it should be indented, so that it is a method."
    return f"Your {root} has no {method}; it should have one."
