"""Hidden checks of hw10_autograd_engine.

Graphs are built where the submission runs, and only numbers come back. An operator is judged by its result and by what
its pull brings to the operands, without the submission's `backward`; `backward` by tensors with pulls of their own,
without the submission's operators.
"""

import contextlib

import numpy as np

from gradbook.homework import check, families
from gradbook.homework.families import arrays, as_one, depends, factor, same

POINTS = 20
UNBROADCAST, ORDER, BACKWARD = "unbroadcast", "topological_order", "Tensor.backward"
ADD, MULTIPLY, PRODUCT = "Tensor.__add__", "Tensor.__mul__", "Tensor.__matmul__"
RELU, SUM, EXP, LOG = "Tensor.relu", "Tensor.sum", "Tensor.exp", "Tensor.log"
OPERATORS = ADD, MULTIPLY, PRODUCT, RELU, SUM, EXP, LOG
# The order is nothing that an operator asks for: a pull that differentiates numerically is told by its digits.
GRADIENTS = {name: (ORDER,) for name in OPERATORS}


def signed(rng, *shape):
    """Numbers of both signs, none near 0 and none near 1."""
    array = rng.uniform(0.3, 0.8, shape) * rng.choice([1.0, 2.4], shape)
    signs = np.resize([1.0, -1.0], array.size)
    return array * rng.permutation(signs).reshape(shape)


# ---------------------------------------------------------------- unbroadcast

# The shape of an array -> what it was broadcast to.
BROADCAST = {
    "an axis in front": ((4,), (3, 4)),
    "a stretched last axis": ((3, 1), (3, 4)),
    "a stretched first axis": ((1, 4), (3, 4)),
    "two axes in front": ((4,), (2, 3, 4)),
    "an axis in front and a stretched one": ((3, 1), (2, 3, 4)),
    "a stretched one in the middle": ((2, 1, 4), (2, 3, 4)),
    "two stretched axes": ((1, 1), (3, 4)),
    "equal lengths": ((3,), (3, 3)),
    "a single number": ((), (3, 4)),
    "a single number in an array": ((1,), (5,)),
    "an axis of length 1 in front": ((3,), (1, 3)),
    "nothing to do": ((3, 4), (3, 4)),
    "an axis of length 1 on both sides": ((1, 4), (1, 4)),
    "a number of a number": ((), ()),
}


@check("unbroadcast", 1.5, UNBROADCAST, batch=3)
def unbroadcast_value(code, rng):
    """unbroadcast(gradient, shape)

    an array of that shape, in which each entry is the sum over its copies
    """
    return {name: code.unbroadcast(signed(rng, *large), small) for name, (small, large) in BROADCAST.items()}


@families.side_effects("unbroadcast", 0.5, UNBROADCAST, "gradient")
def unbroadcast_side_effects(code, rng):
    gradient, other = signed(rng, 2, 3, 4), signed(rng, 2, 3, 4)
    _, seen = families.leaves(code, lambda g: code.unbroadcast(g, (4,)), {"gradient": gradient})
    more = {f"{name}, axes in front": changed for name, changed in seen.items()}
    return code, [gradient, (3, 1)], [other, (3, 1)], more


# ---------------------------------------------------------------- operators

