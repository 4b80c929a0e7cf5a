# Made by gradbook build from source/course_helpers.py: what this notebook uses.
"""Data, checks of your own numbers, and plots for the notebooks of the course."""

import logging
import sys

if sys.platform == "emscripten":  # a browser, where Matplotlib warns of fonts
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

import matplotlib.pyplot as plt
import numpy as np

# Told apart by the colour-blind, too (M. Okabe, K. Ito, 2008), and in grey by their lightness.
BLUE, RED, GREEN, ORANGE, PURPLE, GREY = "#0072b2", "#d55e00", "#009e73", "#e69f00", "#aa4499", "#7a8594"
# One style for all figures of the course.
plt.rcParams.update(
    {
        "axes.prop_cycle": plt.cycler(color=[BLUE, RED, GREEN, PURPLE, ORANGE, GREY]),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": GREY,
        "axes.titlelocation": "left",
        "axes.titlesize": 12,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e6e9ee",
        "legend.frameon": False,
        "lines.linewidth": 1.8,
        "image.cmap": "viridis",
        "figure.dpi": 110,
    }
)


class NotRight(AssertionError):
    """What a check raises. Jupyter shows its message alone."""

    def _render_traceback_(self):
        return [f"Not right yet: {self}"]


class checking:
    """Stands around a check: says what is not there yet, and which argument was changed.

    given: arrays or lists of them, by name. Their lengths tell a sum from a mean.
    """

    given = {}  # of the check that runs: name -> arrays, as they were

    def __init__(self, what, **given):
        self.what, self.arguments = what, given

    def __enter__(self):
        checking.given = {name: [np.array(a) for a in _arrays(v)] for name, v in self.arguments.items()}

    def __exit__(self, kind, error, trace):
        before, checking.given = checking.given, {}
        changed = _what_changed(self.arguments, before)
        said = changed and f"{error or self.what}\n  {changed}"
        if kind not in (None, NotRight, AssertionError):
            said = _what_comes_first(error, trace)
        elif kind is AssertionError and trace.tb_next is None:  # the check's own
            said = said or str(error)
        if said:
            raise NotRight(said) from None


def _arrays(value):
    """A value as arrays: one, or those of a list."""
    if isinstance(value, (list, tuple)):
        return [array for item in value for array in _arrays(item)]
    return [np.asarray(value.detach() if hasattr(value, "detach") else value)]


def _what_changed(arguments, before):
    """The first argument that was changed, in words. It gets its numbers back, for the next run."""
    for name, value in arguments.items():
        for now, was in zip(_arrays(value), before[name], strict=False):
            off = (now != was) & (was == was) if now.shape == was.shape else np.True_
            if off.any():
                table = ""
                if now.shape == was.shape:
                    table = _table(now, was, off, ("after", "before"))
                    now[...] = was
                return f"Your code changed {name}, which it was given; it should leave it as it was.{table}"
    return ""


def _what_comes_first(error, trace):
    """What is not there yet, in words; "" where an error has another reason, and goes its way."""
    check = trace.tb_frame
    while trace.tb_next:
        trace = trace.tb_next
    frame, owner = trace.tb_frame, type(getattr(error, "obj", 0))
    in_check = frame.f_code.co_filename == check.f_code.co_filename
    place = "" if in_check else f" in line {trace.tb_lineno} of the cell with {frame.f_code.co_name}"
    todo = "\n  Write it, run the cell that it stands in, then this one."
    if isinstance(error, NotImplementedError) and frame.f_globals is check.f_globals:  # a stub's, not a library's
        name = str(error) or frame.f_code.co_name
        return f"{name} still raises NotImplementedError.{todo} Your lines go in the place of that line."
    if type(error) is NameError and frame.f_globals is check.f_globals:
        own = f" Should it be self.{error.name}?" * hasattr(frame.f_locals.get("self"), error.name)
        return f"{error.name} is not defined{place}.{own}\n  Run the cell that defines it, then this one."
    if isinstance(error, AttributeError) and in_check and owner.__module__ == check.f_globals["__name__"]:
        return f"{owner.__name__} has no {error.name}.{todo}"
    if isinstance(error, (AttributeError, TypeError)) and in_check and "NoneType" in str(error):
        return "Your result is None; it should have a value. Is a return missing?"
    return ""


