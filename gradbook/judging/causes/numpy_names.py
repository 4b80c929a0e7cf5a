"""Names that NumPy took away: what a student's line may still say, and what to write instead."""

import ast
import difflib
from collections.abc import Iterable

import numpy as np

from ..bindings import Sources

# From NumPy's migration guide to version 2.
_TABLE = """
float_=np.float64 complex_=np.complex128 longfloat=np.longdouble singlecomplex=np.complex64 cfloat=np.complex128
longcomplex=np.clongdouble clongfloat=np.clongdouble string_=np.bytes_ unicode_=np.str_ Inf=np.inf
Infinity=np.inf infty=np.inf PINF=np.inf NINF=-np.inf NaN=np.nan PZERO=0.0 NZERO=-0.0 mat=np.asmatrix
product=np.prod cumproduct=np.cumprod alltrue=np.all sometrue=np.any round_=np.round asfarray=np.asarray
cast=np.asarray msort=np.sort in1d=np.isin trapz=np.trapezoid find_common_type=np.promote_types
issubclass_=issubclass source=help lookfor=help who=dir disp=print safe_eval=float obj2sctype=np.dtype
sctype2char=np.dtype maximum_sctype=np.float64 issctype=np.issubdtype nbytes=np.dtype
set_string_function=np.set_printoptions geterrobj=np.geterr seterrobj=np.seterr recfromcsv=np.genfromtxt
recfromtxt=np.genfromtxt float=float int=int object=object str=str complex=complex unicode=str rank=np.ndim
"""
GONE = dict(pair.split("=") for pair in _TABLE.split())
SINCE = {"in1d": "2.4", "trapz": "2.4"}
# Of arrays.
METHODS_GONE = {"ptp": "np.ptp", "itemset": "a[index] = value", "newbyteorder": "a.view"}


def instead(name: str) -> str | None:
    """What to say of np.name where there is no such name, else None."""
    if name in dir(np):
        return None
    if name in GONE:
        return f"Your code uses np.{name}, which is gone in NumPy {SINCE.get(name, '2')}; it should use {GONE[name]}."
    near = difflib.get_close_matches(name, [n for n in dir(np) if not n.startswith("_")], 1, 0.75)
    end = f"should it be np.{near[0]}?" if near else "it should use a name that it has."
    return f"Your code asks NumPy for {name}, which it does not have; {end}"


def method_instead(name: str) -> str | None:
    """What to say of a method that arrays had before, else None."""
    if name not in METHODS_GONE or hasattr(np.ndarray, name):
        return None
    return f"Your code uses .{name}, which arrays do not have in NumPy 2; it should use {METHODS_GONE[name]}."


def gone(nodes: Iterable[ast.AST], sources: Sources) -> str | None:
    """What to say of the first name of NumPy among some nodes that NumPy does not have."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            said, owner = instead(node.attr), node.value.id
            bound = sources.bound(owner)
            if said and bound and all(b.kind == "import" and b.of == "numpy" for b in bound):
                return said.replace("np.", f"{owner}.") if owner != "np" else said
    return None