# What an operator gives may be made of several tensors: the gradients are brought all the way to the operands.
OPERATE = """
def is_tensor(value):
    return hasattr(value, "pull")


def ancestors(tensor, operands):
    order, seen = [], {id(operand) for operand in operands}

    def visit(tensor):
        if is_tensor(tensor) and id(tensor) not in seen:
            seen.add(id(tensor))
            for parent in tensor.parents:
                visit(parent)
            order.append(tensor)

    visit(tensor)
    return order


def pulled(tensor, gradient):
    found = tensor.pull(gradient) if tensor.pull is not None else None
    try:
        return tuple(found)
    except TypeError:
        return None


def brought(result, gradient, operands):
    came, counts = {id(result): gradient}, True
    for tensor in reversed(ancestors(result, operands)):
        if id(tensor) in came and tensor.parents:
            parts = pulled(tensor, came[id(tensor)])
            counts = counts and parts is not None and len(parts) == len(tensor.parents)
            for parent, part in zip(tensor.parents, parts or ()):
                if part is not None:
                    came[id(parent)] = came[id(parent)] + part if id(parent) in came else part
    return [came.get(id(operand)) for operand in operands], counts


def compute(words, operands):
    result = eval(words, globals(), dict(zip("ab", operands)))
    return result if is_tensor(result) else Tensor(np.nan if result is None else result)


def operate(words, values, gradient):
    operands = [Tensor(value) for value in values]
    made = eval(words, globals(), dict(zip("ab", operands)))
    result = compute(words, operands)
    gradients, counts = brought(result, gradient, operands)
    tensors = all(is_tensor(p) for t in ancestors(result, operands) for p in t.parents)
    return result.data, gradients, [is_tensor(made), tensors, counts]


def plain(words, values, gradient):
    try:
        return operate(words, values, gradient)
    except (AttributeError, TypeError):
        return None, [None for _ in values], [False] * 3


def every(how, cases):
    return [globals()[how](*case) for case in cases]


def watch(words, values, gradient, others):
    operands, given = [Tensor(value) for value in values], gradient.copy()
    result = compute(words, operands)
    data = result.data.copy()
    earlier, _ = brought(result, given, operands)
    first = [None if part is None else np.array(part) for part in earlier]
    twice, _ = brought(result, 2 * given, operands)
    kept = [None if part is None else np.array(part) for part in earlier]
    for factor in (2.0, -1.0):
        other = compute(words, [Tensor(value) for value in others])
        brought(other, factor * gradient, other.parents)
    again, _ = brought(result, given, operands)
    both = [operand.gradient for operand in operands]
    return {
        "gradients": first,
        "kept": kept,
        "half of twice": [None if part is None else part / 2 for part in twice],
        "again": again,
        "operands": [operand.data for operand in operands],
        "gradient": given,
        "result": np.array_equal(result.data, data, equal_nan=True),
        "untouched": result.gradient is None and all(gradient is None for gradient in both),
    }
"""


def operated(code, rng, cases, how="operate", positive=False, scale=1.0, zero=False):
    """What an operator gives in several cases. cases: name -> words, shapes of the operands, shape of the result.

    how: "plain", where what is given is no tensor: that it raises is observed as well. positive, scale: of operands.
    zero: the first entry of each operand is 0.
    """
    drawn, seen = [], {}
    for words, shapes, shape in cases.values():
        values = [scale * signed(rng, *each) for each in shapes]
        for value in values if zero else ():
            value.flat[0] = 0
        drawn.append((words, [np.abs(value) for value in values] if positive else values, signed(rng, *shape)))
    for name, (result, gradients, made) in zip(cases, code.define(OPERATE, "every")(how, drawn), strict=True):
        seen[f"the result {name}"] = result
        seen |= {f"the gradient of {letter} {name}": part for letter, part in zip("ab", gradients, strict=False)}
        # A Tensor, made of Tensors, with one gradient for each of them.
        seen[f"the parents {name}"] = as_one(*made)
    return seen


def left_alone(code, rng, words, values, shape, others):
    """What an operator and its pull leave as it is. others: the operands of another call of the operator."""
    gradient = signed(rng, *shape)
    found = code.define(OPERATE, "watch")(words, values, gradient, others)
    return {
        "gradients": bool(arrays(found["gradients"])) and all(part is not None for part in found["gradients"]),
        "the same pull again": same(found["gradients"], found["again"]),
        "the same pull for twice as much": same(found["gradients"], found["half of twice"]),
        "an earlier result of the pull": same(found["gradients"], found["kept"]),
        "the operands afterwards": same(values, found["operands"]),
        "the gradient afterwards": same(gradient, found["gradient"]),
        "the result afterwards": found["result"],
        "no .gradient yet": found["untouched"],
    }


# What is asked of the pull of every operator.
LEFT = (
    "the operands' data, the gradient and the result as they were; the pull gives the same again, and sets no .gradient"
)


def left_alone_by(task, covers, words, shapes, shape, points=0.5, positive=False, **options):
    """Declare the check of what an operator leaves alone."""

    def observe(code, rng):
        values, others = ([np.abs(a) if positive else a for a in (signed(rng, *s) for s in shapes)] for _ in range(2))
        return left_alone(code, rng, words, values, shape, others)

    observe.__name__, observe.__doc__ = f"{task}_side_effects", f"{words}, and its pull, twice\n\n{LEFT}"
    return check(task, points, covers, **options)(observe)


@check("add", 0.75, ADD, given=UNBROADCAST)
def add_value(code, rng):
    """a + b, and its pull

    the sum, entry by entry; the gradient of each operand, in its shape
    """
    cases = {
        "of equal shapes": ("a + b", [(3, 2), (3, 2)], (3, 2)),
        "of a matrix and a row": ("a + b", [(4, 3), (3,)], (4, 3)),
        "of a column and a row": ("a + b", [(4, 1), (1, 3)], (4, 3)),
        "of a row and a matrix": ("a + b", [(3,), (3, 3)], (3, 3)),
        "of a number and a matrix": ("a + b", [(), (2, 3)], (2, 3)),
        "of squares": ("a + b", [(3, 3), (3, 3)], (3, 3)),
        "of as many numbers in other shapes": ("a + b", [(3,), (1, 3)], (1, 3)),
        "with itself": ("a + a", [(3, 2)], (3, 2)),
    }
    return operated(code, rng, cases)


