"""Known mistakes and right variants of hw10_autograd_engine."""

import numpy as np

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit

COUNTS = "a pull that gives another number of gradients is the operator's mistake"
EQUIVALENT = {
    "Tensor.relu: np.maximum(self.data, 0) -> np.maximum(0, self.data)": "the arguments may be given in either order",
    "Tensor.relu: self.data > 0 -> self.data >= 0": "the derivative at exactly 0 is never probed",
    "Tensor.backward: zip(tensor.parents, parts, strict=True) -> zip(tensor.parents, parts)": COUNTS,
    "Tensor.backward: True -> False": COUNTS,
}

NO_PULL = "Your pull returns None, or there is none; it should return a tuple with one gradient for each parent."

# ---------------------------------------------------------------- unbroadcast

UNBROADCAST = "unbroadcast"
FRONT = "gradient = gradient.sum(axis=tuple(range(added)))"
SINGLE = "return gradient.sum(axis=single, keepdims=True)"


@chaff_edit(UNBROADCAST, "unbroadcast_value", FRONT, "pass", concept="shapes")
def front_kept():
    """axes in front not summed

    Your code leaves the axes that were added in front; it should sum over them. See "Broadcasting, and its way back".
    """


@chaff_edit(UNBROADCAST, "unbroadcast_value", SINGLE, "return gradient", concept="shapes")
def stretched_kept():
    """stretched axes not summed

    Your code leaves axes that were stretched; it should sum over them. See "Broadcasting, and its way back".
    """


@chaff_edit(UNBROADCAST, "unbroadcast_value", SINGLE, "return gradient.sum(axis=single)", concept="shapes")
def stretched_gone():
    """stretched axes summed without keeping them

    Your code sums over stretched axes and drops them; it should keep them, with the length 1. See "Broadcasting, and
    its way back".
    """


@chaff_edit(
    UNBROADCAST,
    "unbroadcast_value",
    ".sum(axis=tuple(range(added)))",
    ".mean(axis=tuple(range(added)))",
    concept="mean",
)
def mean_in_front():
    """mean for sum in front

    Your code takes the mean over the axes in front; it should take the sum: every copy counts.
    """


@chaff_edit(
    UNBROADCAST, "unbroadcast_value", SINGLE, "return gradient.mean(axis=single, keepdims=True)", concept="mean"
)
def mean_of_stretched():
    """mean for sum over the stretched

    Your code takes the mean over stretched axes; it should take the sum: every copy counts.
    """


