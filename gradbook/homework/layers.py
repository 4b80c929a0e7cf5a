"""Layers: objects with a `forward`, and a `backward` that gives the gradient of what forward was given.

The gradients of what a layer has learned are added to arrays that it keeps: `parameters` and `gradients` are dicts of
arrays under the same names. What every homework with layers asks of them is written here once: laws, see `laws`,
each of which is asked about in one exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from .laws import Code, Parts, depends, factor, numbers, same

Compare = Callable[[Any, Any], Any]
BELOW = "the input's gradient"
OF = "the gradient of {}"

# On the code's side. Methods, so that none of these calls counts as one of backward's own, see `stand_ins`.
WATCH = """
import numpy

def copied(value):
    if isinstance(value, dict):
        return {key: copied(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [copied(part) for part in value]
    return numpy.array(value) if isinstance(value, numpy.ndarray) else value

class Watch:
    def __init__(self, kind):
        self.kind = globals()[kind] if isinstance(kind, str) else kind

    def made(self, case):
        layer = self.kind(*copied(case["arguments"]))
        self.fill(layer, case)
        return layer

    def fill(self, layer, case):
        for name, array in case["parameters"].items():
            numpy.copyto(layer.parameters[name], array)

    def through(self, case, layer=None, inputs=None):
        layer = self.made(case) if layer is None else layer
        self.result = layer.forward(*(copied(case["inputs"]) if inputs is None else inputs))
        for name, value in case["after"].items():
            setattr(layer, name, value)
        return layer

    def back(self, case, layer):
        before = copied(layer.gradients) if case["adds"] else {}
        below = [copied(layer.backward(*copied(arguments))) for arguments in case["asks"]]
        return below, before, copied(layer.gradients) if case["adds"] else {}

    def latest(self, case, other):
        fresh, earlier = self.back(case, self.through(case)), {**case, "inputs": other["inputs"]}
        after = self.back(case, self.through(case, self.through(earlier)))
        layer = self.through(earlier)
        self.back({**earlier, "asks": other["asks"]}, layer)
        both, layer = self.back(case, self.through(case, layer)), self.through(case)
        self.through(other)
        return fresh, after, both, self.back(case, layer)

    def adds(self, case):
        layer, filled = self.through(case), self.made(case)
        held = dict(layer.gradients)
        first, second = self.back(case, layer), self.back(case, layer)
        kept, there = copied(held), copied(layer.gradients)
        self.through(case, filled)
        for array in filled.gradients.values():
            array[...] = 100.0
        return first, second, kept, there, self.back(case, filled)

    def forward_leaves(self, case, other):
        layer, watched = self.made(case), ["parameters", "gradients"] if case["adds"] else []
        for array in layer.gradients.values() if case["adds"] else ():
            array[...] = 5.0
        found = self.leaves(layer.forward, case["inputs"], other["inputs"], layer, watched)
        if not case["parameters"]:
            return found, None, None
        changed = {**case, "parameters": other["parameters"]}
        self.fill(layer, changed)
        self.through(case, layer)
        moved = copied(self.result)
        self.through(changed)
        return found, moved, copied(self.result)

    def backward_leaves(self, case):
        layer, inputs, arguments = self.made(case), copied(case["inputs"]), case["asks"][-1]
        before = copied(inputs)
        self.through(case, layer, inputs)
        others = [2 * argument for argument in arguments]
        found = self.leaves(layer.backward, arguments, others, layer, ["parameters"] if case["adds"] else [])
        return found, before, inputs

    def leaves(self, call, arguments, others, layer, watched):
        given = copied(arguments)
        before = [copied(arguments), *(copied(getattr(layer, name)) for name in watched)]
        earlier = call(*given)
        first = copied(earlier)
        after = [copied(given), *(copied(getattr(layer, name)) for name in watched)]
        call(*copied(others))
        return first, before, after, copied(earlier), copied(call(*copied(arguments)))

    def slopes(self, case):
        case = copied(case)
        return [self.along(array, case) for array in (case["inputs"][0], *case["parameters"].values())]

    def along(self, array, case):
        slope = numpy.zeros(array.shape)
        for index in numpy.ndindex(array.shape):
            kept, ends = array[index], []
            for step in (1e-6, -1e-6):
                array[index] = kept + step
                ends.append(self.loss(case))
            array[index] = kept
            slope[index] = (ends[0] - ends[1]) / 2e-6
        return slope

    def loss(self, case):
        self.through(case)
        try:
            return float(numpy.sum(case["grad"] * numpy.asarray(self.result, dtype=float)))
        except (TypeError, ValueError):
            return numpy.nan
"""


@dataclass
class LayerCase:
    """A layer, and what it is given: a Case of `families.gradient`, and what the laws below ask about.

    inputs: name -> array, the arguments of forward; derivatives are taken by the first. grad: the gradient from above.
    parameters: name -> array, written into those of a new layer. arguments: of its class. after: name -> value, set on
    a layer when its forward has run.

    A homework gives the layer's name in `kind`, and overrides what is otherwise with its layer.
    """

    kind: ClassVar[str]
    adds: ClassVar[bool] = True  # whether it has gradients to add to
    returns: ClassVar[bool] = True  # whether what backward returns matters

    inputs: Mapping[str, Any]
    grad: Any
    parameters: Mapping[str, Any] = field(default_factory=dict)
    arguments: Sequence[Any] = ()
    after: Mapping[str, Any] = field(default_factory=dict)

    def layer_class(self, code: Code) -> Any:
        """What makes the layer: its name, or a class that `code.define` gave."""
        return self.kind

    def asks(self) -> dict[str, tuple[Any, ...]]:
        """What backward is asked for: the name of what it returns -> its arguments."""
        return {BELOW: (self.grad,)}

    def made(self, code: Code) -> Any:
        """A layer that has seen nothing yet."""
        named = self.layer_class(code)
        layer = (getattr(code, named) if isinstance(named, str) else named)(*self.arguments)
        if self.parameters:
            layer.parameters.fill(self.parameters)
        return layer

    def forward(self, code: Code) -> Any:
        """What forward gives."""
        return self.made(code).forward(*self.inputs.values())

    def gradients(self, code: Code) -> Parts:
        """What backward gives after forward: what it returns, and what it adds to the gradients, by names."""
        # Call by call, so that the calls that backward makes of forward are counted.
        layer = self.made(code)
        layer.forward(*self.inputs.values())
        for name, value in self.after.items():
            getattr(layer, name).set(value)
        before = layer.gradients.get() if self.adds else {}
        below = [layer.backward(*arguments) for arguments in self.asks().values()]
        return self.parts((below, before, layer.gradients.get() if self.adds else {}))

    def parts(self, found: tuple[Any, Any, Any]) -> Parts:
        """Named: (what backward returned, the gradients before, the gradients afterwards)."""
        below, before, after = found
        returned = dict(zip(self.asks(), below, strict=True)) if self.returns else {}
        return returned | {OF.format(name): _added(before.get(name), array) for name, array in after.items()}

    def slopes(self, code: Code) -> Parts:
        """The derivatives of the submission's own forward, for the loss sum(grad * forward(...)), in the same parts."""
        found = self.watch(code).slopes(self.plain())
        return dict(zip([BELOW, *map(OF.format, self.parameters)], found, strict=True))

    def fitting(self, code: Code) -> Iterable[tuple[Parts, float]]:
        """See `families.Case`."""
        yield self.slopes(code), 1e-5

    def watch(self, code: Code) -> Any:
        """A Watch of this layer, on the code's side."""
        return code.define(WATCH, "Watch")(self.layer_class(code))

    def plain(self) -> dict[str, Any]:
        """The case as `Watch` takes it."""
        asked, given = [list(arguments) for arguments in self.asks().values()], list(self.inputs.values())
        names = ("grad", "parameters", "arguments", "after", "adds")
        return {name: getattr(self, name) for name in names} | {"inputs": given, "asks": asked}


def _added(before: Any, after: Any) -> Any:
    """What was added; what is there, where that cannot be told."""
    one, two = numbers(before), numbers(after)
    return after if one is None or two is None or one.shape != two.shape else two - one


def forward_leaves(code: Code, case: LayerCase, other: LayerCase, compare: Compare = same) -> Parts:
    """That forward leaves its arguments, the parameters and the gradients alone, gives the same again, also after
    another call, leaves an earlier result as it was, and goes by the parameters that are there.

    other: has other inputs and parameters. compare: `gap`, where mistakes are told apart by how much results differ;
    so in all that follow.
    """
    found, moved, fresh = case.watch(code).forward_leaves(case.plain(), other.plain())
    seen = _left([*case.inputs], ["the parameters", "the gradients"], found, compare)
    seen["a second call"] = compare(found[0], found[4])
    if case.parameters:
        seen["after the parameters changed"] = compare(fresh, moved)
        seen["they make a difference"] = depends(found[0], moved)
    return seen


def backward_leaves(code: Code, case: LayerCase, compare: Compare = same) -> Parts:
    """That backward leaves grad, the parameters, what forward was given and an earlier result alone; and gives the same
    again, where nothing is added.
    """
    found, before, after = case.watch(code).backward_leaves(case.plain())
    seen = _left(["grad"], ["the parameters"], found, compare)
    seen |= {f"{name} afterwards": compare(*pair) for name, *pair in zip(case.inputs, before, after, strict=True)}
    if not case.returns:
        del seen["an earlier result"]
    elif not case.adds:
        seen["a second call"] = compare(found[0], found[4])
    return seen


def _left(given: Sequence[str], state: Sequence[str], found: Sequence[Any], compare: Compare) -> Parts:
    """What has changed, of (first result, all before, all afterwards, the first result later, the last result)."""
    first, before, after, later, _ = found
    pairs = [*zip(given, before[0], after[0], strict=False), *zip(state, before[1:], after[1:], strict=False)]
    changed = {f"{name} afterwards": compare(old, new) for name, old, new in pairs}
    return changed | {"an earlier result": compare(first, later)}


def latest(code: Code, case: LayerCase, other: LayerCase, compare: Compare = same) -> Parts:
    """That the gradients belong to the last forward of this layer, not to an earlier one nor to another layer's."""
    fresh, after, both, beside = map(case.parts, case.watch(code).latest(case.plain(), other.plain()))
    return {
        "a gradient": all(numbers(part) is not None and bool(np.any(part)) for part in fresh.values()),
        "after another forward": compare(fresh, after),
        "after another forward and backward": compare(fresh, both),
        "after another layer's forward": compare(fresh, beside),
    }


def adds(code: Code, case: LayerCase, compare: Compare = same) -> Parts:
    """That each backward adds the same to the gradients, into the arrays that were there, on top of what they hold."""
    first, second, kept, there, filled = case.watch(code).adds(case.plain())
    one, two, three = case.parts(first), case.parts(second), case.parts(filled)
    seen: Parts = {f"{name}, again": compare(one[name], two[name]) for name in case.asks() if case.returns}
    for name in there:
        part = OF.format(name)
        seen[f"{part}, a second call"] = factor(one[part], two[part])
        seen[f"{part}, the array of before"] = same(kept.get(name), there[name])
        seen[f"{part}, on top of what is there"] = same(one[part], three.get(part), atol=1e-9)
    return seen