@check("add", 0.25, ADD, given=UNBROADCAST)
def add_plain(code, rng):
    """a + number, and a + array

    the same as with a tensor of that number or array
    """
    cases = {
        "with a whole number": ("a + 3", [(3, 2)], (3, 2)),
        "with a number": ("a + 1.7", [(3, 2)], (3, 2)),
        "with an array": ("a + np.array([[0.5], [-2.0], [1.5]])", [(1, 2)], (3, 2)),
    }
    return operated(code, rng, cases, "plain")


add_side_effects = left_alone_by("add", ADD, "a + b", [(4, 3), (1, 3)], (4, 3), given=UNBROADCAST)


@check("multiply", 0.75, MULTIPLY, given=UNBROADCAST)
def multiply_value(code, rng):
    """a * b, and its pull

    the product, entry by entry; the gradient of each operand, in its shape
    """
    cases = {
        "of equal shapes": ("a * b", [(3, 2), (3, 2)], (3, 2)),
        "of a matrix and a row": ("a * b", [(4, 3), (3,)], (4, 3)),
        "of a column and a row": ("a * b", [(4, 1), (1, 3)], (4, 3)),
        "of a row and a matrix": ("a * b", [(3,), (3, 3)], (3, 3)),
        "of a number and a matrix": ("a * b", [(), (2, 3)], (2, 3)),
        "of squares": ("a * b", [(3, 3), (3, 3)], (3, 3)),
        "of as many numbers in other shapes": ("a * b", [(3,), (1, 3)], (1, 3)),
        "with itself": ("a * a", [(3, 2)], (3, 2)),
    }
    zeros = {"of zeros": ("a * b", [(3, 2), (3, 2)], (3, 2))}
    return operated(code, rng, cases) | operated(code, rng, zeros, zero=True)


@check("multiply", 0.25, MULTIPLY, given=UNBROADCAST)
def multiply_plain(code, rng):
    """a * number, and a * array

    the same as with a tensor of that number or array
    """
    cases = {
        "with a whole number": ("a * 3", [(3, 2)], (3, 2)),
        "with a number": ("a * 1.7", [(3, 2)], (3, 2)),
        "with an array": ("a * np.array([[0.5], [-2.0], [1.5]])", [(1, 2)], (3, 2)),
    }
    return operated(code, rng, cases, "plain")


multiply_side_effects = left_alone_by("multiply", MULTIPLY, "a * b", [(4, 3), (1, 3)], (4, 3), given=UNBROADCAST)


@check("matmul", 0.5, PRODUCT, batch=3)
def matmul_square(code, rng):
    """a @ b of square matrices, and its pull

    the matrix product; the gradient of each operand: where lengths are equal, a transpose fits as well and is wrong
    """
    cases = {
        "of square matrices": ("a @ b", [(3, 3), (3, 3)], (3, 3)),
        "with itself": ("a @ a", [(3, 3)], (3, 3)),
    }
    return operated(code, rng, cases)


@check("matmul", 0.75, PRODUCT, batch=5)
def matmul_value(code, rng):
    """a @ b, and its pull

    the matrix product; the gradient of each operand, in its shape
    """
    cases = {
        "of unequal lengths": ("a @ b", [(5, 3), (3, 2)], (5, 2)),
        "of a row and a column": ("a @ b", [(1, 4), (4, 1)], (1, 1)),
        "of a column and a row": ("a @ b", [(4, 1), (1, 3)], (4, 3)),
    }
    return operated(code, rng, cases)


matmul_side_effects = left_alone_by("matmul", PRODUCT, "a @ b", [(5, 3), (3, 2)], (5, 2))

MATRIX_PRODUCT = """
def product(a, b):
    return (Tensor(a) @ Tensor(b)).data
"""


@check("matmul", 0.25, PRODUCT)
def matmul_refuses(code, rng):
    """a @ b of other than two matrices that fit, and a @ array

    an exception, as where a has one axis or b has three; none for an array in the place of the tensor b
    """
    a, b = signed(rng, 4, 3), signed(rng, 3, 2)
    shapes = {
        "a row of one axis": (a[0], b),
        "a column of one axis": (a, b[:, 0]),
        "two of one axis": (a[0], b[:, 0]),
        "a stack of matrices": (a, np.stack([b, b])),
        "lengths that do not fit": (a, b.T),
        "a length of 1 that does not fit": (a[:, :1], b),
        "matrices that fit": (a, b),
    }
    seen = families.refuses(code, code.define(MATRIX_PRODUCT, "product"), shapes)
    words = "a @ np.array([[0.5, 1.5, -1.0], [-2.0, 0.25, 3.0]])"
    return seen | operated(code, rng, {"with an array": (words, [(4, 2)], (4, 3))}, "plain")