@chaff(UNBROADCAST, "unbroadcast_value", concept="mean")
def means_throughout(gradient, shape):
    """mean for sum everywhere

    Your code takes means over the copies; it should take sums: every copy counts.
    """
    gradient = gradient.mean(axis=tuple(range(gradient.ndim - len(shape))))
    return gradient.mean(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


@chaff_edit(UNBROADCAST, "unbroadcast_value", FRONT, "gradient = gradient[(0,) * added]", concept="autograd")
def first_copy_in_front():
    """the first copy only

    Your code takes the first of the copies in front; it should add up all of them. See "Broadcasting, and its way
    back".
    """


@chaff_edit(UNBROADCAST, "unbroadcast_value", "range(added)", "range(-added, 0)", concept="shapes")
def axes_behind():
    """axes behind for axes in front

    Your code sums over the last axes; it should sum over those in front, where broadcasting adds them.
    """


@chaff_edit(
    UNBROADCAST, "unbroadcast_value", FRONT, "gradient = gradient.sum(axis=0) if added else gradient", concept="shapes"
)
def one_axis_in_front():
    """one axis in front only

    Your code sums over one axis in front; it should sum over as many as were added.
    """


@chaff(UNBROADCAST, "unbroadcast_value", concept="shapes")
def one_stretched_axis(gradient, shape):
    """one stretched axis only

    Your code sums over one stretched axis at most; it should sum over every axis of length 1.
    """
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    for axis, length in enumerate(shape):
        if length == 1 and gradient.shape[axis] > 1:
            return gradient.sum(axis=axis, keepdims=True)
    return gradient


@chaff(UNBROADCAST, "unbroadcast_value", concept="shapes")
def cut_to_shape(gradient, shape):
    """cut to the shape

    Your code cuts the gradient to the shape; it should add up what belongs to the copies. See "Broadcasting, and its
    way back".
    """
    gradient = gradient[(0,) * (gradient.ndim - len(shape))]
    return gradient[tuple(slice(0, length) for length in shape)]


@chaff(UNBROADCAST, "unbroadcast_value", concept="shapes")
def returned_as_it_came(gradient, shape):
    """returned as it is

    Your code returns the gradient as it came; it should sum over the copies that broadcasting made. See
    "Broadcasting, and its way back".
    """
    return gradient


@chaff(UNBROADCAST, "unbroadcast_value", concept="shapes")
def rows_always(gradient, shape):
    """rows summed whenever the shapes differ

    Your code sums over the rows whenever the shapes differ; it should sum over the axes that were added or stretched.
    """
    return gradient if gradient.shape == tuple(shape) else gradient.sum(axis=0)


@chaff(UNBROADCAST, "unbroadcast_value", concept="shapes")
def matched_by_length(gradient, shape):
    """axes matched by their lengths

    Your code sums over axes whose lengths differ, counted from the left; it should count axes from the right, as
    NumPy does.
    """
    for axis in range(gradient.ndim):
        if axis >= len(shape) or gradient.shape[axis] != shape[axis]:
            gradient = gradient.sum(axis=axis, keepdims=True)
    return gradient.reshape(shape) if gradient.size == np.prod(shape) else gradient


@chaff(UNBROADCAST, "unbroadcast_value", concept="places")
def reshaped_and_summed(gradient, shape):
    """reshaped in the wrong order

    Your code puts the copies on a last axis of its own; it should sum over the axes in front, where they stand.
    """
    size = int(np.prod(shape))
    return gradient.reshape(size, -1).sum(axis=1).reshape(shape)


@chaff_edit(
    UNBROADCAST,
    "unbroadcast_side_effects",
    FRONT,
    f"gradient *= 1.5; {FRONT}; gradient = gradient / 1.5",
    concept="alias",
)
def unbroadcast_in_place():
    """the caller's gradient is changed

    Your code changes the gradient that it was given; it should leave it as it is and work on a new array.
    """


@wheat(UNBROADCAST)
def by_a_loop(gradient, shape):
    while np.ndim(gradient) > len(shape):
        gradient = np.sum(gradient, axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1 and np.shape(gradient)[axis] != 1:
            gradient = np.sum(gradient, axis=axis, keepdims=True)
    return gradient


@wheat(UNBROADCAST)
def by_padding_and_reshape(gradient, shape):
    padded = (1,) * (np.ndim(gradient) - len(shape)) + tuple(shape)
    axes = tuple(i for i, (one, other) in enumerate(zip(padded, gradient.shape)) if one != other)
    return np.sum(gradient, axis=axes).reshape(shape)


@wheat(UNBROADCAST)
def entry_by_entry(gradient, shape):
    result = np.zeros(shape)
    here = np.broadcast_to(np.arange(result.size).reshape(shape), np.shape(gradient))
    np.add.at(result.reshape(-1), here.ravel(), np.ravel(gradient))
    return result


@wheat(UNBROADCAST)
def early_return(gradient, shape):
    if gradient.shape == tuple(shape):
        return gradient
    if not shape:
        return np.array(gradient.sum())
    extra = gradient.ndim - len(shape)
    axes = list(range(extra)) + [extra + i for i, n in enumerate(shape) if n == 1 and gradient.shape[extra + i] > 1]
    return gradient.sum(axis=tuple(axes), keepdims=True).reshape(shape)


@wheat(UNBROADCAST)
def by_bincount(gradient, shape):
    places = np.broadcast_to(np.arange(int(np.prod(shape))).reshape(shape), gradient.shape)
    return np.bincount(places.ravel(), weights=gradient.ravel(), minlength=int(np.prod(shape))).reshape(shape)


# ---------------------------------------------------------------- Tensor.__add__

ADD = "Tensor.__add__"
OF_SELF, OF_OTHER = "unbroadcast(gradient, self.data.shape)", "unbroadcast(gradient, other.data.shape)"
BOTH = f"{OF_SELF}, {OF_OTHER}"


@chaff_edit(ADD, "add_value", "self.data + other.data", "self.data - other.data", concept="definition")
def add_subtracts():
    """subtracted

    Your code subtracts b; it should add it.
    """


@chaff_edit(ADD, "add_value", OF_OTHER, f"-{OF_OTHER}", concept="sign")
def add_sign_of_other():
    """sign of b's gradient

    Your pull gives b the gradient with a minus; it should hand it on as it is, as it does for a.
    """


@chaff_edit(ADD, "add_value", BOTH, "gradient, gradient", concept="shapes")
def add_not_unbroadcast():
    """not unbroadcast

    Your pull hands on the gradient in the shape of the result; it should bring it to the shape of each operand. See
    "Broadcasting, and its way back".
    """


@chaff_edit(ADD, "add_value", OF_OTHER, "gradient", concept="shapes")
def add_other_not_unbroadcast():
    """b's gradient not unbroadcast

    Your pull gives b a gradient in the shape of the result; it should bring it to the shape of b. See "Broadcasting,
    and its way back".
    """


@chaff_edit(ADD, "add_value", OF_SELF, "gradient", concept="shapes")
def add_self_not_unbroadcast():
    """a's gradient not unbroadcast

    Your pull gives a a gradient in the shape of the result; it should bring it to the shape of a. See "Broadcasting,
    and its way back".
    """


@chaff_edit(ADD, "add_value", BOTH, f"{OF_OTHER}, {OF_SELF}", concept="shapes")
def add_shapes_exchanged():
    """shapes exchanged

    Your pull gives an operand a gradient in the shape of the other; it should give each its own, in the order of the
    parents.
    """


@chaff_edit(
    ADD,
    "add_value",
    BOTH,
    "unbroadcast(gradient * other.data, self.data.shape), unbroadcast(gradient * self.data, other.data.shape)",
    concept="chain rule",
)
def add_pulls_as_times():
    """pull of a product

    Your pull multiplies by the other operand; it should hand on the gradient as it is: that is the rule of a product.
    """


@chaff_edit(
    ADD,
    "add_value",
    BOTH,
    "unbroadcast(gradient * self.data, self.data.shape), unbroadcast(gradient * other.data, other.data.shape)",
    concept="chain rule",
)
def add_pulls_own():
    """times the operand itself

    Your pull multiplies by the operand itself; it should hand on the gradient as it is, as the slope of a sum is one.
    """


@chaff_edit(ADD, "add_value", f"{BOTH}", f"gradient, {OF_OTHER} * 0", concept="autograd")
def add_nothing_for_other():
    """nothing for b

    Your pull gives b zeros; it should give it the gradient as well: both operands move the sum.
    """


@chaff_edit(
    ADD,
    "add_value",
    "return unbroadcast(gradient, self.data.shape), ",
    "return 0.5 * unbroadcast(gradient, self.data.shape), 0.5 * ",
    concept="factor",
)
def add_shared_out():
    """the gradient shared out

    Your pull gives each operand half of the gradient; it should give all of it to both.
    """


@chaff_edit(ADD, "add_value", BOTH, "np.ones(self.data.shape), np.ones(other.data.shape)", concept="chain rule")
def add_slopes_only():
    """the local slope without the gradient

    Your pull returns the slope of the sum alone; it should multiply it by the gradient that arrives. See "1. A graph,
    by hand".
    """


@chaff_edit(ADD, "add_value", "(self, other), pull", "(self,), pull", concept="autograd")
def add_one_parent():
    """one parent, two gradients

    Your result has one parent, and its pull two gradients; it should have a parent for each gradient.
    """


@chaff_edit(ADD, "add_value", "(self, other), pull", "(other, self), pull", concept="shapes")
def add_parents_exchanged():
    """parents in another order than their gradients

    Your pull gives an operand a gradient in the shape of the other; it should give each its own, in the order of the
    parents.
    """


@chaff_edit(ADD, "add_value", ", (self, other), pull", "", concept="autograd")
def add_without_parents():
    """no parents and no pull

    Your result has no parents and no pull; it should know both operands and the way back to them. See "1. A graph, by
    hand".
    """


@chaff_edit(
    ADD,
    "add_value",
    "Tensor(self.data + other.data, (self, other), pull)",
    "self.data + other.data",
    concept="autograd",
)
def add_an_array():
    """an array as result

    Your code returns an array; it should return a Tensor, with its parents and its pull.
    """


@chaff_edit(ADD, "add_plain", "other = as_tensor(other)", "pass", concept="python")
def add_tensors_only():
    """plain numbers fail

    Your code takes tensors only; it should take numbers and arrays as well, by as_tensor. See "The class".
    """


@chaff_edit(ADD, "add_value", f"return {BOTH}", f"{BOTH}", hint=NO_PULL, concept="autograd")
def add_pull_returns_nothing():
    """pull without return"""


@chaff(ADD, "add_value", hint=NO_PULL, concept="autograd")
def add_pull_into_gradients(self, other):
    """pull writes into .gradient"""
    other = as_tensor(other)

    def pull(gradient):
        for operand in (self, other):
            part = unbroadcast(gradient, operand.data.shape)
            operand.gradient = part if operand.gradient is None else operand.gradient + part

    return Tensor(self.data + other.data, (self, other), pull)


@chaff(ADD, "add_side_effects", concept="alias")
def add_in_place(self, other):
    """added in place

    Your code adds into the data of a; it should leave both operands as they are and make a new array.
    """
    other = as_tensor(other)
    back = [self.data.shape, other.data.shape]
    if other is not self and np.broadcast(self.data, other.data).shape == self.data.shape:
        self.data += other.data
        return Tensor(self.data, (self, other), lambda g: tuple(unbroadcast(g, shape) for shape in back))
    return Tensor(self.data + other.data, (self, other), lambda g: tuple(unbroadcast(g, shape) for shape in back))


@chaff_edit(
    ADD,
    "add_side_effects",
    f"return {BOTH}",
    "gradient *= 1.5; gradient = gradient / 1.5; return " + BOTH,
    concept="alias",
)
def add_changes_gradient():
    """the gradient that arrives is changed

    Your pull changes the gradient that it is given; it should leave it as it is.
    """


@chaff_edit(
    ADD,
    "add_side_effects",
    f"return {BOTH}",
    f"self.gradient = unbroadcast(gradient, self.data.shape); return {BOTH}",
    concept="autograd",
)
def add_sets_gradient():
    """pull sets .gradient as well

    Your pull sets the gradient of an operand; it should return it and change nothing: backward adds it up.
    """


@chaff_edit(ADD, "add_value", "(self, other), pull", "(self, other)", hint=NO_PULL, concept="autograd")
def add_without_pull():
    """parents, and no pull"""


@wheat_edit(ADD, "self.data + other.data", "np.add(self.data, other.data)")
def add_by_numpy(): ...


@chaff(ADD, "add_value", concept="shapes")
def add_compares_sizes(self, other):
    """sizes for shapes

    Your pull leaves a gradient as it is where it has as many entries as the operand; it should be where the shapes are
    the same.
    """
    other = as_tensor(other)

    def pull(gradient):
        every = (self.data, other.data)
        return tuple(gradient if gradient.size == a.size else unbroadcast(gradient, a.shape) for a in every)

    return Tensor(self.data + other.data, (self, other), pull)


@wheat(ADD)
def add_without_parent_for_numbers(self, other):
    if not isinstance(other, Tensor):
        data = self.data + other
        return Tensor(data, (self,), lambda g: (unbroadcast(g, self.data.shape),))
    shapes = self.data.shape, other.data.shape
    return Tensor(self.data + other.data, [self, other], lambda g: [unbroadcast(g, shape) for shape in shapes])


@wheat(ADD)
def add_with_shapes_kept(self, other):
    if isinstance(other, (int, float, np.ndarray)):
        other = Tensor(other)
    a, b = self.data.shape, other.data.shape

    def back(g):
        left = g if a == g.shape else unbroadcast(g, a)
        right = g if b == g.shape else unbroadcast(g, b)
        return left, right

    out = Tensor(self.data + other.data)
    out.parents, out.pull = (self, other), back
    return out


@wheat(ADD)
def add_twice_as_one_parent(self, other):
    other = as_tensor(other)
    if other is self:
        return Tensor(2 * self.data, (self,), lambda g: (2 * g,))
    both = (self, other)
    return Tensor(self.data + other.data, both, lambda g: tuple(unbroadcast(np.array(g), t.data.shape) for t in both))


# ---------------------------------------------------------------- Tensor.__mul__

MULTIPLY = "Tensor.__mul__"
TIMES_OTHER, TIMES_SELF = "gradient * other.data", "gradient * self.data"


@chaff_edit(MULTIPLY, "multiply_value", "self.data * other.data,", "self.data + other.data,", concept="definition")
def multiply_adds():
    """added

    Your code adds; it should multiply.
    """


@chaff_edit(MULTIPLY, "multiply_value", "self.data * other.data,", "self.data / other.data,", concept="definition")
def multiply_divides():
    """divided

    Your code divides; it should multiply.
    """


@chaff_edit(
    MULTIPLY,
    "multiply_value",
    (TIMES_OTHER, TIMES_SELF),
    ("gradient * self.data", "gradient * other.data"),
    concept="chain rule",
)
def multiply_own_factor():
    """times the operand itself

    Your pull multiplies by the operand itself; it should multiply by the other one. See "1. A graph, by hand".
    """


@chaff_edit(MULTIPLY, "multiply_value", (TIMES_OTHER, TIMES_SELF), ("gradient", "gradient"), concept="chain rule")
def multiply_pulls_as_plus():
    """pull of a sum

    Your pull hands on the gradient as it is; it should multiply it by the other operand. See "1. A graph, by hand".
    """


@chaff_edit(
    MULTIPLY,
    "multiply_value",
    (TIMES_OTHER, TIMES_SELF),
    ("other.data + 0 * gradient", "self.data + 0 * gradient"),
    concept="chain rule",
)
def multiply_slopes_only():
    """the local slope without the gradient

    Your pull gives the other operand alone; it should multiply it by the gradient that arrives. See "1. A graph, by
    hand".
    """


@chaff_edit(MULTIPLY, "multiply_value", TIMES_SELF, f"-{TIMES_SELF}", concept="sign")
def multiply_sign_of_other():
    """sign of b's gradient

    Your pull gives b its gradient with a minus; it should have none.
    """


@chaff_edit(MULTIPLY, "multiply_value", TIMES_SELF, "gradient * other.data", concept="chain rule")
def multiply_same_for_both():
    """b for both

    Your pull multiplies by b for both operands; it should multiply by a where the gradient is that of b.
    """


@chaff_edit(MULTIPLY, "multiply_value", TIMES_OTHER, "gradient * self.data", concept="chain rule")
def multiply_a_for_both():
    """a for both

    Your pull multiplies by a for both operands; it should multiply by b where the gradient is that of a.
    """


@chaff_edit(
    MULTIPLY,
    "multiply_value",
    (f"unbroadcast({TIMES_OTHER}, self.data.shape)", f"unbroadcast({TIMES_SELF}, other.data.shape)"),
    (TIMES_OTHER, TIMES_SELF),
    concept="shapes",
)
def multiply_not_unbroadcast():
    """not unbroadcast

    Your pull gives gradients in the shape of the result; it should bring each to the shape of its operand. See
    "Broadcasting, and its way back".
    """


@chaff_edit(MULTIPLY, "multiply_value", f"unbroadcast({TIMES_SELF}, other.data.shape)", TIMES_SELF, concept="shapes")
def multiply_other_not_unbroadcast():
    """b's gradient not unbroadcast

    Your pull gives b a gradient in the shape of the result; it should bring it to the shape of b. See "Broadcasting,
    and its way back".
    """


@chaff_edit(MULTIPLY, "multiply_value", f"unbroadcast({TIMES_OTHER}, self.data.shape)", TIMES_OTHER, concept="shapes")
def multiply_self_not_unbroadcast():
    """a's gradient not unbroadcast

    Your pull gives a a gradient in the shape of the result; it should bring it to the shape of a. See "Broadcasting,
    and its way back".
    """


@chaff_edit(
    MULTIPLY,
    "multiply_value",
    (f"unbroadcast({TIMES_OTHER}, self.data.shape)", f"unbroadcast({TIMES_SELF}, other.data.shape)"),
    ("unbroadcast(gradient, self.data.shape) * other.data", "unbroadcast(gradient, other.data.shape) * self.data"),
    concept="order",
)
def multiply_unbroadcast_first():
    """unbroadcast before the product

    Your pull sums over the copies first and multiplies then; it should multiply first, as each copy has its own
    factor.
    """


@chaff_edit(MULTIPLY, "multiply_value", "(self, other), pull", "(other, self), pull", concept="places")
def multiply_parents_exchanged():
    """parents in another order than their gradients

    Your result has its parents in another order than the gradients; it should have both in the same order.
    """


@chaff_edit(MULTIPLY, "multiply_value", ", (self, other), pull", "", concept="autograd")
def multiply_without_parents():
    """no parents and no pull

    Your result has no parents and no pull; it should know both operands and the way back to them. See "1. A graph, by
    hand".
    """


@chaff_edit(MULTIPLY, "multiply_value", "(self, other), pull", "(self,), pull", concept="autograd")
def multiply_one_parent():
    """one parent, two gradients

    Your result has one parent, and its pull two gradients; it should have a parent for each gradient.
    """


@chaff_edit(MULTIPLY, "multiply_plain", "other = as_tensor(other)", "pass", concept="python")
def multiply_tensors_only():
    """plain numbers fail

    Your code takes tensors only; it should take numbers and arrays as well, by as_tensor. See "The class".
    """


@chaff_edit(
    MULTIPLY,
    "multiply_value",
    "self.data * other.data,",
    "self.data @ other.data if self.data.shape == other.data.shape == (3, 3) else self.data * other.data,",
    concept="definition",
)
def multiply_matrices():
    """matrix product

    Your code takes the matrix product where it can; it should multiply entry by entry.
    """


@chaff(MULTIPLY, "multiply_value", concept="autograd")
def multiply_square_once(self, other):
    """a square gets one part only

    Your pull gives one part where both operands are the same tensor; it should give both, as each factor moves the
    product.
    """
    other = as_tensor(other)
    if other is self:
        return Tensor(self.data * self.data, (self,), lambda g: (g * self.data,))
    a, b = self.data, other.data
    return Tensor(a * b, (self, other), lambda g: (unbroadcast(g * b, a.shape), unbroadcast(g * a, b.shape)))


@chaff_edit(
    MULTIPLY,
    "multiply_side_effects",
    "def pull(gradient):\n        return",
    "def pull(gradient):\n        gradient *= 1.5; gradient = gradient / 1.5; return",
    concept="alias",
)
def multiply_changes_gradient():
    """the gradient that arrives is changed

    Your pull changes the gradient that it is given; it should leave it as it is.
    """


@chaff(MULTIPLY, "multiply_side_effects", concept="state")
def multiply_keeps_in_class(self, other):
    """operands kept in the class

    Your pull uses the operands of the last product; it should use those of its own, so keep them in its closure.
    """
    other = as_tensor(other)
    Tensor.left, Tensor.right = self, other

    def pull(g):
        a, b = Tensor.left, Tensor.right
        return unbroadcast(g * b.data, a.data.shape), unbroadcast(g * a.data, b.data.shape)

    return Tensor(self.data * other.data, (self, other), pull)


@chaff(MULTIPLY, "multiply_side_effects", concept="autograd")
def multiply_adds_into_gradient(self, other):
    """pull adds into .gradient as well

    Your pull adds into the gradient of the operands; it should only return the parts: backward adds them up.
    """
    other = as_tensor(other)

    def pull(g):
        parts = unbroadcast(g * other.data, self.data.shape), unbroadcast(g * self.data, other.data.shape)
        for operand, part in zip((self, other), parts):
            operand.gradient = part if operand.gradient is None else operand.gradient + part
        return parts

    return Tensor(self.data * other.data, (self, other), pull)


@chaff_edit(MULTIPLY, "multiply_value", "(self, other), pull", "(self, other)", hint=NO_PULL, concept="autograd")
def multiply_without_pull():
    """parents, and no pull"""


@chaff(MULTIPLY, "multiply_value", concept="chain rule")
def multiply_divides_the_result(self, other):
    """the result divided by the operand

    Your pull divides the product by the operand, which is no number where that is 0; it should take the other operand.
    """
    other = as_tensor(other)
    result = self.data * other.data

    def pull(gradient):
        parts = (unbroadcast(gradient * result / a, a.shape) for a in (self.data, other.data))
        return tuple(parts)

    return Tensor(result, (self, other), pull)


@chaff(MULTIPLY, "multiply_side_effects", concept="state")
def multiply_remembers_its_parts(self, other):
    """the first answer of the pull again

    Your pull gives what it gave the first time; it should work with the gradient of this call.
    """
    other, parts = as_tensor(other), []

    def pull(gradient):
        if not parts:
            parts.append(unbroadcast(gradient * other.data, self.data.shape))
            parts.append(unbroadcast(gradient * self.data, other.data.shape))
        return tuple(parts)

    return Tensor(self.data * other.data, (self, other), pull)


@wheat(MULTIPLY)
def multiply_without_parent_for_numbers(self, other):
    if isinstance(other, Tensor):
        a, b = self.data, other.data
        return Tensor(a * b, (self, other), lambda g: [unbroadcast(g * b, a.shape), unbroadcast(g * a, b.shape)])
    factor = np.asarray(other, dtype=float)
    return Tensor(self.data * factor, (self,), lambda g: (unbroadcast(g * factor, self.data.shape),))


@wheat(MULTIPLY)
def multiply_with_a_square(self, other):
    other = as_tensor(other)
    if other is self:
        return Tensor(self.data**2, (self,), lambda g: (2 * g * self.data,))
    result = np.multiply(self.data, other.data)

    def pull(g):
        wide = [np.broadcast_to(t.data, result.shape) for t in (self, other)]
        return tuple(unbroadcast(g * w, t.data.shape) for w, t in zip(wide[::-1], (self, other)))

    return Tensor(result, (self, other), pull)


@wheat(MULTIPLY)
def multiply_parents_turned(self, other):
    other = as_tensor(other)
    kept = self.data.copy(), other.data.copy()

    def pull(g):
        of_other = g * kept[0]
        of_self = g * kept[1]
        return unbroadcast(of_other, kept[1].shape), unbroadcast(of_self, kept[0].shape)

    return Tensor(kept[0] * kept[1], (other, self), pull)


# ---------------------------------------------------------------- Tensor.__matmul__

PRODUCT = "Tensor.__matmul__"
LEFT, RIGHT = "gradient @ other.data.T", "self.data.T @ gradient"


@chaff_edit(
    PRODUCT, "matmul_square", (LEFT, RIGHT), ("gradient @ other.data", "self.data @ gradient"), concept="places"
)
def matmul_no_transpose():
    """no transpose

    Your pull multiplies by the operands as they are; it should transpose them. Which lengths fit?
    """


@chaff_edit(
    PRODUCT, "matmul_square", f"{LEFT}, {RIGHT}", "self.data.T @ gradient, gradient @ other.data.T", concept="places"
)
def matmul_exchanged():
    """gradients exchanged

    Your pull gives each operand the gradient of the other; it should give them in the order of the parents.
    """


@chaff_edit(PRODUCT, "matmul_value", LEFT, "other.data @ gradient.T", concept="places")
def matmul_left_transposed():
    """a's gradient transposed

    Your gradient of a is transposed; it should have the shape of a. See "The class".
    """


@chaff_edit(PRODUCT, "matmul_value", RIGHT, "gradient.T @ self.data", concept="places")
def matmul_right_transposed():
    """b's gradient transposed

    Your gradient of b is transposed; it should have the shape of b. See "The class".
    """


@chaff_edit(PRODUCT, "matmul_value", LEFT, "(other.data @ gradient.T).reshape(self.data.shape)", concept="places")
def matmul_left_reshaped():
    """reshape for transpose in a's

    Your gradient of a is brought to its shape by reshape; it should be by a transpose, which moves the numbers as
    well.
    """


@chaff_edit(PRODUCT, "matmul_value", RIGHT, "(gradient.T @ self.data).reshape(other.data.shape)", concept="places")
def matmul_right_reshaped():
    """reshape for transpose in b's

    Your gradient of b is brought to its shape by reshape; it should be by a transpose, which moves the numbers as
    well.
    """


@chaff_edit(PRODUCT, "matmul_value", LEFT, "gradient @ other.data.reshape(other.data.shape[::-1])", concept="places")
def matmul_reshape_of_other():
    """reshape for transpose of b

    Your pull reshapes b; it should transpose it, which moves the numbers as well.
    """


@chaff_edit(PRODUCT, "matmul_value", RIGHT, "self.data.reshape(self.data.shape[::-1]) @ gradient", concept="places")
def matmul_reshape_of_self():
    """reshape for transpose of a

    Your pull reshapes a; it should transpose it, which moves the numbers as well.
    """


@chaff_edit(PRODUCT, "matmul_value", RIGHT, f"{RIGHT} / len(gradient)", concept="mean")
def matmul_mean_of_rows():
    """mean over the rows

    Your gradient of b is divided by the number of rows; it should be their sum.
    """


@chaff_edit(PRODUCT, "matmul_value", LEFT, f"-{LEFT}", concept="sign")
def matmul_sign_of_self():
    """sign of a's gradient

    Your gradient of a has a minus; it should have none.
    """


@chaff_edit(PRODUCT, "matmul_value", RIGHT, f"-{RIGHT}", concept="sign")
def matmul_sign_of_other():
    """sign of b's gradient

    Your gradient of b has a minus; it should have none.
    """


@chaff_edit(
    PRODUCT,
    "matmul_value",
    (LEFT, RIGHT),
    ("np.ones(gradient.shape) @ other.data.T", "self.data.T @ np.ones(gradient.shape)"),
    concept="chain rule",
)
def matmul_slopes_only():
    """the gradient not used

    Your pull takes ones for the gradient; it should use the one that arrives. See "1. A graph, by hand".
    """


@chaff_edit(PRODUCT, "matmul_square", "(self, other), pull", "(other, self), pull", concept="places")
def matmul_parents_exchanged():
    """parents in another order than their gradients

    Your pull gives each operand the gradient of the other; it should give them in the order of the parents.
    """


@chaff_edit(
    PRODUCT,
    "matmul_square",
    "self.data @ other.data,",
    "self.data @ (other.data.T if len(set(other.data.shape)) == 1 else other.data),",
    concept="places",
)
def matmul_transposed_where_it_fits():
    """b transposed forward

    Your product transposes b where it can; it should take b as it is.
    """


@chaff_edit(PRODUCT, "matmul_value", ", (self, other), pull", "", concept="autograd")
def matmul_without_parents():
    """no parents and no pull

    Your result has no parents and no pull; it should know both operands and the way back to them. See "1. A graph, by
    hand".
    """


@chaff_edit(PRODUCT, "matmul_refuses", "other = as_tensor(other)\n", "pass\n", concept="python")
def matmul_tensors_only():
    """arrays fail

    Your code takes tensors only; it should take arrays as well, by as_tensor. See "The class".
    """


@chaff_edit(PRODUCT, "matmul_refuses", "self.data.ndim != 2 or other.data.ndim != 2", "False", concept="shapes")
def matmul_takes_anything():
    """no check of the axes

    Your code takes arrays of one or three axes; it should raise a ValueError: its pull is right for matrices only.
    """


@chaff_edit(
    PRODUCT, "matmul_refuses", "self.data.ndim != 2 or other.data.ndim != 2", "self.data.ndim != 2", concept="shapes"
)
def matmul_looks_at_a_only():
    """b not looked at

    Your code looks at the axes of a only; it should refuse a b that is no matrix, too.
    """


@chaff_edit(
    PRODUCT,
    "matmul_refuses",
    "self.data.ndim != 2 or other.data.ndim != 2",
    "self.data.ndim != 2 and other.data.ndim != 2",
    concept="shapes",
)
def matmul_refuses_both_only():
    """refused only where neither is a matrix

    Your code refuses only where neither is a matrix; it should refuse where one of them is none.
    """


@chaff_edit(
    PRODUCT,
    "matmul_refuses",
    "self.data.ndim != 2 or other.data.ndim != 2",
    "self.data.ndim > 2 or other.data.ndim > 2",
    concept="shapes",
)
def matmul_takes_vectors():
    """arrays of one axis taken

    Your code takes arrays of one axis; it should raise a ValueError, since their transpose is no other array.
    """


@chaff_edit(
    PRODUCT,
    "matmul_refuses",
    "self.data.ndim != 2 or other.data.ndim != 2",
    "self.data.ndim < 2 or other.data.ndim < 2",
    concept="shapes",
)
def matmul_takes_stacks():
    """stacks of matrices taken

    Your code takes stacks of matrices; it should raise a ValueError for more than two axes.
    """


@chaff_edit(
    PRODUCT,
    "matmul_side_effects",
    "def pull(gradient):\n        return",
    "def pull(gradient):\n        gradient *= 1.5; gradient = gradient / 1.5; return",
    concept="alias",
)
def matmul_changes_gradient():
    """the gradient that arrives is changed

    Your pull changes the gradient that it is given; it should leave it as it is.
    """


@chaff_edit(PRODUCT, "matmul_square", "(self, other), pull", "(self, other)", hint=NO_PULL, concept="autograd")
def matmul_without_pull():
    """parents, and no pull"""


@wheat_edit(
    PRODUCT,
    (LEFT, RIGHT),
    ("np.einsum('ik,jk->ij', gradient, other.data)", "np.einsum('ij,ik->jk', self.data, gradient)"),
)
def matmul_by_einsum(): ...


@wheat(PRODUCT)
def matmul_by_dot(self, other):
    other = as_tensor(other)
    if len(self.data.shape) != 2 or len(other.data.shape) != 2:
        raise ValueError("two matrices, please")
    if self.data.shape[1] != other.data.shape[0]:
        raise ValueError("the lengths do not fit")
    a, b = self.data, other.data
    return Tensor(np.dot(a, b), [self, other], lambda g: [np.dot(g, b.T), np.dot(g.T, a).T])


@wheat(PRODUCT)
def matmul_row_by_row(self, other):
    other = as_tensor(other)
    assert self.data.ndim == 2 and other.data.ndim == 2, "matrices"
    rows = np.array([row @ other.data for row in self.data])

    def pull(g):
        of_a, of_b = np.zeros_like(self.data), np.zeros_like(other.data)
        for i in range(len(g)):
            of_a[i] = other.data @ g[i]
            of_b += np.outer(self.data[i], g[i])
        return of_a, of_b

    return Tensor(rows, (self, other), pull)


@wheat(PRODUCT)
def matmul_array_as_no_parent(self, other):
    b = other.data if isinstance(other, Tensor) else np.asarray(other)
    if self.data.ndim != 2 or b.ndim != 2:
        raise ValueError
    if isinstance(other, Tensor):
        return Tensor(self.data @ b, (self, other), lambda g: (g @ b.T, self.data.T @ g))
    return Tensor(self.data @ b, (self,), lambda g: (g @ b.T,))


# ---------------------------------------------------------------- Tensor.relu

RELU = "Tensor.relu"
MASKED = "(gradient * (self.data > 0),)"


@chaff_edit(RELU, "relu_value", MASKED, "(gradient,)", concept="mask")
def relu_without_mask():
    """no mask

    Your pull lets all of the gradient pass; it should pass where an entry of a is positive only.
    """


@chaff_edit(RELU, "relu_value", "self.data > 0", "gradient > 0", concept="mask")
def relu_mask_of_gradient():
    """mask of the gradient

    Your pull passes the gradient where it is positive itself; it should pass it, of either sign, where a is positive.
    """


@chaff_edit(RELU, "relu_value", "self.data > 0", "self.data < 0", concept="mask")
def relu_mask_turned():
    """mask turned round

    Your mask passes the gradient where a is negative; it should pass it where a is positive.
    """


@chaff_edit(RELU, "relu_value", MASKED, "(np.maximum(gradient, 0),)", concept="mask")
def relu_of_the_gradient():
    """ReLU of the gradient

    Your pull passes the gradient where it is positive itself; it should pass it, of either sign, where a is positive.
    """


@chaff_edit(RELU, "relu_value", MASKED, "((self.data > 0) * 1.0,)", concept="chain rule")
def relu_slope_only():
    """the mask alone

    Your pull gives the mask alone; it should multiply it by the gradient that arrives.
    """


@chaff_edit(RELU, "relu_value", MASKED, "(gradient * np.maximum(self.data, 0),)", concept="mask")
def relu_value_for_mask():
    """the value for the slope

    Your pull multiplies by the value of the ReLU; it should multiply by its slope, which is one or zero.
    """


@chaff_edit(RELU, "relu_value", "np.maximum(self.data, 0)", "np.abs(self.data)", concept="definition")
def relu_magnitude():
    """magnitude

    Your code takes the size of each entry; it should take zero where an entry is negative.
    """


@chaff_edit(RELU, "relu_value", "np.maximum(self.data, 0)", "np.minimum(self.data, 0)", concept="definition")
def relu_minimum():
    """minimum

    Your code takes the smaller of an entry and zero; it should take the larger.
    """


@chaff_edit(
    RELU, "relu_value", "np.maximum(self.data, 0)", "np.maximum(self.data, 0.01 * self.data)", concept="definition"
)
def relu_leaky():
    """leaky

    Your code lets a little of a negative entry through; it should put zero there.
    """


@chaff_edit(
    RELU, "relu_value", "gradient * (self.data > 0)", "np.where(self.data > 0, gradient, -gradient)", concept="mask"
)
def relu_sign_of_a():
    """minus where it is shut

    Your pull turns the sign where a is negative; it should give zero there.
    """


@chaff_edit(RELU, "relu_value", "np.maximum(self.data, 0)", "(self.data > 0) * 1.0", concept="definition")
def relu_step():
    """a step

    Your code gives one where an entry is positive; it should give the entry itself.
    """


@chaff_edit(RELU, "relu_value", "self.data > 0", "self.data > 1", concept="mask")
def relu_mask_from_one():
    """mask from 1

    Your mask begins at one; it should begin at zero.
    """


@chaff_edit(RELU, "relu_value", MASKED, "gradient * (self.data > 0)", concept="python")
def relu_no_tuple():
    """an array for a tuple

    Your pull returns an array; it should return a tuple with one gradient for each parent. Is a comma missing?
    """


@chaff_edit(RELU, "relu_value", ", (self,), lambda gradient: (gradient * (self.data > 0),)", "", concept="autograd")
def relu_leaf():
    """no parents and no pull

    Your result has no way back to its operand; it should have it as a parent, and a pull. See "1. A graph, by hand".
    """


@chaff_edit(RELU, "relu_value", "(self,), lambda", "(), lambda", concept="autograd")
def relu_orphan():
    """a pull without a parent

    Your result has no way back to its operand; it should have it as a parent, and a pull. See "1. A graph, by hand".
    """


@chaff(RELU, "relu_value", concept="autograd")
def relu_constant(self):
    """maximum of tensors that are cut off

    Your result has no way back to its operand; it should have it as a parent, and a pull. See "1. A graph, by hand".
    """
    return as_tensor(np.maximum(self.data, 0)) * 1.0


@chaff(RELU, "relu_side_effects", concept="alias")
def relu_in_place(self):
    """a changed in place

    Your code sets the negative entries of a to zero; it should leave a as it is and make a new array.
    """
    self.data[self.data < 0] = 0
    return Tensor(self.data, (self,), lambda gradient: (gradient * (self.data > 0),))


@chaff(RELU, "relu_side_effects", concept="alias")
def relu_gradient_in_place(self):
    """the gradient changed in place

    Your pull writes zeros into the gradient that it is given; it should leave it as it is and make a new array.
    """

    def pull(gradient):
        gradient[self.data < 0] = 0
        return (gradient,)

    return Tensor(np.maximum(self.data, 0), (self,), pull)


@chaff(RELU, "relu_side_effects", concept="state")
def relu_last_mask(self):
    """the mask of the last ReLU

    Your pull uses the mask of the last ReLU; it should use the one of its own, so keep it in its closure.
    """
    Tensor.mask = self.data > 0
    return Tensor(np.maximum(self.data, 0), (self,), lambda gradient: (gradient * Tensor.mask,))


@chaff_edit(
    RELU,
    "relu_value",
    "(self,), lambda gradient: (gradient * (self.data > 0),)",
    "(self,)",
    hint=NO_PULL,
    concept="autograd",
)
def relu_without_pull():
    """parents, and no pull"""


@wheat_edit(RELU, "np.maximum(self.data, 0)", "np.where(self.data > 0, self.data, 0)")
def relu_by_where(): ...


@chaff(RELU, "relu_side_effects", concept="alias")
def relu_one_array_for_all(self):
    """one array for every call of the pull

    Your pull writes into the array that it gave back before; it should give a new one each time.
    """
    below = np.zeros(self.data.shape)

    def pull(gradient):
        below[...] = gradient * (self.data > 0)
        return (below,)

    return Tensor(np.maximum(self.data, 0), (self,), pull)


@wheat(RELU)
def relu_as_a_product(self):
    return self * (self.data > 0).astype(float)


@wheat(RELU)
def relu_mask_of_result(self):
    result = Tensor(self.data.clip(0))
    result.parents = [self]
    result.pull = lambda g: [np.where(result.data > 0, g, 0.0)]
    return result


@wheat(RELU)
def relu_with_heaviside(self):
    slope = np.heaviside(self.data, 0.0)
    copy = self.data.copy()
    copy[copy < 0] = 0

    def pull(gradient):
        passed = gradient.copy()
        passed[slope == 0] = 0
        return (passed,)

    return Tensor(copy, (self,), pull)


# ---------------------------------------------------------------- Tensor.sum

SUM = "Tensor.sum"
SPREAD = "(np.broadcast_to(gradient, self.data.shape),)"
EXPANDED = "gradient = np.expand_dims(gradient, axis)"


@chaff_edit(SUM, "sum_value", "self.data.sum(axis=axis)", "self.data.mean(axis=axis)", concept="mean")
def sum_mean():
    """mean

    Your code takes the mean; it should take the sum.
    """


@chaff_edit(SUM, "sum_value", "self.data.sum(axis=axis)", "self.data.sum()", concept="shapes")
def sum_of_all():
    """axis ignored forward

    Your code sums over all entries always; it should sum over the axis that is asked for.
    """


@chaff_edit(SUM, "sum_value", "self.data.sum(axis=axis)", "self.data.sum(axis=axis, keepdims=True)", concept="shapes")
def sum_keeps_axis():
    """axis kept

    Your sum keeps the axis with the length 1; it should be gone from the result.
    """


@chaff_edit(SUM, "sum_of_equal_lengths", EXPANDED, "pass", concept="shapes")
def sum_axis_not_back():
    """the axis not put back

    Your pull repeats the gradient along the first axis; it should repeat it along the axis that was summed.
    """


@chaff_edit(SUM, "sum_value", SPREAD, "(gradient,)", concept="shapes")
def sum_not_spread():
    """not spread

    Your pull hands on the gradient in the shape of the sum; it should spread it to the shape of a.
    """


@chaff_edit(SUM, "sum_of_equal_lengths", EXPANDED, "gradient = np.expand_dims(gradient, 0)", concept="shapes")
def sum_axis_in_front():
    """the axis put back in front

    Your pull repeats the gradient along the first axis; it should repeat it along the axis that was summed.
    """


@chaff_edit(SUM, "sum_of_equal_lengths", EXPANDED, "gradient = np.expand_dims(gradient, -1)", concept="shapes")
def sum_axis_behind():
    """the axis put back behind

    Your pull puts the axis back at the end always; it should put it back where it was.
    """


@chaff_edit(SUM, "sum_value", SPREAD, "(np.ones(self.data.shape),)", concept="chain rule")
def sum_ones():
    """ones for the gradient

    Your pull gives ones; it should give the gradient that arrives, spread to the shape of a.
    """


@chaff_edit(SUM, "sum_value", SPREAD, "(np.broadcast_to(gradient, self.data.shape) * self.data,)", concept="chain rule")
def sum_times_data():
    """times a

    Your pull multiplies by a; it should spread the gradient as it is, as the slope of a sum is one.
    """


@chaff_edit(SUM, "sum_value", SPREAD, "(np.broadcast_to(gradient, self.data.shape) / self.data.size,)", concept="mean")
def sum_divides():
    """divided by the number of entries

    Your pull divides by the number of entries; it should not: that is the rule of a mean.
    """


@chaff_edit(
    SUM,
    "sum_value",
    SPREAD,
    "(np.broadcast_to(gradient, self.data.shape) * (self.data.size / np.size(gradient)),)",
    concept="factor",
)
def sum_counts_entries():
    """times the number of entries that were added

    Your pull multiplies by the number of entries that were added; it should give each entry the gradient once.
    """


@chaff_edit(SUM, "sum_value", SPREAD, "(-np.broadcast_to(gradient, self.data.shape),)", concept="sign")
def sum_sign():
    """a minus

    Your pull gives the gradient with a minus; it should have none.
    """


@chaff_edit(SUM, "sum_value", SPREAD, "(np.full(self.data.shape, np.sum(gradient)),)", concept="shapes")
def sum_gradient_summed():
    """the gradient summed up

    Your pull adds up the gradient and spreads the total; it should give each entry that of the sum that it is in.
    """


@chaff_edit(SUM, "sum_value", SPREAD, "np.broadcast_to(gradient, self.data.shape)", concept="python")
def sum_no_tuple():
    """an array for a tuple

    Your pull returns an array; it should return a tuple with one gradient for each parent. Is a comma missing?
    """


@chaff_edit(SUM, "sum_of_equal_lengths", SPREAD, "(np.resize(gradient, self.data.shape),)", concept="shapes")
def sum_resized():
    """repeated in the order of memory

    Your pull repeats the gradient along the first axis; it should repeat it along the axis that was summed.
    """


@chaff_edit(SUM, "sum_of_equal_lengths", EXPANDED, "gradient = np.expand_dims(gradient, abs(axis))", concept="shapes")
def sum_negative_axis():
    """negative axes

    Your pull loses the sign of the axis; it should count it as NumPy does, a negative one from the end.
    """


@chaff_edit(
    SUM, "sum_of_equal_lengths", EXPANDED, "gradient = gradient[:, None] if axis == 1 else gradient", concept="shapes"
)
def sum_two_axes_only():
    """written for two axes and 0 or 1

    Your pull knows the axes of a matrix only; it should put back any axis of any array, as np.expand_dims does.
    """


@chaff_edit(SUM, "sum_value", ", (self,), pull", "", concept="autograd")
def sum_leaf():
    """no parents and no pull

    Your result has no parents and no pull; it should know its operand and the way back. See "1. A graph, by hand".
    """


@chaff(SUM, "sum_side_effects", concept="alias")
def sum_changes_gradient(self, axis=None):
    """the gradient that arrives is changed

    Your pull changes the gradient that it is given; it should leave it as it is.
    """

    def pull(gradient):
        if axis is not None:
            gradient.shape = np.expand_dims(gradient, axis).shape
        return (gradient + np.zeros(self.data.shape),)

    return Tensor(np.sum(self.data, axis=axis), (self,), pull)


@chaff(SUM, "sum_side_effects", concept="state")
def sum_last_shape(self, axis=None):
    """the values of the last sum

    Your pull uses the size of the last sum; it should use the shape and the axis of its own, in its closure.
    """
    Tensor.summed = self.data.sum()

    def pull(gradient):
        if axis is not None:
            gradient = np.expand_dims(gradient, axis)
        return (gradient * np.ones(self.data.shape) * (Tensor.summed / self.data.sum()),)

    return Tensor(self.data.sum(axis), (self,), pull)


@chaff_edit(SUM, "sum_of_equal_lengths", "(self,), pull", "(self,)", hint=NO_PULL, concept="autograd")
def sum_without_pull():
    """parents, and no pull"""


@wheat_edit(SUM, "if axis is not None:", "if axis:")
def sum_without_axis_zero(): ...


@wheat_edit(SUM, SPREAD, "(gradient * np.ones_like(self.data),)")
def sum_by_ones(): ...


@wheat_edit(SUM, SPREAD, "(np.zeros(self.data.shape) + gradient,)")
def sum_by_zeros(): ...


@wheat(SUM)
def sum_by_repeat(self, axis=None):
    if axis is None:
        return Tensor(np.sum(self.data), [self], lambda g: [np.full(self.data.shape, float(g))])
    length = self.data.shape[axis]
    return Tensor(
        np.sum(self.data, axis=axis), [self], lambda g: [np.repeat(np.expand_dims(g, axis), length, axis=axis)]
    )


@wheat(SUM)
def sum_with_kept_shape(self, axis=None):
    kept = self.data.sum(axis=axis, keepdims=True).shape
    return Tensor(
        self.data.sum(axis=axis), (self,), lambda g: (np.broadcast_to(np.reshape(g, kept), self.data.shape).copy(),)
    )


@wheat(SUM)
def sum_by_stack(self, axis=None):
    def pull(g):
        if axis is None:
            return (np.ones(self.data.shape) * g,)
        copies = [g] * self.data.shape[axis]
        return (np.stack(copies, axis=axis),)

    return Tensor(np.add.reduce(self.data, axis=axis), (self,), pull)


# ---------------------------------------------------------------- Tensor.exp

EXP = "Tensor.exp"
OF_EXP = "(gradient * result,)"


@chaff_edit(EXP, "exp_value", OF_EXP, "(gradient,)", concept="chain rule")
def exp_no_slope():
    """no slope

    Your pull hands on the gradient as it is; it should multiply it by the slope of the exponential.
    """


@chaff_edit(EXP, "exp_value", OF_EXP, "(gradient * self.data,)", concept="chain rule")
def exp_operand_for_slope():
    """the operand for the slope

    Your pull multiplies by a; it should multiply by the slope at a, which is e to the power of a.
    """


@chaff_edit(EXP, "exp_value", OF_EXP, "(result,)", concept="chain rule")
def exp_slope_only():
    """the slope alone

    Your pull gives the slope alone; it should multiply it by the gradient that arrives.
    """


@chaff_edit(EXP, "exp_value", OF_EXP, "(gradient * np.exp(result),)", concept="chain rule")
def exp_slope_at_result():
    """slope at the result

    Your pull takes the exponential of the result; it should take that of a, which the result is already.
    """


@chaff_edit(EXP, "exp_value", OF_EXP, "(gradient * self.data * np.exp(self.data - 1),)", concept="chain rule")
def exp_power_rule():
    """the rule of a power

    Your pull uses the rule of a power; it should use that of the exponential, whose slope is itself.
    """


@chaff_edit(EXP, "exp_value", OF_EXP, "(gradient / result,)", concept="chain rule")
def exp_divides():
    """divided by the slope

    Your pull divides by the slope; it should multiply by it.
    """


@chaff_edit(EXP, "exp_value", OF_EXP, "(np.exp(gradient),)", concept="chain rule")
def exp_of_gradient():
    """exponential of the gradient

    Your pull takes the exponential of the gradient; it should multiply the gradient by that of a.
    """


@chaff_edit(EXP, "exp_value", OF_EXP, "(-gradient * result,)", concept="sign")
def exp_sign():
    """a minus

    Your pull gives the gradient with a minus; it should have none.
    """


@chaff_edit(EXP, "exp_value", "result = np.exp(self.data)", "result = np.exp(-self.data)", concept="definition")
def exp_of_minus():
    """exponential of -a

    Your code takes the exponential of -a; it should take that of a.
    """


@chaff_edit(EXP, "exp_value", "result = np.exp(self.data)", "result = np.exp2(self.data)", concept="definition")
def exp_base_two():
    """base 2

    Your code takes two to the power of a; it should take e to the power of a.
    """


@chaff_edit(EXP, "exp_value", "result = np.exp(self.data)", "result = np.expm1(self.data)", concept="definition")
def exp_minus_one():
    """exp(a) - 1

    Your code takes the exponential less one; it should take the exponential itself.
    """


@chaff_edit(EXP, "exp_value", OF_EXP, "gradient * result", concept="python")
def exp_no_tuple():
    """an array for a tuple

    Your pull returns an array; it should return a tuple with one gradient for each parent. Is a comma missing?
    """


@chaff_edit(EXP, "exp_value", ", (self,), lambda gradient: (gradient * result,)", "", concept="autograd")
def exp_leaf():
    """no parents and no pull

    Your result has no parents and no pull; it should know its operand and the way back. See "1. A graph, by hand".
    """


@chaff(EXP, "exp_side_effects", concept="state")
def exp_last_result(self):
    """the result of the last exponential

    Your pull uses the result of the last exponential; it should use the one of its own, so keep it in its closure.
    """
    Tensor.result = np.exp(self.data)
    return Tensor(Tensor.result, (self,), lambda gradient: (gradient * Tensor.result,))


@chaff(EXP, "exp_side_effects", concept="alias")
def exp_in_place(self):
    """a changed in place

    Your code writes the exponentials into a; it should leave a as it is and make a new array.
    """
    np.exp(self.data, out=self.data)
    return Tensor(self.data, (self,), lambda gradient: (gradient * self.data,))


@chaff_edit(
    EXP, "exp_value", "(self,), lambda gradient: (gradient * result,)", "(self,)", hint=NO_PULL, concept="autograd"
)
def exp_without_pull():
    """parents, and no pull"""


@wheat_edit(EXP, OF_EXP, "(gradient * np.exp(self.data),)")
def exp_again(): ...


@wheat(EXP)
def exp_of_its_own_data(self):
    out = Tensor(np.exp(self.data), [self])
    out.pull = lambda g: [out.data * g]
    return out


@wheat(EXP)
def exp_by_power(self):
    def pull(g):
        return (np.multiply(g, np.e**self.data),)

    return Tensor(np.e**self.data, (self,), pull)


@suspect(EXP)
def exp_by_differences(self):
    """slope by central differences"""
    h = 1e-5
    slope = (np.exp(self.data + h) - np.exp(self.data - h)) / (2 * h)
    return Tensor(np.exp(self.data), (self,), lambda gradient: (gradient * slope,))


# ---------------------------------------------------------------- Tensor.log

LOG = "Tensor.log"
OF_LOG = "(gradient / self.data,)"


@chaff_edit(LOG, "log_value", OF_LOG, "(gradient,)", concept="chain rule")
def log_no_slope():
    """no slope

    Your pull hands on the gradient as it is; it should divide it by a, as the slope of the logarithm is 1/a.
    """


@chaff_edit(LOG, "log_value", OF_LOG, "(gradient * self.data,)", concept="chain rule")
def log_multiplies():
    """times a

    Your pull multiplies by a; it should divide by a, as the slope of the logarithm is 1/a.
    """


@chaff_edit(LOG, "log_value", OF_LOG, "(1 / self.data,)", concept="chain rule")
def log_slope_only():
    """the slope alone

    Your pull gives the slope alone; it should multiply it by the gradient that arrives.
    """


@chaff_edit(LOG, "log_value", OF_LOG, "(gradient / np.log(self.data),)", concept="chain rule")
def log_divides_by_result():
    """divided by the result

    Your pull divides by the logarithm; it should divide by a itself.
    """


@chaff_edit(LOG, "log_value", OF_LOG, "(gradient * np.log(self.data),)", concept="chain rule")
def log_times_result():
    """times the result

    Your pull multiplies by the logarithm; it should multiply by the slope of the logarithm, 1/a.
    """


@chaff_edit(LOG, "log_value", OF_LOG, "(self.data / gradient,)", concept="chain rule")
def log_upside_down():
    """upside down

    Your pull divides a by the gradient; it should divide the gradient by a.
    """


@chaff_edit(LOG, "log_value", OF_LOG, "(gradient / self.data**2,)", concept="chain rule")
def log_squared():
    """divided by the square

    Your pull divides by the square of a; it should divide by a, as the slope of the logarithm is 1/a.
    """


@chaff_edit(LOG, "log_value", OF_LOG, "(-gradient / self.data,)", concept="sign")
def log_sign():
    """a minus

    Your pull gives the gradient with a minus; it should have none.
    """


@chaff_edit(LOG, "log_value", "np.log(self.data)", "np.log10(self.data)", concept="definition")
def log_base_ten():
    """base 10

    Your code takes the logarithm to the base ten; it should take the natural one.
    """


@chaff_edit(LOG, "log_value", "np.log(self.data)", "np.log2(self.data)", concept="definition")
def log_base_two():
    """base 2

    Your code takes the logarithm to the base two; it should take the natural one.
    """


@chaff_edit(LOG, "log_value", "np.log(self.data)", "np.log1p(self.data)", concept="definition")
def log_of_one_more():
    """log(1 + a)

    Your code takes the logarithm of one more than a; it should take that of a.
    """


@chaff_edit(LOG, "log_value", OF_LOG, "(gradient / (self.data + 1e-4),)", concept="precision")
def log_safe():
    """a small number in the divisor

    Your pull adds a small number to a before it divides; it should divide by a as it is.
    """


@chaff_edit(LOG, "log_value", OF_LOG, "gradient / self.data", concept="python")
def log_no_tuple():
    """an array for a tuple

    Your pull returns an array; it should return a tuple with one gradient for each parent. Is a comma missing?
    """


@chaff_edit(LOG, "log_value", ", (self,), lambda gradient: (gradient / self.data,)", "", concept="autograd")
def log_leaf():
    """no parents and no pull

    Your result has no parents and no pull; it should know its operand and the way back. See "1. A graph, by hand".
    """


@chaff(LOG, "log_side_effects", concept="alias")
def log_gradient_in_place(self):
    """the gradient divided in place

    Your pull divides the gradient that it is given in place; it should leave it as it is and make a new array.
    """

    def pull(gradient):
        gradient /= self.data
        return (gradient,)

    return Tensor(np.log(self.data), (self,), pull)


@chaff_edit(
    LOG, "log_value", "(self,), lambda gradient: (gradient / self.data,)", "(self,)", hint=NO_PULL, concept="autograd"
)
def log_without_pull():
    """parents, and no pull"""


@wheat_edit(LOG, OF_LOG, "(gradient * self.data**-1.0,)")
def log_by_power(): ...


@wheat(LOG)
def log_by_exp_of_result(self):
    out = np.log(self.data)
    return Tensor(out, [self], lambda g: [g * np.exp(-out)])


@wheat(LOG)
def log_with_kept_slope(self):
    slope = np.reciprocal(self.data)

    def pull(gradient):
        return tuple([np.asarray(gradient) * slope])

    result = Tensor(np.log(self.data), (self,), pull)
    return result


@suspect(LOG)
def log_by_differences(self):
    """slope by central differences"""
    h = 1e-5
    slope = (np.log(self.data + h) - np.log(self.data - h)) / (2 * h)
    return Tensor(np.log(self.data), (self,), lambda gradient: (gradient * slope,))


# ---------------------------------------------------------------- topological_order

ORDER = "topological_order"


@chaff(ORDER, "order_value", concept="order")
def order_by_levels(tensor):
    """level by level

    Your order is that in which the tensors are found, level by level; it should have each behind all of its parents.
    See "3. In which order".
    """
    order, todo = [], [tensor]
    while todo:
        node = todo.pop(0)
        if node not in order:
            order.append(node)
            todo.extend(node.parents)
    return order[::-1]


@chaff(ORDER, "order_value", concept="order")
def order_by_depth(tensor):
    """by depth, each when it is found

    Your order is that in which the tensors are found, depth first; it should have each behind all of its parents. See
    "3. In which order".
    """
    order, seen, todo = [], set(), [tensor]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            todo.extend(node.parents)
    return order[::-1]


@chaff_edit(ORDER, "order_value", "return order", "return order[::-1]", concept="order")
def order_turned():
    """turned round

    Your order has the children first; it should have each tensor behind all of its parents.
    """


@chaff_edit(ORDER, "order_value", "elif node not in seen:", "else:", concept="autograd")
def order_with_repeats():
    """tensors more than once

    Your order holds a tensor once for each way that leads to it; it should hold each once.
    """


@chaff(ORDER, "order_value", concept="order")
def order_first_way(tensor):
    """seen when it is put on the list

    Your code marks a tensor when it is put on the list, so that a later way to it is left out; it should mark it when
    it is taken from there.
    """
    order, seen, todo = [], {tensor}, [(tensor, False)]
    while todo:
        node, done = todo.pop()
        if done:
            order.append(node)
            continue
        todo.append((node, True))
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                todo.append((parent, False))
    return order


@chaff_edit(ORDER, "order_value", "for parent in node.parents", "for parent in node.parents[:1]", concept="autograd")
def order_first_parents():
    """first parents only

    Your code follows the first parent only; it should follow all of them.
    """


@chaff_edit(ORDER, "order_value", "for parent in node.parents", "for parent in node.parents[-1:]", concept="autograd")
def order_last_parents():
    """last parents only

    Your code follows the last parent only; it should follow all of them.
    """


@chaff_edit(ORDER, "order_value", "return order", "return order[:-1]", concept="autograd")
def order_without_itself():
    """the tensor itself left out

    Your order leaves out the tensor that it was asked for; it should end with it.
    """


@chaff_edit(ORDER, "order_value", "return order", "return [node for node in order if node.parents]", concept="autograd")
def order_without_leaves():
    """leaves left out

    Your order leaves out tensors without parents; it should hold them, too, as they want their gradients.
    """


@chaff_edit(
    ORDER, "order_value", "return order", "return [node for node in order if not node.parents]", concept="autograd"
)
def order_of_leaves():
    """leaves only

    Your order holds leaves only; it should hold all that the tensor was computed from, and itself.
    """


@chaff(ORDER, "order_value", concept="autograd")
def order_parents_only(tensor):
    """one level only

    Your order holds the tensor and its parents only; it should go on to what these were computed from.
    """
    return [*dict.fromkeys(tensor.parents), tensor]


@chaff(ORDER, "order_value", concept="order")
def order_by_number_of_parents(tensor):
    """sorted by the number of parents

    Your order is sorted by how many parents a tensor has; it should have each behind all of its parents.
    """
    found, todo = {}, [tensor]
    while todo:
        node = todo.pop()
        if node not in found:
            found[node] = len(node.parents)
            todo.extend(node.parents)
    return sorted(found, key=found.get)


@chaff(ORDER, "order_of_a_long_chain", concept="python")
def order_by_recursion(tensor):
    """recursion

    Your code calls itself for each parent; it should do without, by a list of what is still to do. See "3. In which
    order".
    """
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(tensor)
    return order


@chaff(ORDER, "order_side_effects", concept="state")
def order_with_marks(tensor):
    """marks left on the tensors

    Your code marks the tensors and leaves the marks there; it should keep its own set, so that it can be called
    again.
    """
    order, todo = [], [(tensor, False)]
    while todo:
        node, done = todo.pop()
        if done:
            order.append(node)
        elif not getattr(node, "visited", False):
            node.visited = True
            todo.append((node, True))
            todo.extend((parent, False) for parent in node.parents)
    return order


@chaff(ORDER, "order_value", concept="state")
def order_shared_default(tensor, order=[], seen=set()):
    """a default that remembers

    Your code keeps its lists from one call to the next; it should begin each call with new ones.
    """
    todo = [(tensor, False)]
    while todo:
        node, done = todo.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            todo.append((node, True))
            todo.extend((parent, False) for parent in node.parents)
    return order


@chaff(ORDER, "order_side_effects", concept="loops")
def order_every_way(tensor):
    """every way is walked

    Your code walks on every way, also to tensors that it has seen; it should follow each tensor's parents once.
    """
    order, todo = [], [(tensor, False)]
    while todo:
        node, done = todo.pop()
        if done:
            order.append(node)
            continue
        todo.append((node, True))
        todo.extend((parent, False) for parent in node.parents)
        if len(order) > 4_000_000:
            break
    return list(dict.fromkeys(order))


@chaff(ORDER, "order_side_effects", concept="alias")
def order_takes_parents(tensor):
    """parents taken away

    Your code takes the parents away from the tensors; it should leave them as they are, for the way back.
    """
    order, seen, todo = [], set(), [(tensor, False)]
    while todo:
        node, done = todo.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            todo.append((node, True))
            todo.extend((parent, False) for parent in node.parents)
            node.parents = tuple(dict.fromkeys(node.parents))
    return order


@chaff(ORDER, "order_value", concept="order")
def order_by_levels_unturned(tensor):
    """level by level, from the top

    Your order goes from the tensor down, level by level; it should have each tensor behind all of its parents.
    """
    order = [tensor]
    for node in order:
        order.extend(parent for parent in dict.fromkeys(node.parents) if parent not in order)
    return order


@chaff(ORDER, "order_value", concept="order")
def order_by_depth_unturned(tensor):
    """depth first, from the top

    Your order goes from the tensor down, depth first; it should have each tensor behind all of its parents.
    """
    order, seen, todo = [], set(), [tensor]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            todo.extend(node.parents)
    return order


@chaff_edit(
    ORDER,
    "order_side_effects",
    ("order, seen", "return order"),
    (
        'if hasattr(tensor, "order"):\n        return tensor.order\n    order, seen',
        "tensor.order = order\n    return order",
    ),
    concept="alias",
)
def order_is_kept_and_shared():
    """one list for every call

    Your code hands out the list that it keeps; whoever changes it changes the next answer. It should give a new list.
    """


@wheat(ORDER)
def order_by_counting(tensor):
    children, todo, seen = {tensor: 0}, [tensor], set()
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        for parent in node.parents:
            children[parent] = children.get(parent, 0) + 1
            todo.append(parent)
    order, ready = [], [tensor]
    while ready:
        node = ready.pop()
        order.append(node)
        for parent in node.parents:
            children[parent] -= 1
            if children[parent] == 0:
                ready.append(parent)
    order.reverse()
    return order


@wheat(ORDER)
def order_put_back(tensor):
    order, done, todo = [], set(), [tensor]
    while todo:
        node = todo.pop()
        if id(node) in done:
            continue
        waiting = [parent for parent in node.parents if id(parent) not in done]
        if waiting:
            todo.append(node)
            todo.extend(waiting)
        else:
            done.add(id(node))
            order.append(node)
    return order


@wheat(ORDER)
def order_with_iterators(tensor):
    order, seen = [], {tensor}
    stack = [(tensor, iter(tensor.parents))]
    while stack:
        node, parents = stack[-1]
        for parent in parents:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, iter(parent.parents)))
                break
        else:
            stack.pop()
            order.append(node)
    return order