def _say_what_is_unwritten(shell, kind, error, trace, tb_offset=None):
    """In the place of a traceback, where any cell runs into a function that is not written yet."""
    said = _what_comes_first(error, trace.tb_next)
    shell.showtraceback((NotRight, NotRight(said), trace) if said else (kind, error, trace), tb_offset=tb_offset)


if "IPython" in sys.modules and sys.modules["IPython"].get_ipython():
    sys.modules["IPython"].get_ipython().set_custom_exc((NotImplementedError,), _say_what_is_unwritten)


def check_close(call, returned, expected, rtol=1e-6, atol=1e-12, hints=()):
    """Compare what a call returned with what was expected, and say the verdict.

    call: the call as text, such as "forward(x)".
    returned, expected: numbers or arrays; the shapes must be equal too.
    hints: a dict from a question, such as "Is the mask missing?", to the wrong result at which it is asked.
    Raises NotRight with what the numbers show of the difference.
    """
    right = np.asarray(expected)
    try:
        yours = np.asarray(returned)
    except Exception:  # lists of unequal lengths
        yours = np.asarray(None)
    if yours.dtype.kind not in "biuf" or yours.shape != right.shape:
        both = f"  yours     {_show(returned)}\n  expected  {_show(expected)}"
        raise NotRight(f"{call}\n  Your result {_other_kind(returned, yours, right)}\n{both}")
    off = ~np.isclose(yours, right, rtol=rtol, atol=atol)
    if off.any():
        with np.errstate(all="ignore"):
            asked = (question for question in hints if _same(yours, np.asarray(hints[question])))
            said = next(asked, "") or next((f"Your {fact}" for fact in _facts(yours, right, off)), "")
        raise NotRight(call + (said and f"\n  {said}") + _table(yours, right, off))
    print(f"{call} is right.")


def _same(a, b):
    """Whether all are equal, strictly: no fact fits by chance."""
    size = np.max(np.abs(b), initial=0)
    return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-5, atol=1e-10 * size)


def _other_kind(returned, yours, right):
    is_, ought = (f"an array of shape {a.shape}" if a.ndim else "one number" for a in (yours, right))
    if returned is None:
        return f"is None; it should be {ought}. Is a return missing?"
    if yours.dtype.kind not in "biuf":
        return f"is not made of numbers (dtype {yours.dtype}); it should be {ought}."
    also = {" Its mean is right.": np.mean(yours)} if yours.size else {}
    if yours.size == right.size:
        also |= {" It is transposed.": yours.T, " The numbers are right.": yours.reshape(right.shape)}
    return f"is {is_}; it should be {ought}." + next((text for text, made in also.items() if _same(made, right)), "")


def _facts(yours, right, off):
    """What the numbers show of the difference; the first is told."""
    kinds, first = yours.dtype.kind + right.dtype.kind, np.argwhere(off)[0]
    if kinds[0] == "b" != kinds[1]:
        yield "result holds True and False; it should hold numbers."
    if "b" in kinds or _same(yours, right):
        return
    if not np.isfinite(yours).all():
        yield "result is nan or inf where it should be finite."
    if yours.any() and (right != np.rint(right)).any() and (yours == np.trunc(right)).all():
        yield f"result holds whole numbers (dtype {yours.dtype}); it should keep what stands after the point."
    yield from _times(yours, right, "result")
    if right.ndim == 2 and _same(yours.T, right):
        yield "result is transposed; its rows should be its columns."
    if right.size > 1 and _same(np.sort(yours, axis=None), np.sort(right, axis=None)):
        yield "result has the right numbers in other places; each should stand as below."
    if right.ndim and (yours == yours[:1]).all() and not (right == right[:1]).all():
        yield f"result is the same in every {'row' if off.ndim > 1 else 'entry'}; it should differ."
    if off.sum() == 1 < off.size:
        yield f"result differs in entry {first.tolist()} only; it should be as below there."
    for axis, word in ((1, "row"), (0, "column")) if off.ndim == 2 else ():
        if off.any(axis).sum() == 1 < off.shape[1 - axis]:
            yield f"result differs in {word} {first[1 - axis]} only, counted from 0; it should be as below there."
    for name, arrays in checking.given.items():
        for start in arrays:
            if start.shape == off.shape:
                yield from _times(yours - start, right - start, f"change of {name}")