@check("relu", 0.75, RELU)
def relu_value(code, rng):
    """a.relu(), and its pull

    the larger of x and 0 for each entry x; the gradient where x is positive, 0 where it is negative
    """
    cases = {
        "of a matrix": ("a.relu()", [(6, 4)], (6, 4)),
        "of three axes": ("a.relu()", [(2, 3, 2)], (2, 3, 2)),
        "of one axis": ("a.relu()", [(8,)], (8,)),
        "of one row": ("a.relu()", [(1, 8)], (1, 8)),
    }
    return operated(code, rng, cases)


relu_side_effects = left_alone_by("relu", RELU, "a.relu()", [(6, 4)], (6, 4))


@check("sum", 0.5, SUM, batch=3)
def sum_of_equal_lengths(code, rng):
    """a.sum(axis) of arrays whose axes have one length, and its pull

    the sum over one axis, counted as in NumPy; the gradient, spread along that axis: along another it fits as well
    """
    cases = {
        "over the rows": ("a.sum(0)", [(3, 3)], (3,)),
        "over the columns": ("a.sum(1)", [(3, 3)], (3,)),
        "over the last axis": ("a.sum(axis=-1)", [(3, 3, 3)], (3, 3)),
        "over the last but one": ("a.sum(axis=-2)", [(3, 3, 3)], (3, 3)),
        "over the first of three": ("a.sum(axis=0)", [(3, 3, 3)], (3, 3)),
    }
    return operated(code, rng, cases)


@check("sum", 0.75, SUM, batch=3)
def sum_value(code, rng):
    """a.sum(axis), and its pull

    the sum over all entries or over one axis; the gradient, spread to every entry that was added
    """
    cases = {
        "over all": ("a.sum()", [(3, 4)], ()),
        "over all of three axes": ("a.sum(axis=None)", [(2, 3, 4)], ()),
        "over the rows": ("a.sum(axis=0)", [(3, 4)], (4,)),
        "over the columns": ("a.sum(axis=1)", [(3, 4)], (3,)),
        "over the middle one of three": ("a.sum(axis=1)", [(2, 3, 4)], (2, 4)),
        "over the only one": ("a.sum(axis=0)", [(5,)], ()),
        "over the rows of one row": ("a.sum(axis=0)", [(1, 4)], (4,)),
    }
    return operated(code, rng, cases)


sum_side_effects = left_alone_by("sum", SUM, "a.sum(axis=1)", [(3, 4)], (3,), 0.25)


@check("exp", 0.75, EXP)
def exp_value(code, rng):
    """a.exp(), and its pull

    e to the power of each entry; the gradient of a
    """
    cases = {"of a matrix": ("a.exp()", [(3, 4)], (3, 4)), "of a number": ("a.exp()", [()], ())}
    far = {"of numbers far from 0": ("a.exp()", [(4,)], (4,))}
    return operated(code, rng, cases) | operated(code, rng, far, scale=25)


exp_side_effects = left_alone_by("exp", EXP, "a.exp()", [(3, 4)], (3, 4), 0.25)


@check("log", 0.75, LOG)
def log_value(code, rng):
    """a.log(), and its pull

    the natural logarithm of each entry; the gradient of a
    """
    cases = {"of a matrix": ("a.log()", [(3, 4)], (3, 4)), "of a number": ("a.log()", [()], ())}
    return operated(code, rng, cases, positive=True)


log_side_effects = left_alone_by("log", LOG, "a.log()", [(3, 4)], (3, 4), 0.25, positive=True)


# ---------------------------------------------------------------- topological_order