@wheat(ORDER)
def order_by_depths(tensor):
    depth, todo = {}, [tensor]
    while todo:
        node = todo[-1]
        missing = [p for p in node.parents if p not in depth]
        if missing:
            todo.extend(missing)
            continue
        todo.pop()
        depth[node] = 1 + max([depth[p] for p in node.parents], default=0)
    return sorted(depth, key=depth.get)


@wheat(ORDER)
def order_with_a_queue(tensor):
    from collections import deque

    found, queue = {tensor: None}, deque([tensor])
    while queue:
        for parent in queue.popleft().parents:
            if parent not in found:
                found[parent] = None
                queue.append(parent)
    users = {node: 0 for node in found}
    for node in found:
        for parent in set(node.parents):
            users[parent] += 1
    order, ready = deque(), deque([tensor])
    while ready:
        node = ready.popleft()
        order.appendleft(node)
        for parent in set(node.parents):
            users[parent] -= 1
            if not users[parent]:
                ready.append(parent)
    return list(order)


# ---------------------------------------------------------------- Tensor.backward

BACKWARD = "Tensor.backward"
LINES = (
    "tensor.gradient = here + (0 if tensor.gradient is None else tensor.gradient)",
    "arrived[parent] = arrived.get(parent, 0) + part",
)


@chaff_edit(BACKWARD, "backward_value", LINES[1], "arrived[parent] = part", concept="autograd")
def backward_replaces():
    """= for +=

    Your code keeps the last part that comes to a tensor; it should add up all of them. See "1. A graph, by hand".
    """


