"""The ideas that known mistakes are about: what an instructor reads of a class, and what to teach next."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import GradbookError


class Concept(NamedTuple):
    """An idea that a mistake is about. title: as people read it. teach: what to teach next, for an instructor."""

    title: str
    teach: str


CONCEPTS = {
    "definition": Concept(
        "What the model and the loss are",
        "Compute one entry of the definition by hand, and let the class find each part of it in the line of code.",
    ),
    "chain rule": Concept(
        "Local derivatives and the chain rule",
        "Draw the computation as a graph, write each local derivative at its edge, and multiply along the path.",
    ),
    "mask": Concept(
        "The slope of the activation",
        "Send one positive and one negative value forward and back by hand: where the unit is shut, nothing passes.",
    ),
    "sign": Concept(
        "Signs and directions",
        "Take one step with numbers, and ask whether the loss went down; then turn the sign round and ask again.",
    ),
    "factor": Concept(
        "Constant factors",
        "Differentiate one square by hand and compare with a finite difference: their ratio is the factor.",
    ),
    "mean": Concept(
        "Sum or mean",
        "Repeat every row of the batch, and ask which quantities must stay as they are and which must double.",
    ),
    "places": Concept(
        "What goes where: transposes, orders, names",
        "Write the shape below each factor of a product: with unequal sizes one order and one transpose are left.",
    ),
    "shapes": Concept(
        "Shapes, axes and broadcasting",
        "Let the class predict the shape of (n,) with (n, 1) before it is run, and what a sum over each axis leaves.",
    ),
    "order": Concept(
        "What is computed before what",
        "Number the lines of one step, and mark at each value whether it is the old or the new one.",
    ),
    "step": Concept(
        "The update step",
        "Do one step on paper: the present weight, less the learning rate times its gradient, for every weight.",
    ),
    "averages": Concept(
        "Running averages and their correction",
        "Compute the first three values of a running average of ones, and see what the correction divides by.",
    ),
    "state": Concept(
        "What is kept from call to call",
        "Call the same function twice, then with other data, and ask what the object should remember of it.",
    ),
    "alias": Concept(
        "Changes in place, and who else sees them",
        "Set b to a, to a[:] and to a.copy(); change b by b -= 1 and by b = b - 1; print a after each.",
    ),
    "loops": Concept(
        "Loops: where they end, and what they record",
        "Write out the first two rounds of the loop and the last, with what is used and recorded in each.",
    ),
    "reading": Concept(
        "Reading a result",
        "Let pairs say in one sentence what is asked for, point at it in the figure or list, and only then compute.",
    ),
    "checking": Concept(
        "How a gradient is checked",
        "Plant one mistake in a layer, and ask which checks would see it: of which size, in which entries.",
    ),
    "precision": Concept(
        "Precision: dtypes, overflow, lost digits",
        "Evaluate the formula at 1000, at 1e-9 and on whole numbers, and print the dtype of each result.",
    ),
    "random": Concept(
        "Random numbers and how weights begin",
        "Draw twice from one generator, then from two of one seed; compare the spread of a wide and a narrow layer.",
    ),
    "autograd": Concept(
        "The graph, and the walk back through it",
        "Draw a graph in which one value is used twice, number its nodes in an order that works, and add up both ways.",
    ),
    "python": Concept(
        "Names, calls and returns in Python",
        "Read one error message together, from its last line upwards; then call a function that has no return.",
    ),
}


def require_concept(key: str, mistake: str) -> str:
    """The same key. Raises GradbookError where it is none of the concepts; an empty one says nothing."""
    if key and key not in CONCEPTS:
        raise GradbookError(f"the mistake {mistake} has the concept {key!r}; there are: {', '.join(CONCEPTS)}")
    return key
