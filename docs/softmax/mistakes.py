"""Known mistakes and right variants of hw01_softmax."""

import numpy as np

from gradbook.homework import chaff_edit, wheat, wheat_edit

FORWARD, GRADIENT, UPDATE = "Softmax.forward", "Softmax.dloss_dw", "Softmax.update"


@chaff_edit(FORWARD, "forward_value", "z - z.max(axis=1, keepdims=True)", "z")
def overflows():
    """largest score not taken off

    Your exponentials of large scores overflow; you should take off the largest score of each row first.
    """


@chaff_edit(FORWARD, "forward_value", "e.sum(axis=1, keepdims=True)", "e.sum()")
def sum_of_all():
    """divided by the sum of all

    Your code divides by the sum of all entries; it should divide each row by its own sum.
    """


@chaff_edit(FORWARD, "forward_side_effects", "z = x @ self.w", "z = x @ self.w; x -= x.max()")
def forward_changes_x():
    """the caller's x is changed

    Your code changes the caller's x; it should work on an array of its own.
    """


@chaff_edit(GRADIENT, "gradient_value", " / len(x)", "")
def sum_for_mean():
    """sum for mean

    Your code gives the derivative of the sum over the rows; it should give that of the mean.
    """


@chaff_edit(GRADIENT, "gradient_side_effects", "len(x) != len(y)", "len(x) < len(y)")
def fewer_classes_taken():
    """unequal rows let through

    Your code takes fewer classes than rows; it should raise a ValueError.
    """


@chaff_edit(UPDATE, "update_steps", "self.w - lr", "self.w + lr")
def uphill():
    """uphill

    Your step goes along the velocity; it should go against it, with a minus.
    """


@chaff_edit(UPDATE, "update_steps", "momentum * self.v + dw", "dw")
def no_momentum():
    """no momentum

    Your velocity is dw alone; it should keep momentum times what it was.
    """


@chaff_edit(UPDATE, "update_side_effects", "momentum * self.v + dw", "dw + 0; dw += momentum * self.v; self.v = dw + 0")
def update_changes_dw():
    """the caller's dw is changed

    Your code adds to the caller's dw; it should work on an array of its own.
    """


@wheat_edit(FORWARD, "x @ self.w", "np.einsum('nd,dk->nk', x, self.w)")
def forward_by_einsum(): ...


@wheat(GRADIENT)
def gradient_row_by_row(self, x, y):
    if np.shape(x)[0] != np.shape(y)[0]:
        raise ValueError("rows")
    dw = np.zeros_like(self.w)
    for row, label, p in zip(x, y, self.forward(x), strict=True):
        dw += np.outer(row, p)
        dw[:, label] -= row
    return dw / len(y)


@wheat_edit(UPDATE, "self.w = self.w - lr * self.v", "np.subtract(self.w, lr * self.v, out=self.w)")
def update_by_subtract(): ...