@chaff_edit(BACKWARD, "backward_value", LINES[1], "arrived.setdefault(parent, part)", concept="autograd")
def backward_first_part():
    """the first part only

    Your code keeps the first part that comes to a tensor; it should add up all of them. See "1. A graph, by hand".
    """


@chaff_edit(BACKWARD, "backward_adds", LINES[0], "tensor.gradient = here + 0", concept="state")
def backward_forgets():
    """what was there is replaced

    Your code loses what stands in gradient already; it should add to it. See "3. In which order".
    """


@chaff(BACKWARD, "backward_adds", concept="state")
def backward_pulls_all(self, gradient=None):
    """pulls with what earlier calls left

    Your code pulls with all that stands in gradient; it should pull with what has arrived in this call. See "3. In
    which order".
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    self.gradient = gradient + (0 if self.gradient is None else self.gradient)
    for tensor in reversed(topological_order(self)):
        parts = tensor.pull(tensor.gradient) if tensor.parents else ()
        for parent, part in zip(tensor.parents, parts):
            parent.gradient = part + (0 if parent.gradient is None else parent.gradient)


@chaff(BACKWARD, "backward_adds", concept="state")
def backward_clears(self, gradient=None):
    """gradients cleared first

    Your code loses what stands in gradient already; it should add to it. See "3. In which order".
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    order = topological_order(self)
    for tensor in order:
        tensor.gradient = np.zeros(tensor.data.shape)
    self.gradient = self.gradient + gradient
    for tensor in reversed(order):
        if tensor.parents:
            for parent, part in zip(tensor.parents, tensor.pull(tensor.gradient)):
                parent.gradient = parent.gradient + part