GRAPH = """
def built(parents):
    tensors = []
    for numbers in parents:
        tensors.append(Tensor(0.0, [tensors[number] for number in numbers], lambda gradient: None))
    return tensors


def numbered(order, tensors):
    if order is None:
        return None
    numbers = {id(tensor): number for number, tensor in enumerate(tensors)}
    return np.array([numbers.get(id(tensor), -1) for tensor in order], dtype=int)


def ordered(parents, root):
    tensors = built(parents)
    return numbered(topological_order(tensors[root]), tensors)


def chained(length):
    tensors = [Tensor(0.0)]
    for _ in range(length - 1):
        tensors.append(Tensor(0.0, tensors[-1:], lambda gradient: None))
    try:
        return numbered(topological_order(tensors[-1]), tensors), True
    except RecursionError:
        return np.arange(length), False


class Counted(type(Tensor(0.0))):
    looks, enough = 0, 0

    @property
    def parents(self):
        Counted.looks += 1
        return self.kept if Counted.looks < Counted.enough else ()

    @parents.setter
    def parents(self, value):
        self.kept = value


def looked(steps):
    tensors = [Counted(0.0)]
    for _ in range(steps):
        tensors.append(Counted(0.0, (tensors[-1], tensors[-1])))
    Counted.looks, Counted.enough = 0, 40 * len(tensors)
    topological_order(tensors[-1])
    return Counted.looks < Counted.enough


def twice(parents, root, other):
    tensors = built(parents)
    before = [tuple(tensor.parents) for tensor in tensors]
    orders = []
    for number in (root, other, root):
        order = topological_order(tensors[number])
        orders.append(numbered(order, tensors))
        if isinstance(order, list):
            order.reverse()  # it is the caller's
    kept = [list(map(id, now.parents)) == list(map(id, then)) for now, then in zip(tensors, before)]
    return orders, all(kept)
"""


def reached(parents, root):
    """The numbers of a tensor and of all that it was computed from."""
    found, todo = set(), [root]
    while todo:
        number = todo.pop()
        if number not in found:
            found.add(number)
            todo.extend(parents[number])
    return found


def faults(order, parents, root):
    """In how many ways a list of numbers is no topological order, by kinds: none of them where it is one.

    None in their places, where nothing was returned.
    """
    if order is None:
        return dict.fromkeys(("missing", "more than once", "from elsewhere", "before its parents"))
    numbers, wanted = [int(number) for number in np.ravel(order)], reached(parents, root)
    first = {number: place for place, number in reversed(list(enumerate(numbers)))}
    early = sum(first[p] > first[n] for n in first if n >= 0 for p in set(parents[n]) if p in first)
    return {
        "missing": len(wanted - set(numbers)),
        "more than once": len(numbers) - len(set(numbers)),
        "from elsewhere": len(set(numbers) - wanted),
        "before its parents": early,
    }


def random_graph(rng):
    """Numbers of the parents of 14 tensors, of which the first three have none; and the number of the root, 11.

    However a walk from the root goes, level by level or depth first, from the left or from the right: it meets a tensor
    that has parents before another one that was computed from it.
    """
    parents = [[], [], []] + [rng.integers(number, size=rng.integers(1, 4)).tolist() for number in range(3, 10)]
    first, last = (3 + rng.permutation(7)[:2]).tolist()
    parents += [[first, last, first], [first, 10, last], [int(rng.integers(12)), 11], [12, 3]]
    return parents, 11


def named_faults(found, name):
    return {f"{kind}, {name}": count for kind, count in found.items()}


@check("topological_order", 1, ORDER)
def order_value(code, rng):
    """topological_order(tensor)

    a list of the tensor and of all that it was computed from: each once, and behind all of its parents
    """
    ordered, seen = code.define(GRAPH, "ordered"), {}
    graphs = {f"graph {k}": random_graph(rng) for k in (1, 2, 3)}
    graphs |= {"used twice": ([[], [0, 0], [1, 1, 0]], 2), "squares": ([[], [0], [1, 1], [1, 2], [2, 3]], 4)}
    graphs |= {
        "other squares": ([[], [0], [1, 1], [1, 0], [3, 2]], 4),
        "a chain": ([[], [0], [1], [2]], 3),
        "alone": ([[]], 0),
    }
    graphs["part of a graph"] = graphs["graph 1"][0], graphs["graph 1"][1] - 3
    for name, (parents, root) in graphs.items():
        seen |= named_faults(faults(ordered(parents, root), parents, root), name)
    return seen


@check("topological_order", 0.5, ORDER)
def order_of_a_long_chain(code, rng):
    """topological_order of a chain of 10,000 tensors

    the same as of a short one, without recursion
    """
    order, to_the_end = code.define(GRAPH, "chained")(10_000)
    return {"the order": order, "without recursion": to_the_end}


@check("topological_order", 0.5, ORDER)
def order_side_effects(code, rng):
    """topological_order, twice, and of tensors that are used again and again

    the same both times, also after another tensor's; the tensors as they were; none is looked at again and again
    """
    parents, root = random_graph(rng)
    (first, other, again), kept = code.define(GRAPH, "twice")(parents, root, root - 2)
    return {
        "an order": bool(arrays(first)),
        "a second call": same(first, again),
        "another tensor": same(sorted(np.ravel(other).tolist()), sorted(reached(parents, root - 2)))
        or first is None
        or any(faults(first, parents, root).values()),
        "the parents afterwards": kept,
        "each tensor looked at a few times": code.define(GRAPH, "looked")(40),
    }


