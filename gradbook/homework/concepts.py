"""The ideas that known mistakes are about: what an instructor reads of a class, and what to teach next."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import GradbookError


class Concept(NamedTuple):
    """An idea that a mistake is about. title: as people read it. teach: what to teach next, for an instructor."""

    title: str
    teach: str


CONCEPTS = {
    "formula": Concept(
        "The formula as it is defined",
        "Write the definition on the board and compute one entry of it by hand, beside the line of code.",
    ),
    "chain rule": Concept(
        "Local derivatives and the chain rule",
        "Draw the computation as a graph, write each local derivative at its edge, and multiply along the path.",
    ),
    "mask": Concept(
        "The slope of the activation",
        "Send one positive and one negative value forward and back by hand: a closed unit passes no gradient.",
    ),
    "sign": Concept(
        "Signs and directions",
        "Take one step with numbers, and ask whether the loss went down; then swap the sign and ask again.",
    ),
    "factor": Concept(
        "Constant factors",
        "Differentiate one square by hand and compare with a finite difference: the ratio shows the factor.",
    ),
    "mean": Concept(
        "Sum or mean",
        "Double the batch by repeating it, and ask which quantities must stay as they are.",
    ),
    "places": Concept(
        "Which array goes where",
        "Write the shape below each factor of a product; with unequal sizes one order, and one transpose, is left.",
    ),
    "shapes": Concept(
        "Shapes, axes and broadcasting",
        "Let the class predict the shape of (n,) with (n, 1) before it is run, and what a sum over each axis leaves.",
    ),
    "order": Concept(
        "What is computed before what",
        "Number the lines of one step, and mark for each value whether it is the old or the new one.",
    ),
    "state": Concept(
        "What is kept from call to call",
        "Call the same function twice, then on other data, and ask what the object should remember of it.",
    ),
    "alias": Concept(
        "Two names for one array",
        "Show b = a, b = a[:] and b = a.copy() beside each other, change b, and print a.",
    ),
    "arguments": Concept(
        "Arguments are left alone",
        "Compare x -= 1 with x = x - 1 in a function, and print the caller's array after each.",
    ),
    "recording": Concept(
        "Loops, and what is recorded when",
        "Write the first two rounds of the loop out, and the last, with the value that is recorded in each.",
    ),
    "learning rate": Concept(
        "Learning rate and convergence",
        "Show three losses over the steps, too small, good and too large a rate, and read the speed from each.",
    ),
    "averages": Concept(
        "Running averages and their correction",
        "Compute the first three values of a running average of ones, and see what the correction divides by.",
    ),
    "stability": Concept(
        "Numbers that overflow or lose digits",
        "Evaluate the formula at 1000 and at 1e-9, and rewrite it so that both come out.",
    ),
    "random": Concept(
        "Random numbers and how weights begin",
        "Draw twice from one generator, then from two of one seed; compare the spread of a wide and a narrow layer.",
    ),
    "types": Concept(
        "Whole numbers, floats and their precision",
        "Print the dtype after np.array([1, 2]), a division, an update in place, and a call of float.",
    ),
    "autograd": Concept(
        "What autograd records",
        "Print requires_grad, grad_fn and grad after each line of one step; clear the gradient too late on purpose.",
    ),
    "return": Concept(
        "What a function hands back",
        "Compare a function that prints, one that stores, and one that returns, by what y = f(x) gives.",
    ),
    "names": Concept(
        "Names, calls and errors in Python",
        "Read one error message together, from its last line upwards: which name, of what kind, made where.",
    ),
}


def require_concept(key: str, mistake: str) -> str:
    """The same key. Raises GradbookError where it is none of the concepts; an empty one says nothing."""
    if key and key not in CONCEPTS:
        raise GradbookError(f"the mistake {mistake} has the concept {key!r}; there are: {', '.join(CONCEPTS)}")
    return key