@chaff(BACKWARD, "backward_value", concept="order")
def backward_level_by_level(self, gradient=None):
    """in the order of discovery

    Your code lets a tensor pull as soon as it is found; it should wait until all has arrived there. See "3. In which
    order".
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    arrived, todo, done = {self: gradient}, [self], set()
    while todo:
        tensor = todo.pop(0)
        if tensor in done:
            continue
        done.add(tensor)
        for parent, part in zip(tensor.parents, tensor.pull(arrived[tensor]) if tensor.parents else ()):
            arrived[parent] = arrived.get(parent, 0) + part
            todo.append(parent)
    for tensor, here in arrived.items():
        tensor.gradient = here + (0 if tensor.gradient is None else tensor.gradient)


@chaff_edit(
    BACKWARD, "backward_value", "reversed(topological_order(self))", "topological_order(self)[-1:]", concept="autograd"
)
def backward_one_level():
    """one step back only

    Your code goes one step back only; it should go on to the leaves.
    """


@chaff(BACKWARD, "backward_value", concept="autograd")
def backward_leaves_only(self, gradient=None):
    """leaves only

    Your code gives a gradient to leaves only; it should give one to every tensor on the way, too.
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    arrived = {self: gradient}
    for tensor in reversed(topological_order(self)):
        if not tensor.parents:
            tensor.gradient = arrived[tensor] + (0 if tensor.gradient is None else tensor.gradient)
            continue
        for parent, part in zip(tensor.parents, tensor.pull(arrived[tensor])):
            arrived[parent] = arrived.get(parent, 0) + part