# ---------------------------------------------------------------- backward

WALK = """
def made(shapes, parents, weights, shared=False):
    tensors, calls = [], []
    for number, shape in enumerate(shapes):
        above = [tensors[p] for p in parents[number]]

        def pull(gradient, number=number, above=above):
            calls.append(number)
            gradient = np.asarray(gradient)
            if shared:
                return tuple(gradient for _ in above)
            return tuple(
                (w @ gradient.ravel()).reshape(p.data.shape) for w, p in zip(weights[number], above)
            )

        tensors.append(Tensor(np.full(shape, 0.5), above, pull if above else None))
    return tensors, calls


def told(tensors, numbers):
    found = [tensors[number].gradient for number in numbers]
    return [np.zeros(tensors[n].data.shape) if g is None else g for n, g in zip(numbers, found)]


def walk(shapes, parents, weights, root, gradient, numbers):
    tensors, _ = made(shapes, parents, weights)
    tensors[root].backward(*([] if gradient is None else [gradient]))
    none = [number for number, tensor in enumerate(tensors) if tensor.gradient is None]
    return told(tensors, numbers), none, [float(np.sum(each)) for each in told(tensors, range(len(tensors)))]


def again(shapes, parents, weights, root, other, gradient, preset, numbers):
    tensors, _ = made(shapes, parents, weights)
    found = []
    for _ in range(3):
        tensors[root].backward(gradient.copy())
        found.append([np.array(each) for each in told(tensors, numbers)])
    fresh, _ = made(shapes, parents, weights)
    fresh[0].gradient = preset.copy()
    fresh[root].backward(gradient.copy())
    alone, _ = made(shapes, parents, weights)
    alone[other].backward(np.ones(shapes[other]))
    both, _ = made(shapes, parents, weights)
    both[root].backward(gradient.copy())
    both[other].backward(np.ones(shapes[other]))
    return found, told(fresh, [0])[0], told(alone, [0])[0], told(both, [0])[0]


def watched(shapes, parents, weights, root, gradient, numbers):
    tensors, calls = made(shapes, parents, weights)
    given = gradient.copy()
    tensors[root].backward(given)
    once = list(calls)
    tensors[root].backward(2 * gradient)
    data = all(np.array_equal(tensor.data, np.full(shape, 0.5)) for tensor, shape in zip(tensors, shapes))
    kept = all(
        list(map(id, tensor.parents)) == [id(tensors[p]) for p in each] for tensor, each in zip(tensors, parents)
    )
    return once, given, data, kept


def sharing(parents, root, gradient):
    found = []
    for copied in (False, True):
        tensors, _ = made([gradient.shape] * len(parents), parents, None, shared=True)
        for tensor in tensors if copied else ():
            if tensor.pull:
                tensor.pull = lambda g, pull=tensor.pull: tuple(np.array(each) for each in pull(g))
        tensors[root].backward(gradient.copy())
        found.append(told(tensors, range(len(parents))))
    return found


def long(length):
    tensors = [Tensor(0.5)]
    for _ in range(length - 1):
        tensors.append(Tensor(0.5, tensors[-1:], lambda gradient: (-gradient,)))
    try:
        tensors[-1].backward()
    except RecursionError:
        return None
    return told(tensors, [0, length // 2, length - 1])


def refused(shape, gradient):
    Tensor(np.zeros(shape)).backward(gradient)


def begun(shape):
    tensor = Tensor(np.full(shape, 0.5))
    try:
        tensor.backward()
    except ValueError:
        return None
    return tensor.gradient
"""
ORDERED = """
def order(tensor):
    order, seen, todo = [], set(), [(tensor, False)]
    while todo:
        node, done = todo.pop()
        if done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            todo.append((node, True))
            todo.extend((parent, False) for parent in node.parents)
    return order


def turned(tensor):
    return order(tensor)[::-1]


def goes_back():
    first = Tensor(0.5)
    middle = Tensor(0.5, (first,), lambda gradient: (2 * gradient,))
    try:
        Tensor(0.5, (middle,), lambda gradient: (3 * gradient,)).backward()
        return first.gradient is not None and float(first.gradient) == 6
    except NotImplementedError:
        raise
    except Exception:
        return False
"""