def _times(yours, right, what):
    """Whether one is the other times 0, -1, 2, a length of an argument, or what several entries show."""
    places = " in every entry" if right.size > 1 else ""
    if not yours.any() and right.any():
        yield f"{what} is zero{places}; it should not be."
    if _same(np.abs(yours), np.abs(right)) and not _same(yours, right):
        places = places if _same(yours, -right) else " in some entries"
        yield f"{what} has the right size, but the opposite sign{places}; it should have the other."
    at, nonzero = np.abs(right).argmax(), right[right != 0]
    by = yours.flat[at] / (right.flat[at] or 1) or 1
    times, sign = max(abs(by), 1 / abs(by)), "has the opposite sign and " if by < 0 else ""
    lengths = ((n, name) for name, arrays in checking.given.items() for a in arrays for n in (*a.shape, a.size))
    n, name = next(((n, name) for n, name in lengths if n > 1 and abs(by / n - 1) * abs(by * n - 1) < 1e-5), (0, ""))
    several = nonzero.size > 1 and np.ptp(nonzero) > 1e-5 * np.abs(right).max()
    if (n or several or abs(times - 2) < 1e-5) and times > 1.0001 and _same(yours, by * right):
        words = ("large", "divided by", "sum for a mean"), ("small", "times", "mean for a sum")
        large, divided, wrong = words[int(abs(by) < 1)]
        more = f" {n} is a length of {name}: is it a {'factor 2, or a ' * (n == 2)}{wrong}?" if n else ""
        ought = f"it should be that {divided} {np.sign(by) * times:.4g}.{more}"
        yield f"{what} {sign}is {times:.4g} times too {large}{places}; {ought}"


def _table(yours, right, off, names=("yours", "expected")):
    """Both side by side, != behind what differs; of a large array the lines about the first."""
    rows = right.ndim > 1 and right.shape[-1] < 5  # else an entry a line
    flat = [a.reshape(-1, right.shape[-1] if rows else 1) for a in (yours, right, off)]
    begin = max(0, min(np.argwhere(flat[2])[0][0] - 2, len(flat[2]) - 8))
    mine, ought, marks = (a[begin : begin + 8] for a in flat)
    shown = np.vectorize(lambda v, digits: f"{v + 0:.{digits}g}" if type(v) in (int, float) else str(v))  # + 0: no -0
    for digits in (6, 9, 12, 17):
        texts = shown(mine, digits), shown(ought, digits)
        if (texts[0] != texts[1])[marks].all():
            break
    wide = max(map(len, np.ravel(texts)))
    lines = [("", *names)]
    for i, (mine, ought, differs) in enumerate(zip(*texts, marks, strict=True), begin):
        index = np.unravel_index(i, right.shape[:-1] if rows else right.shape)
        left = (f"{text:>{wide}} {'!=' if d else '  '}" for text, d in zip(mine, differs, strict=True))
        label = f"[{', '.join(map(str, index))}]" if right.ndim else ""
        bar = "| " * (len(differs) > 1)
        lines.append((label, "  ".join(left), bar + "  ".join(text.rjust(wide) for text in ought)))
    pads = [max(len(line[k]) for line in lines) for k in (0, 1)]
    text = "".join(f"\n  {a:<{pads[0]}}  {b:<{pads[1]}}  {c}".rstrip() for a, b, c in lines)
    return text + f"\n  {off.sum()} of {off.size} entries differ." * (marks.size < off.size)


def numerical_gradient(function, at, step=1e-6):
    """The gradient of a scalar function by central differences.

    function: takes an array of the shape of `at`, returns a number.
    Returns an array of the shape of `at`; the error is of the order of the step squared.
    """
    at = np.array(at, dtype=float)
    gradient = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (function(up) - function(down)) / (2 * step)
    return gradient


def check_gradient(call, returned, function, at, rtol=1e-5, atol=1e-7):
    """Compare a gradient, as check_close does, with central differences of `function` at the point `at`."""
    gradient = np.round(numerical_gradient(function, at), 9)  # the rest is noise
    check_close(call, returned, gradient, rtol=rtol, atol=atol)


def check_raises(call, function):
    """Make sure that a call raises: `function` takes no arguments.

    Raises NotRight where it returns, and lets through what an unwritten stub or an undefined name raises.
    """
    try:
        returned = function()
    except (NotImplementedError, NameError):
        raise
    except Exception:
        print(f"{call} raises, as it should.")
        return
    raise NotRight(f"{call}\n  Your code returns; it should raise an exception.\n  yours     {_show(returned)}")