@chaff_edit(BACKWARD, "backward_value", LINES[0], f"if tensor is not self: {LINES[0]}", concept="autograd")
def backward_not_itself():
    """none for the tensor itself

    Your code gives the tensor itself no gradient; it should give it the one that it was called with.
    """


@chaff_edit(BACKWARD, "backward_refuses", "gradient = np.ones(self.data.shape)", "gradient = 1.0", concept="shapes")
def backward_plain_one():
    """a plain 1 for a matrix of one number

    Your code refuses a matrix of one number; it should begin with 1 there, in the shape of the data.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    "gradient = np.ones(self.data.shape)",
    "gradient = np.zeros(self.data.shape)",
    concept="autograd",
)
def backward_from_zero():
    """begins with 0

    Your code begins with 0; it should begin with 1, the slope of the number along itself.
    """


@chaff_edit(
    BACKWARD, "backward_value", "gradient = np.ones(self.data.shape)", "gradient = self.data.copy()", concept="autograd"
)
def backward_from_the_value():
    """begins with the value

    Your code begins with the value; it should begin with 1, the slope of the number along itself.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    "    arrived = {self: gradient}\n",
    "    arrived = {self: np.ones(self.data.shape)}\n",
    concept="chain rule",
)
def backward_ignores_gradient():
    """the gradient is not used

    Your code begins with ones always; it should begin with the gradient that it is given.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    "part in zip(tensor.parents, parts, strict=True)",
    "part in zip(tensor.parents[::-1], parts, strict=True)",
    concept="places",
)
def backward_parents_turned():
    """parts given to the wrong parents

    Your code hands the parts to the parents in the wrong order; it should hand the first part to the first parent.
    """


@chaff_edit(
    BACKWARD, "backward_value", "tensor.pull(here)", "tensor.pull(np.ones(np.shape(here)))", concept="chain rule"
)
def backward_pulls_ones():
    """pulls with ones

    Your code lets each tensor pull with ones; it should pull with what has arrived there. See "1. A graph, by hand".
    """


@chaff_edit(BACKWARD, "backward_value", "tensor.pull(here)", "tensor.pull(gradient)", concept="chain rule")
def backward_pulls_the_first():
    """pulls with the first gradient

    Your code lets each tensor pull with the gradient at the end; it should pull with what has arrived there.
    """


@chaff(BACKWARD, "backward_value", concept="autograd")
def backward_over_a_set(self, gradient=None):
    """parents as a set

    Your code takes a parent that is used twice once only; it should add up both of its parts. See "1. A graph, by
    hand".
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    arrived = {self: gradient}
    for tensor in reversed(topological_order(self)):
        here = arrived[tensor]
        tensor.gradient = here + (0 if tensor.gradient is None else tensor.gradient)
        parts = dict(zip(tensor.parents, tensor.pull(here))) if tensor.parents else {}
        for parent, part in parts.items():
            arrived[parent] = arrived.get(parent, 0) + part