@contextlib.contextmanager
def right_order(code):
    """Have a right topological_order where the submission's own has lost points; turned, where backward wants it so.

    `given=` cannot: it works by values, and what tells one tensor from another is which one it is.
    """
    if code.passed(ORDER):
        yield
        return
    own = code.topological_order.keep() if code.has(ORDER) else None
    try:
        for name in ("order", "turned", "order"):
            code.topological_order.set(code.define(ORDERED, name))
            if code.define(ORDERED, "goes_back")():
                break
        yield
    finally:
        with contextlib.suppress(Exception):  # a new child has its own
            if own is not None:
                code.topological_order.set(own)


def random_net(rng, kinds=((3, 2), (4,), (2, 1, 2), ())):
    """Shapes, parents and weights of tensors, each pull a linear map of its own, and the number of the root."""
    parents, root = random_graph(rng)
    shapes = [kinds[int(k)] for k in rng.integers(len(kinds), size=len(parents))]
    shapes[0], shapes[root] = kinds[len(kinds) > 1], kinds[0]
    sizes = [int(np.prod(shape)) for shape in shapes]
    weights = [[signed(rng, sizes[p], sizes[k]) for p in each] for k, each in enumerate(parents)]
    return shapes, parents, weights, root


def inner(parents, root):
    """Two tensors on the way from the root to the leaves: the one that is used most often, and the next."""
    users = {
        n: sum(each.count(n) for k, each in enumerate(parents) if k in reached(parents, root)) for n in range(root)
    }
    found = [n for n in sorted(users, key=users.get, reverse=True) if parents[n] and n in reached(parents, root)]
    return found[:2]


def first_leaf(parents, root):
    """A leaf that the root was computed from, and that is used most often."""
    leaves = [n for n in reached(parents, root) if not parents[n]]
    return max(leaves, key=lambda n: sum(each.count(n) for each in parents))


def walked(code, rng, kinds):
    """What backward brings to tensors of a graph. kinds: the shapes that they may have."""
    shapes, parents, weights, root = random_net(rng, kinds)
    numbers = [first_leaf(parents, root), *inner(parents, root), root]
    walk = code.define(WALK, "walk")
    found, none, sums = walk(shapes, parents, weights, root, signed(rng, *shapes[root]), numbers)
    outside = set(range(len(parents))) - reached(parents, root)
    return dict(zip(NAMES, found, strict=True)) | {
        "without a gradient": len(set(none) - outside),
        "out of reach, with a gradient": len(outside - set(none)),
        "the sums of all gradients": np.array(sums),
    }


NAMES = "a leaf", "a tensor used often", "another tensor", "the tensor itself"


@check("backward", 0.75, BACKWARD)
def backward_value(code, rng):
    """backward(gradient)

    in .gradient of the tensor and of all that it was computed from: what all pulls bring there, added up
    """
    walk = code.define(WALK, "walk")
    with right_order(code):
        seen = walked(code, rng, [(3, 2)])
        found, *_ = walk([(3,), ()], [[], [0]], [[], [signed(rng, 3, 1)]], 1, None, [0, 1])
        alone, *_ = walk([(3,)], [[]], [[]], 0, signed(rng, 3), [0])
        _, lacking, _ = walk([()] * 3, [[], [0], [1]], [[], [np.zeros((1, 1))], [np.zeros((1, 1))]], 2, None, [0])
        nothing, *_ = walk([(3,), ()], [[], [0]], [[], [signed(rng, 3, 1)]], 1, np.zeros(()), [0])
    return seen | {
        "the parent of a number": found[0],
        "a number": found[1],
        "a tensor without parents": alone[0],
        "without a gradient, where that is 0": len(lacking),
        "the parent, for a gradient of 0": nothing[0],
    }


@check("backward", 0.25, BACKWARD)
def backward_shapes(code, rng):
    """backward(gradient), where the tensors have several shapes

    each gradient in the shape of its tensor
    """
    with right_order(code):
        return walked(code, rng, [(3, 2), (4,), (2, 1, 2), ()])


@check("backward", 0.75, BACKWARD)
def backward_adds(code, rng):
    """backward(gradient), again and again, and from another tensor

    each call adds its gradients to what is there, and only its own: three calls give three times as much
    """
    shapes, parents, weights, root = random_net(rng)
    parents[root] = [0, *parents[root]]
    weights[root] = [signed(rng, 4, 6), *weights[root]]
    other = root + 1
    shapes[other], parents[other], weights[other] = (), [0, 0], [signed(rng, 4, 1), signed(rng, 4, 1)]
    numbers, preset = [0, *inner(parents, root), root], signed(rng, 4)
    with right_order(code):
        found, added, alone, both = code.define(WALK, "again")(
            shapes, parents, weights, root, other, signed(rng, *shapes[root]), preset, numbers
        )
    seen = {}
    for name, first, second, third in zip(NAMES, *found, strict=True):
        seen |= {f"{name}, twice": factor(first, second), f"{name}, three times": factor(first, third)}
    leaf = np.asarray(found[0][0])
    return seen | {
        "gradients": all(np.any(part) for part in found[0]),
        "on top of what was there": same(preset + leaf, added),
        "from two tensors": same(leaf + np.asarray(alone), both),
    }