def _show(value):
    try:
        return np.array2string(np.asarray(value), precision=8, separator=", ", threshold=20, prefix=" " * 12)
    except Exception:
        return repr(value)[:200]


def set_seed(seed):
    """Seed NumPy's legacy global generator, whose stream is the same in every NumPy version."""
    np.random.seed(seed)


def load_digits():
    """Pictures of handwritten digits: E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository, CC BY 4.0.

    Returns images (1797, 8, 8), from 0 for paper to 1 for ink, and labels (1797,), whole numbers from 0 to 9.
    """
    with np.load("digits.npz") as data:
        return data["images"] / 16, data["labels"].astype(int)


def check_backward(model, x):
    """Check a model's gradients of its parameters and of its input against central differences.

    The loss is sum(upstream * model(x)) with a random upstream. Leaves the gradients at 0 and the
    parameters as they were.
    """
    name = type(model).__name__
    upstream = np.random.randn(*model(x).shape)
    for gradient in model.gradients.values():
        gradient[...] = 0
    model(x)
    input_gradient = model.backward(upstream.copy())
    check_gradient(f"{name}.backward(grad)", input_gradient, lambda at: np.sum(upstream * model(at)), x)
    for key, parameter in model.parameters.items():
        saved = parameter.copy()

        def loss(at, parameter=parameter):
            parameter[...] = at
            return np.sum(upstream * model(x))

        check_gradient(f'{name}.gradients["{key}"]', model.gradients[key], loss, saved)
        parameter[...] = saved
    for gradient in model.gradients.values():
        gradient[...] = 0


def count_calls(function):
    """How many functions are called while this one runs, of Python and of NumPy: the same number on every machine."""
    calls, before = [0], sys.getprofile()

    def note(frame, event, argument):
        calls[0] += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(before)
    return calls[0]


def on_canvas(images, down=0, right=0, border=2):
    """Images (n, 8, 8) on empty canvases (n, 1, 12, 12), moved from the middle by so many pixels, at most by border."""
    n, h, w = images.shape
    canvas = np.zeros((n, 1, h + 2 * border, w + 2 * border))
    canvas[:, 0, border + down : border + down + h, border + right : border + right + w] = images
    return canvas


def shifted_accuracies(net, images, labels, most=2):
    """The share of images that a net reads right when they are moved by 0, 1, ... `most` pixels.

    net: gives a score for each class, (n, 10). For each distance the mean over the eight directions.
    """
    found = []
    for distance in range(most + 1):
        ways = {(down * distance, right * distance) for down in (-1, 0, 1) for right in (-1, 0, 1)}
        ways -= {(0, 0)} if distance else set()
        right = [np.mean(net(on_canvas(images, *way)).argmax(axis=1) == labels) for way in sorted(ways)]
        found.append(np.mean(right))
    return np.array(found)


def lines_of(call):
    """How many lines of Python run when call() is called, without those inside NumPy."""
    count, before = [0], sys.gettrace()

    def note(frame, event, _):
        if frame.f_globals.get("__name__", "").startswith("numpy"):
            return None
        count[0] += event == "line"
        return note

    sys.settrace(note)
    try:
        call()
    finally:
        sys.settrace(before)
    return count[0]


def scene():
    """A picture (1, 1, 48, 64) of a bright disc and a bright box on dark ground, from 0 to 1."""
    row, column = np.mgrid[:48, :64]
    disc = np.clip(14.5 - np.hypot(row - 23, column - 18), 0, 1)
    box = ((abs(row - 24) <= 13) & (abs(column - 48) <= 9)).astype(float)
    return np.maximum(0.9 * disc, 0.6 * box)[None, None]


def plot_edges(image, maps):
    """A picture, and what filters make of it, on one scale. maps: a dict from the title to an array (h, w)."""
    figure, panels = plt.subplots(1, 1 + len(maps), figsize=(11, 2.9), layout="constrained")
    panels[0].imshow(image, cmap="Greys_r")
    panels[0].set_title("the picture")
    size = max(np.abs(values).max() for values in maps.values())
    for axes, (title, values) in zip(panels[1:], maps.items(), strict=True):
        shown = axes.imshow(values, cmap="RdBu_r", vmin=-size, vmax=size)
        axes.set_title(title)
    figure.colorbar(shown, ax=list(panels), shrink=0.9)
    for axes in panels:
        axes.set_axis_off()
    plt.show()