@chaff(BACKWARD, "backward_side_effects", concept="alias")
def backward_in_place(self, gradient=None):
    """added in place into shared arrays

    Your code adds in place into an array that another parent was given as well; it should make a new array. See "3.
    In which order".
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    arrived = {self: gradient}
    for tensor in reversed(topological_order(self)):
        here = arrived[tensor]
        tensor.gradient = here + (0 if tensor.gradient is None else tensor.gradient)
        for parent, part in zip(tensor.parents, tensor.pull(here) if tensor.parents else ()):
            if parent in arrived:
                arrived[parent] = np.asarray(arrived[parent])
                arrived[parent] += part
            else:
                arrived[parent] = part


@chaff(BACKWARD, "backward_side_effects", concept="alias")
def backward_keeps_callers_array(self, gradient=None):
    """the caller's array is kept and added to

    Your code keeps the caller's array as gradient and adds to it later; it should keep a copy.
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    arrived = {self: gradient}
    for tensor in reversed(topological_order(self)):
        here = arrived[tensor]
        if tensor.gradient is None:
            tensor.gradient = here
        else:
            tensor.gradient += here
        for parent, part in zip(tensor.parents, tensor.pull(here) if tensor.parents else ()):
            arrived[parent] = arrived.get(parent, 0) + part


@chaff(BACKWARD, "backward_side_effects", concept="autograd")
def backward_on_every_way(self, gradient=None):
    """each way by itself

    Your code walks back on each way by itself, so that a tensor pulls many times; it should pull once, with all that
    arrives.
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    todo = [(self, gradient)]
    while todo:
        tensor, here = todo.pop()
        tensor.gradient = here + (0 if tensor.gradient is None else tensor.gradient)
        if tensor.parents:
            todo.extend(zip(tensor.parents, tensor.pull(here)))


@chaff(BACKWARD, "backward_side_effects", concept="alias")
def backward_takes_apart(self, gradient=None):
    """the graph is taken apart

    Your code takes the parents away on the way back; it should leave the graph as it is, for a second call.
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    arrived = {self: gradient}
    for tensor in reversed(topological_order(self)):
        here = arrived[tensor]
        tensor.gradient = here + (0 if tensor.gradient is None else tensor.gradient)
        for parent, part in zip(tensor.parents, tensor.pull(here) if tensor.parents else ()):
            arrived[parent] = arrived.get(parent, 0) + part
        tensor.parents, tensor.pull = (), None


@chaff(BACKWARD, "backward_of_a_long_chain", concept="python")
def backward_by_recursion(self, gradient=None):
    """recursion

    Your code calls itself for each parent; it should walk through the topological order in a loop. See "3. In which
    order".
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    order, seen = [], set()

    def visit(tensor):
        if tensor not in seen:
            seen.add(tensor)
            for parent in tensor.parents:
                visit(parent)
            order.append(tensor)

    visit(self)
    arrived = {self: gradient}
    for tensor in reversed(order):
        here = arrived[tensor]
        tensor.gradient = here + (0 if tensor.gradient is None else tensor.gradient)
        for parent, part in zip(tensor.parents, tensor.pull(here) if tensor.parents else ()):
            arrived[parent] = arrived.get(parent, 0) + part


@chaff_edit(BACKWARD, "backward_refuses", "if self.data.size != 1:", "if False:", concept="shapes")
def backward_of_many():
    """no gradient for several numbers

    Your code takes ones where there are several numbers and no gradient; it should raise a ValueError.
    """


@chaff_edit(BACKWARD, "backward_refuses", "np.shape(gradient) != self.data.shape", "False", concept="shapes")
def backward_any_shape():
    """a gradient of any shape

    Your code takes a gradient of another shape; it should raise a ValueError.
    """


@chaff_edit(
    BACKWARD,
    "backward_refuses",
    "np.shape(gradient) != self.data.shape",
    "np.size(gradient) != self.data.size",
    concept="shapes",
)
def backward_same_size():
    """a gradient of the same size

    Your code takes a gradient of as many numbers in another shape; it should raise a ValueError.
    """


@chaff_edit(BACKWARD, "backward_refuses", "if self.data.size != 1:", "if self.data.ndim != 0:", concept="shapes")
def backward_without_axes_only():
    """a matrix of one number refused

    Your code refuses a matrix of one number; it should begin with 1 there, in the shape of the data.
    """


@chaff(BACKWARD, "backward_adds", concept="state")
def backward_sets_the_last(self, gradient=None):
    """its own gradient replaced, those before added to

    Your code replaces its own gradient and pulls with all that stands in the others; it should add everywhere, and pull
    with what has arrived in this call.
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    self.gradient = gradient
    for tensor in reversed(topological_order(self)):
        for parent, part in zip(tensor.parents, tensor.pull(tensor.gradient) if tensor.parents else ()):
            parent.gradient = part + (0 if parent.gradient is None else parent.gradient)