@check("backward", 0.5, BACKWARD)
def backward_side_effects(code, rng):
    """backward(gradient), and what it was given

    the gradient, data and parents as they were; each pull is called once; a pull may give one array to two parents
    """
    shapes, parents, weights, root = random_net(rng)
    gradient = signed(rng, *shapes[root])
    with right_order(code):
        once, given, data, kept = code.define(WALK, "watched")(
            shapes, parents, weights, root, gradient, [first_leaf(parents, root)]
        )
        shared, copied = code.define(WALK, "sharing")([[], [], [0, 1], [1, 0], [2, 3], [4, 2, 0]], 5, gradient)
        found = code.define(WALK, "walk")(shapes, parents, weights, root, gradient, [root])[0]
    pulls = {n for n in reached(parents, root) if parents[n]}
    return {
        "a gradient": depends(found, np.zeros(gradient.shape)),
        "pulls that were called more than once": len(once) - len(set(once)),
        "pulls that were not called": len(pulls - set(once)),
        "the gradient afterwards": same(gradient, given),
        "the data afterwards": data,
        "the parents afterwards": kept,
        "one array for two parents": same(shared, copied),
    }


@check("backward", 0.25, BACKWARD)
def backward_of_a_long_chain(code, rng):
    """backward of a chain of 3,000 tensors

    the same as of a short one, without recursion
    """
    with right_order(code):
        found = code.define(WALK, "long")(3_000)
    parts = dict(zip(("the first", "the middle", "the last"), found or [np.zeros(())] * 3, strict=True))
    return {"without recursion": found is not None} | parts


@check("backward", 0.25, BACKWARD)
def backward_refuses(code, rng):
    """backward without a gradient for several numbers, or with one of another shape

    an exception, and none where the shapes are equal or there is a single number, of whatever shape
    """
    gradient = signed(rng, 3, 2)
    cases = {
        "none for several numbers": ((3, 2), None),
        "none for one axis": ((3,), None),
        "a row for a matrix": ((3, 2), gradient[0]),
        "a column for a matrix": ((3, 2), gradient[:, :1]),
        "as many numbers in another shape": ((3, 2), gradient.T),
        "a matrix for a single number": ((), gradient),
        "equal shapes": ((3, 2), gradient),
        "none for a single number": ((), None),
    }
    with right_order(code):
        seen = families.refuses(code, code.define(WALK, "refused"), cases)
        return seen | {"a matrix of one number": code.define(WALK, "begun")((1, 1))}


# ---------------------------------------------------------------- the net of homework 5


USES = (UNBROADCAST, *OPERATORS, ORDER, BACKWARD)


def problem(rng, n, d_in, m, d_out):
    """x, y, w1 and w2 of a net."""
    return [signed(rng, *shape) for shape in ((n, d_in), (n, d_out), (d_in, m), (m, d_out))]


@check("convergence", 0.25, "train", uses=USES, rtol=1e-6, elementwise=True)
def trajectory(code, rng):
    """train(x, y, w1, w2, lr, n_iter), loss by loss

    the losses of gradient descent, each taken before its step
    """
    return code.train(*problem(rng, 12, 5, 6, 3), 2e-3, 25)


@check("convergence", 0.25, "train", uses=USES)
def convergence(code, rng):
    """train for 100 iterations

    the loss of the weights at the start, and less than a twentieth of it at the end
    """
    x, y, w1, w2 = problem(rng, 8, 6, 24, 2)
    start, losses = np.sum((np.maximum(x @ w1, 0) @ w2 - y) ** 2), families.numbers(code.train(x, y, w1, w2, 1e-3, 100))
    told = losses is not None and losses.shape == (100,)
    return {
        "the first loss": told and families.tells(losses[0], start),
        "ends low": told and bool(losses[-1] < 0.05 * start),
    }


# ---------------------------------------------------------------- questions


@families.answer("too_early", 1)
def too_early():
    """your answer to question 1

    what arrives at x where each tensor pulls as soon as it is found, level by level
    """


@families.answer("passes_for_differences", 1)
def passes_for_differences():
    """your answer to question 2

    how many forward passes central differences need for one gradient of the net
    """


@families.answer("broken_operators", 1)
def broken_operators():
    """your answer to question 3

    a dict from the name of each wrong operator to the place of its mistake, of PLACES
    """