def plot_calls(counts):
    """Calls against the number of pixels, both on log scales. counts: label -> pixels -> calls."""
    figure, axes = plt.subplots(figsize=(7, 3.8))
    for (label, calls), mark in zip(counts.items(), "os", strict=False):
        (line,) = axes.loglog(list(calls), list(calls.values()), mark + "-")
        end = list(calls.items())[-1]
        axes.annotate(label, end, (8, 0), textcoords="offset points", va="center", color=line.get_color())
    title = "One image, forward: the functions that are called"
    axes.set(xlabel="pixels of the image", ylabel="calls", title=title)
    axes.margins(x=0.25)
    figure.tight_layout()
    plt.show()


def plot_shifts(accuracies, images):
    """The share of digits that three nets read, against how far these are moved; below, two of the digits, moved.

    accuracies: label -> the shares for 0, 1 and 2 pixels, the best net first. images: two digits (2, 8, 8).
    """
    figure = plt.figure(figsize=(9, 5.2))
    axes = figure.add_axes([0.08, 0.4, 0.9, 0.53], xlim=(-0.35, 2.35), ylim=(0, 100))
    distances = np.arange(3)
    looks = zip((BLUE, RED, PURPLE), ("o-", "s--", "^:"), ((0, -20), (14, 4), (-14, -8)), strict=True)
    for (label, shares), (colour, mark, way) in zip(accuracies.items(), looks, strict=True):
        axes.plot(distances, 100 * shares, mark, color=colour, linewidth=2.4, markersize=7)
        side = {0: "center", 1: "left", -1: "right"}[np.sign(way[0])]
        place = {"xytext": way, "textcoords": "offset points", "ha": side, "fontsize": 11.5}
        axes.annotate(label, (1, 100 * shares[1]), color=colour, **place)
    axes.axhline(10, color=GREY, linestyle=":", linewidth=1)
    axes.text(-0.32, 11.5, "guessing", color=GREY)
    axes.set(xticks=distances, yticks=range(0, 101, 20), ylabel="read right, in %")
    axes.set_xticklabels(["not moved", "moved by 1 pixel", "by 2 pixels"], fontsize=11)
    axes.set_title("Three nets, trained on digits in the middle, read digits that are moved", fontsize=12.5)
    for distance in distances:
        middle = 0.08 + 0.9 * (distance + 0.35) / 2.7
        for which, (image, way) in enumerate(zip(images, ((1, 1), (-1, 1)), strict=True)):
            small = figure.add_axes([middle - 0.135 + 0.14 * which, 0.03, 0.13, 0.225], xticks=[], yticks=[])
            small.imshow(on_canvas(image[None], *(distance * np.array(way)))[0, 0], cmap="Greys")
            small.spines[:].set(visible=True, color=GREY)
            small.grid(False)
    plt.show()


def plot_kernels(kernels):
    """Kernels (m, size, size) side by side, eight in a row, on one scale."""
    figure, panels = plt.subplots(-(-len(kernels) // 8), 8, figsize=(8.4, 4), layout="constrained")
    size = np.abs(kernels).max()
    for axes, kernel in zip(panels.flat, kernels, strict=True):
        shown = axes.imshow(kernel, cmap="RdBu_r", vmin=-size, vmax=size)
        axes.set_axis_off()
    figure.colorbar(shown, ax=panels, shrink=0.9)
    plt.show()


def plot_responses(image, kernels, maps):
    """One image in the first column, and what some kernels make of it. kernels: (m, s, s), maps: (m, h, w)."""
    figure, panels = plt.subplots(2, len(kernels) + 1, figsize=(10, 3.6))
    panels[0, 0].imshow(image, cmap="Greys")
    panels[0, 0].set_title("the digit")
    size, most = np.abs(kernels).max(), maps.max()
    for column, (kernel, values) in enumerate(zip(kernels, maps, strict=True), 1):
        panels[0, column].imshow(kernel, cmap="RdBu_r", vmin=-size, vmax=size)
        panels[0, column].set_title(f"kernel {column}")
        panels[1, column].imshow(values, vmin=0, vmax=most)
        row, place = np.unravel_index(values.argmax(), values.shape)
        panels[1, column].plot(place, row, "o", markersize=9, markerfacecolor="none", color="white")
    for axes in panels.flat:
        axes.set_axis_off()
    figure.tight_layout()
    plt.show()