@chaff(BACKWARD, "backward_adds", concept="state")
def backward_adds_to_leaves(self, gradient=None):
    """adds to leaves only

    Your code adds to the gradients of leaves, and replaces those of other tensors; it should add to all of them.
    """
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("no gradient")
        gradient = np.ones(self.data.shape)
    if np.shape(gradient) != self.data.shape:
        raise ValueError("shape")
    arrived = {self: gradient}
    for tensor in reversed(topological_order(self)):
        here = arrived[tensor]
        tensor.gradient = here + (0 if tensor.gradient is None or tensor.parents else tensor.gradient)
        for parent, part in zip(tensor.parents, tensor.pull(here) if tensor.parents else ()):
            arrived[parent] = arrived.get(parent, 0) + part


@chaff_edit(
    BACKWARD,
    "backward_refuses",
    ("if self.data.size != 1:", "np.shape(gradient) != self.data.shape"),
    ("if False:", "False"),
    concept="shapes",
)
def backward_refuses_nothing():
    """nothing refused

    Your code takes any gradient, and none at all; it should raise a ValueError where its docstring says so.
    """


@chaff_edit(
    BACKWARD,
    "backward_value",
    ("here = arrived[tensor]", "if tensor.parents else ()", ", strict=True"),
    (
        "if tensor not in arrived:\n            continue\n        here = arrived[tensor]",
        "if tensor.parents and np.any(here) else ()",
        "",
    ),
    concept="autograd",
)
def backward_stops_at_zeros():
    """no further where a gradient is 0

    Your code goes no further where a gradient is all 0; it should: what comes behind has a gradient of 0, not none.
    """


@wheat(BACKWARD)
def backward_with_ids(self, gradient=None):
    if gradient is None:
        if self.data.size != 1:
            raise ValueError("which gradient?")
        gradient = np.ones_like(self.data)
    gradient = np.array(gradient, dtype=float)
    if gradient.shape != self.data.shape:
        raise ValueError("the shapes differ")
    sums = {id(tensor): np.zeros(tensor.data.shape) for tensor in topological_order(self)}
    sums[id(self)] += gradient
    for tensor in topological_order(self)[::-1]:
        if tensor.gradient is None:
            tensor.gradient = np.zeros(tensor.data.shape)
        tensor.gradient += sums[id(tensor)]
        if tensor.pull is not None:
            for i, part in enumerate(tensor.pull(sums[id(tensor)])):
                sums[id(tensor.parents[i])] += part


@wheat(BACKWARD)
def backward_swaps_old_gradients(self, gradient=None):
    if gradient is None and self.data.size == 1:
        gradient = np.ones(self.data.shape)
    if gradient is None or np.shape(gradient) != self.data.shape:
        raise ValueError("gradient")
    order = topological_order(self)
    old = [tensor.gradient for tensor in order]
    for tensor in order:
        tensor.gradient = np.zeros_like(tensor.data)
    self.gradient = np.asarray(gradient) * 1.0
    for tensor in order[::-1]:
        parts = tensor.pull(tensor.gradient) if tensor.pull else []
        for parent, part in zip(tensor.parents, parts):
            parent.gradient = parent.gradient + part
    for tensor, before in zip(order, old):
        if before is not None:
            tensor.gradient = tensor.gradient + before


@wheat(BACKWARD)
def backward_without_the_order(self, gradient=None):
    if gradient is None:
        if self.data.shape not in ((), (1,), (1, 1)) and self.data.size != 1:
            raise ValueError("no single number")
        gradient = np.full(self.data.shape, 1.0)
    elif np.shape(gradient) != np.shape(self.data):
        raise ValueError("shape")
    waiting, todo, seen = {}, [self], {self}
    while todo:
        tensor = todo.pop()
        for parent in tensor.parents:
            waiting[parent] = waiting.get(parent, 0) + 1
            if parent not in seen:
                seen.add(parent)
                todo.append(parent)
    arrived, ready = {self: [gradient]}, [self]
    while ready:
        tensor = ready.pop()
        total = sum(arrived.pop(tensor))
        tensor.gradient = total if tensor.gradient is None else tensor.gradient + total
        for parent, part in zip(tensor.parents, tensor.pull(total) if tensor.parents else ()):
            arrived.setdefault(parent, []).append(part)
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)


@wheat(BACKWARD)
def backward_at_the_end(self, gradient=None):
    if gradient is None:
        if self.data.size > 1:
            raise ValueError("several numbers")
        gradient = np.ones(self.data.shape)
    if self.data.shape != np.asarray(gradient).shape:
        raise ValueError("another shape")
    found = {}

    def receive(tensor, part):
        found[tensor] = part if tensor not in found else np.add(found[tensor], part)

    receive(self, gradient)
    order = list(topological_order(self))
    while order:
        tensor = order.pop()
        if tensor.parents:
            for parent, part in zip(tensor.parents, tensor.pull(found[tensor])):
                receive(parent, part)
    for tensor, part in found.items():
        tensor.gradient = np.array(part, dtype=float) + (0.0 if tensor.gradient is None else tensor.gradient)


# ---------------------------------------------------------------- questions


@chaff_edit("too_early", "too_early", "81.0", "135.0", concept="order")
def too_early_right():
    """the right slope

    Your answer is the slope that x should get; it should be what arrives where u pulls before all has come to it.
    """


@chaff_edit("too_early", "too_early", "81.0", "72.0", concept="reading")
def too_early_without_v():
    """without the part of v

    Your answer leaves out what v brings to x; it should have it, as v pulls after u.
    """


@chaff_edit("too_early", "too_early", "81.0", "45.0", concept="autograd")
def too_early_one_factor():
    """one factor of the square

    Your answer has one part from u; it should have two, as x is both of its factors.
    """


@chaff_edit("too_early", "too_early", "81.0", "207.0", concept="reading")
def too_early_pulls_again():
    """u pulls again

    Your answer has u pull a second time, with all that is there; it should have each tensor pull once.
    """


@wheat("too_early")
def too_early_computed():
    x, u, v = 3, 9, 12
    return v * x + v * x + u


@wheat("too_early")
def too_early_whole():
    return 81


@wheat("too_early")
def too_early_array():
    return np.float64(81)


@chaff_edit(
    "passes_for_differences",
    "passes_for_differences",
    "2 * (1000 * 100 + 100 * 10)",
    "1000 * 100 + 100 * 10",
    concept="checking",
)
def passes_one_each():
    """one pass for each weight

    Your answer has one pass for each weight; it should have two: a central difference goes up and down.
    """


@chaff_edit(
    "passes_for_differences",
    "passes_for_differences",
    "2 * (1000 * 100 + 100 * 10)",
    "2 * 1000 * 100",
    concept="reading",
)
def passes_first_matrix():
    """the first matrix only

    Your answer counts the first matrix only; it should count the weights of both.
    """


@chaff_edit(
    "passes_for_differences",
    "passes_for_differences",
    "2 * (1000 * 100 + 100 * 10)",
    "2 * 64 * (1000 * 100 + 100 * 10)",
    concept="reading",
)
def passes_for_each_row():
    """times the rows

    Your answer counts a pass for each row; it should not: one pass takes all rows of the batch.
    """


@chaff_edit(
    "passes_for_differences",
    "passes_for_differences",
    "2 * (1000 * 100 + 100 * 10)",
    "1 + 1000 * 100 + 100 * 10",
    concept="checking",
)
def passes_one_sided():
    """one-sided differences

    Your answer is that of one-sided differences; it should be that of central ones, with two passes for each weight.
    """


@chaff_edit(
    "passes_for_differences",
    "passes_for_differences",
    "2 * (1000 * 100 + 100 * 10)",
    "2 * (1000 + 100 + 10)",
    concept="reading",
)
def passes_of_units():
    """units for weights

    Your answer counts inputs and units; it should count weights, of which there is one for each pair.
    """


@wheat("passes_for_differences")
def passes_written_out():
    return 202000


@wheat("passes_for_differences")
def passes_by_sizes():
    return sum(2 * np.zeros(shape).size for shape in ((1000, 100), (100, 10)))


@wheat("passes_for_differences")
def passes_as_float():
    return 2.02e5


UNIT, JOIN = '"unit": "a way back is missing"', '"join": "which part of the gradient goes to whom"'


@chaff_edit("broken_operators", "broken_operators", f"{UNIT}, ", "", concept="checking")
def broken_without_unit():
    """unit not found

    Your answer leaves out unit; it should have it: check_pull shows that its gradient is wrong.
    """


@chaff_edit("broken_operators", "broken_operators", f", {JOIN}", "", concept="checking")
def broken_without_join():
    """join not found

    Your answer leaves out join; it should have it: give it matrices that are not all the same.
    """


@chaff_edit(
    "broken_operators", "broken_operators", UNIT, f'"divide": "a factor of a gradient", {UNIT}', concept="checking"
)
def broken_divide_factor():
    """divide found wrong, a factor

    Your answer holds divide for a factor; it should not: the result has the first division in it.
    """


@chaff_edit(
    "broken_operators", "broken_operators", UNIT, f'"divide": "the sign of a gradient", {UNIT}', concept="checking"
)
def broken_divide_sign():
    """divide found wrong, a sign

    Your answer holds divide for a sign; it should not: a larger divisor makes a quotient smaller.
    """


@chaff_edit(
    "broken_operators", "broken_operators", '"a way back is missing"', '"a factor of a gradient"', concept="autograd"
)
def broken_unit_factor():
    """unit: a factor

    Your answer has a factor for unit; it should tell of the length, which depends on every entry as well.
    """


@chaff_edit(
    "broken_operators",
    "broken_operators",
    '"a way back is missing"',
    '"a sum over copies is missing"',
    concept="autograd",
)
def broken_unit_copies():
    """unit: copies

    Your answer has copies for unit; it should tell of the length, which is taken for a number that stays.
    """


@chaff_edit(
    "broken_operators",
    "broken_operators",
    '"which part of the gradient goes to whom"',
    '"a way back is missing"',
    concept="python",
)
def broken_join_way():
    """join: a way

    Your answer has a missing way for join; it should tell which rows each of its pulls takes when it is called.
    """


@chaff_edit(
    "broken_operators",
    "broken_operators",
    '"which part of the gradient goes to whom"',
    '"a factor of a gradient"',
    concept="python",
)
def broken_join_factor():
    """join: a factor

    Your answer has a factor for join; it should tell which rows each of its pulls takes when it is called.
    """


@wheat("broken_operators")
def broken_turned():
    return {"join": "which part of the gradient goes to whom", "unit": "a way back is missing"}


@wheat("broken_operators")
def broken_by_dict():
    return dict(unit="a way back is missing", join="which part of the gradient goes to whom")


@wheat("broken_operators")
def broken_step_by_step():
    found = {}
    for name, place in (("unit", "a way back is missing"), ("join", "which part of the gradient goes to whom")):
        found[name] = place
    return found
