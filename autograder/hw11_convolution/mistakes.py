"""Known mistakes and right variants of hw11_convolution."""

import numpy as np

from gradbook.homework import chaff, chaff_edit, suspect, wheat, wheat_edit
from solutions.hw11_convolution import Conv2d, Layer, windows

FASTER = "it changes the time, not the result"
BOTH_WAYS = "the two arguments may be given in either order"
CUT = "a wider border is cut off again"
FLAT = "the shape is overwritten by the next reshape"
EQUIVALENT = {
    "Conv2d.forward: np.einsum('ncijuv,fcuv->nfij', self.seen, self.parameters['W'], optimize=True)"
    " -> np.einsum('ncijuv,fcuv->nfij', self.seen, self.parameters['W'])": FASTER,
    "Conv2d.forward: True -> False": FASTER,
    "Conv2d.backward: np.einsum('nfij,ncijuv->fcuv', grad, self.seen, optimize=True)"
    " -> np.einsum('nfij,ncijuv->fcuv', grad, self.seen)": FASTER,
    "Conv2d.backward: np.einsum('nfij,fcuv->ncijuv', grad, self.parameters['W'], optimize=True)"
    " -> np.einsum('nfij,fcuv->ncijuv', grad, self.parameters['W'])": FASTER,
    "Conv2d.backward: True -> False": FASTER,
    "Conv2d.backward: 2 -> 3": CUT,
    "Conv2d.backward: np.ndindex(self.size, self.size) -> np.ndindex(self.size, self.size)": BOTH_WAYS,
    "MaxPool2d.backward: slopes.reshape(n, c, rows, columns, self.size, self.size).swapaxes(3, 4)"
    " -> slopes.reshape(n, c, rows, columns, self.size, self.size).swapaxes(4, 3)": BOTH_WAYS,
    "MaxPool2d.backward: slopes.reshape(n, c, rows, columns, self.size, self.size)"
    " -> slopes.reshape(c, n, rows, columns, self.size, self.size)": FLAT,
}

COPIED = (
    'Your code copies x where the padding is 0, each pixel many times; it should give a view of x then. See "Windows".'
)
LAST = "Your code leaves out the last window of a row or column; it should take it where it still fits: mind the + 1."
BY_PIXELS = "Your code loops over the places of the windows; it should do all places at once, by a sum over axes."
BACK_BY_PIXELS = (
    "Your code runs lines for each pixel, one after the other; it should do all windows at once, and loop over the "
    "places in a window at most."
)
UNPOOL_BY_PIXELS = (
    "Your code runs lines for each block or pixel, one after the other; it should do all of them at once."
)

# ---------------------------------------------------------------- windows

WINDOWS = "windows"
PAD = "((0, 0), (0, 0), (padding, padding), (padding, padding))"
STEPS = "every[:, :, ::stride, ::stride]"


@chaff_edit(WINDOWS, "windows_value", STEPS, "every", concept="definition")
def windows_every_place():
    """stride ignored

    Your windows begin at every pixel; they should begin at every stride-th row and column. See "Windows".
    """


@chaff_edit(WINDOWS, "windows_value", STEPS, "every[:, :, ::stride]", concept="definition")
def windows_stride_of_rows():
    """stride of rows only

    Your windows have the stride in one direction only; they should have it along rows and along columns.
    """


@chaff_edit(WINDOWS, "windows_value", STEPS, "every[:, :, ::stride, ::stride, ::stride, ::stride]", concept="places")
def windows_stride_inside():
    """stride inside the windows, too

    Your code leaves out pixels inside the windows as well; only the places of the windows should be a stride apart.
    """


@chaff_edit(
    WINDOWS, "windows_value", STEPS, "every[:, :, stride - 1 :: stride, stride - 1 :: stride]", concept="places"
)
def windows_begin_late():
    """first window not at the corner

    Your first window begins at the wrong pixel; it should begin at the upper left one, whatever the stride.
    """


@chaff_edit(WINDOWS, "windows_value", STEPS, "every[:, :, :-1:stride, :-1:stride]", hint=LAST, concept="loops")
def windows_without_the_last():
    """last windows missing"""


@chaff(WINDOWS, "windows_value", hint=LAST, concept="loops")
def windows_without_plus_one(x, size, stride=1, padding=0):
    """+ 1 missing in the number of places"""
    if padding:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows, columns = ((side - size) // stride for side in x.shape[2:])
    if min(rows, columns) < 1:
        raise ValueError("no window fits")
    a, b, s, t = x.strides
    shape = *x.shape[:2], rows, columns, size, size
    return np.lib.stride_tricks.as_strided(x, shape, (a, b, s * stride, t * stride, s, t))


@chaff_edit(WINDOWS, "windows_value", STEPS, "every[:, :, ::stride, ::stride, ::-1, ::-1]", concept="places")
def windows_turned():
    """windows turned round

    Your windows are turned round; they should show the pixels as they stand in the image. See "Windows".
    """


@chaff_edit(WINDOWS, "windows_value", STEPS, f"{STEPS}.swapaxes(4, 5)", concept="places")
def windows_transposed():
    """windows transposed

    Your windows have rows and columns exchanged; their last two axes should be rows, then columns of the image.
    """


@chaff_edit(WINDOWS, "windows_value", STEPS, f"{STEPS}.swapaxes(2, 3)", concept="places")
def windows_places_transposed():
    """places of the windows transposed

    Your places of the windows are exchanged; the third axis should go down the image, and the fourth one across.
    """


@chaff_edit(WINDOWS, "windows_value", STEPS, f"np.moveaxis({STEPS}, 1, 3)", concept="shapes")
def windows_channels_behind():
    """channels behind the places

    Your channels stand behind the places of the windows; they should be the second axis: (n, c, h', w', size, size).
    """


@chaff_edit(
    WINDOWS,
    "windows_value",
    f"return {STEPS}",
    f"y = {STEPS}\n    return y.reshape(*y.shape[:4], -1)",
    concept="shapes",
)
def windows_flat():
    """pixels of a window in one axis

    Your windows have all their pixels in one axis; they should keep two, of size each. See "Windows".
    """


@chaff_edit(WINDOWS, "windows_value", "if padding > 0:", "if False:", concept="definition")
def windows_without_padding():
    """padding ignored

    Your code ignores the padding; it should put that many rows and columns of zeros on each side of the images first.
    """


@chaff_edit(WINDOWS, "windows_value", PAD, "((0, 0), (0, 0), (padding, 0), (padding, 0))", concept="definition")
def windows_padded_before():
    """border above and left only

    Your border stands above and on the left only; it should stand on all four sides of the images.
    """


@chaff_edit(WINDOWS, "windows_value", PAD, "((0, 0), (0, 0), (0, padding), (0, padding))", concept="definition")
def windows_padded_after():
    """border below and right only

    Your border stands below and on the right only; it should stand on all four sides of the images.
    """


@chaff_edit(WINDOWS, "windows_value", PAD, "((0, 0), (0, 0), (padding, padding), (0, 0))", concept="definition")
def windows_padded_rows():
    """border above and below only

    Your border stands above and below only; it should stand on all four sides of the images.
    """


@chaff_edit(WINDOWS, "windows_value", PAD, "padding", concept="shapes")
def windows_all_axes_padded():
    """all four axes padded

    Your padding adds images and channels of zeros as well; it should add rows and columns only.
    """


@chaff_edit(WINDOWS, "windows_value", f"{PAD})", f'{PAD}, mode="edge")', concept="definition")
def windows_edge():
    """border of copies

    Your border repeats the pixels at the edge; it should be made of zeros. See "Windows".
    """


@chaff_edit(WINDOWS, "windows_value", f"{PAD})", f"{PAD}, constant_values=1)", concept="definition")
def windows_border_of_ones():
    """border of ones

    Your border is made of ones; it should be made of zeros. See "Windows".
    """


@chaff_edit(WINDOWS, "windows_value", "if padding > 0:", "if stride == 1:", concept="definition")
def windows_padded_without_stride():
    """padding lost with a stride

    Your padding is lost where there is a stride; it should be there in each case.
    """


@chaff_edit(WINDOWS, "windows_view", "if padding > 0:", "if padding >= 0:", hint=COPIED, concept="alias")
def windows_padded_by_nothing():
    """a copy from np.pad"""


@chaff_edit(WINDOWS, "windows_view", STEPS, f"{STEPS}.copy()", hint=COPIED, concept="alias")
def windows_copied():
    """a copy"""


@chaff(WINDOWS, "windows_view", hint=COPIED, concept="alias")
def windows_one_by_one(x, size, stride=1, padding=0):
    """windows cut out one by one"""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows, columns = ((side - size) // stride + 1 for side in x.shape[2:])
    if min(x.shape[2:]) < size:
        raise ValueError("no window fits")
    y = np.empty((*x.shape[:2], rows, columns, size, size))
    for i in range(rows):
        for j in range(columns):
            y[:, :, i, j] = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
    return y


@chaff(WINDOWS, ("windows_view", "windows_refuses"), hint=COPIED, concept="alias")
def windows_by_offsets(x, size, stride=1, padding=0):
    """copied, one place in the window after the other"""
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows, columns = (max((side - size) // stride + 1, 0) for side in x.shape[2:])
    y = np.zeros((*x.shape[:2], rows, columns, size, size))
    for u in range(size):
        for v in range(size):
            if rows and columns:
                y[..., u, v] = x[:, :, u : u + stride * rows : stride, v : v + stride * columns : stride]
    return y


@chaff(WINDOWS, "windows_refuses", concept="shapes")
def windows_never_refused(x, size, stride=1, padding=0):
    """no window where none fits

    Your code gives an array without windows where none fits; it should raise ValueError then.
    """
    if padding:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    n, c, h, w = x.shape
    a, b, s, t = x.strides
    shape = n, c, (h - size) // stride + 1, (w - size) // stride + 1, size, size
    return np.lib.stride_tricks.as_strided(x, shape, (a, b, s * stride, t * stride, s, t))


@chaff_edit(
    WINDOWS,
    "windows_refuses",
    "if padding > 0:",
    'if size > min(x.shape[2:]):\n        raise ValueError("too small")\n    if padding > 0:',
    concept="order",
)
def windows_refused_without_border():
    """refused although the border makes it fit

    Your code compares the window with the bare images; it should compare it with the images and their border.
    """


@chaff_edit(
    WINDOWS,
    "windows_refuses",
    "    every =",
    '    if size >= min(x.shape[2:]):\n        raise ValueError("too small")\n    every =',
    concept="loops",
)
def windows_refused_where_they_just_fit():
    """refused where one window just fits

    Your code refuses a window that is just as large as the image; it should accept it: one window fits.
    """


@chaff(WINDOWS, "windows_view", concept="alias")
def windows_of_strides_by_shape(x, size, stride=1, padding=0):
    """strides computed from the shape

    Your strides are computed from the shape of x; they should be x.strides, as x may itself be a view.
    """
    if padding:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    n, c, h, w = x.shape
    if min(h, w) < size:
        raise ValueError("no window fits")
    shape = n, c, (h - size) // stride + 1, (w - size) // stride + 1, size, size
    strides = c * h * w, h * w, stride * w, stride, w, 1
    return np.lib.stride_tricks.as_strided(x, shape, [x.itemsize * step for step in strides])


@chaff(WINDOWS, "windows_value", concept="shapes")
def windows_of_square_images(x, size, stride=1, padding=0):
    """as many places across as down

    Your code takes as many windows across as down; it should count them from the width across, from the height down.
    """
    if padding:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    if min(x.shape[2:]) < size:
        raise ValueError("no window fits")
    side = (min(x.shape[2:]) - size) // stride + 1
    a, b, s, t = x.strides
    shape = *x.shape[:2], side, side, size, size
    return np.lib.stride_tricks.as_strided(x, shape, (a, b, s * stride, t * stride, s, t))


@chaff_edit(WINDOWS, "windows_view", "    if padding > 0:", "    x[:, :, 0] = 0\n    if padding > 0:", concept="alias")
def windows_writes_into_x():
    """x written into

    Your code writes into x, which belongs to the caller; it should leave it as it is.
    """


@chaff(WINDOWS, "windows_view", concept="alias")
def windows_in_one_border(x, size, stride=1, padding=0, bordered={}):
    """one array with a border for every call

    Your code writes all images into one and the same array with a border, and so into earlier windows; it should make
    a new one each time.
    """
    if padding:
        n, c, h, w = x.shape
        key = (x.shape, padding)
        if key not in bordered:
            bordered[key] = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
        bordered[key][:, :, padding : padding + h, padding : padding + w] = x
        x = bordered[key]
    every = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    return every[:, :, ::stride, ::stride]


@wheat(WINDOWS)
def windows_as_strided(x, size, stride=1, padding=0):
    x = np.pad(x, [(0, 0), (0, 0), [padding] * 2, [padding] * 2]) if padding else np.asarray(x)
    n, c, h, w = x.shape
    if h < size or w < size:
        raise ValueError(f"{size} > {h} or {w}")
    rows, columns = (h - size) // stride + 1, (w - size) // stride + 1
    a, b, s, t = x.strides
    return np.lib.stride_tricks.as_strided(
        x, shape=(n, c, rows, columns, size, size), strides=(a, b, s * stride, t * stride, s, t), writeable=False
    )


@wheat(WINDOWS)
def windows_axis_by_axis(x, size, stride=1, padding=0):
    from numpy.lib.stride_tricks import sliding_window_view

    if padding:
        n, c, h, w = x.shape
        wide = np.zeros((n, c, h + 2 * padding, w + 2 * padding), dtype=x.dtype)
        wide[:, :, padding:-padding, padding:-padding] = x
        x = wide
    rows = sliding_window_view(x, size, axis=2)[:, :, ::stride]
    return sliding_window_view(rows, size, axis=3)[:, :, :, ::stride]


@wheat(WINDOWS)
def windows_asserted(x, size, stride=1, padding=0):
    if padding:
        border = np.zeros((*x.shape[:3], padding))
        x = np.concatenate([border, x, border], axis=3)
        border = np.zeros((*x.shape[:2], padding, x.shape[3]))
        x = np.concatenate([border, x, border], axis=2)
    assert size <= x.shape[2] and size <= x.shape[3], "the window is too large"
    view = np.lib.stride_tricks.sliding_window_view(x, (1, 1, size, size))
    return view[:, :, ::stride, ::stride, 0, 0]


@wheat(WINDOWS)
def windows_of_the_buffer(x, size, stride=1, padding=0):
    """np.ndarray on the same memory, by offsets that may be negative"""
    if padding:
        x = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2), "constant")
    if size > min(x.shape[-2:]):
        raise ValueError("too large")
    starts = x[:, :, : x.shape[2] - size + 1 : stride, : x.shape[3] - size + 1 : stride]
    return np.lib.stride_tricks.as_strided(starts, starts.shape + (size, size), starts.strides + x.strides[2:])


# ---------------------------------------------------------------- Conv2d.forward

FORWARD = "Conv2d.forward"
SEEN = "windows(x, self.size, self.stride, self.padding)"
SUM = 'np.einsum("ncijuv,fcuv->nfij", self.seen, self.parameters["W"], optimize=True)'
BIAS = 'y + self.parameters["b"][:, None, None]'
KERNEL = 'self.seen, self.parameters["W"]'


@chaff_edit(FORWARD, "conv_forward_value", BIAS, "y", concept="definition")
def conv_without_bias():
    """bias left out

    Your code leaves b out; it should add each filter's number to all of its output. See "Forward".
    """


@chaff_edit(FORWARD, "conv_forward_value", BIAS, 'y - self.parameters["b"][:, None, None]', concept="sign")
def conv_minus_bias():
    """bias subtracted

    Your code subtracts b; it should add it. See "Forward".
    """


@chaff_edit(FORWARD, "conv_forward_value", BIAS, 'y + self.parameters["b"].mean()', concept="mean")
def conv_mean_of_bias():
    """one number for all filters

    Your code adds one number to all filters; it should add each filter's own entry of b.
    """


@chaff_edit(FORWARD, "conv_forward_value", BIAS, 'y + self.parameters["b"]', concept="shapes")
def conv_bias_across():
    """bias along the last axis

    Your b is spread along the columns of the output; it should go along the filters, the second axis.
    """


@chaff_edit(
    FORWARD, "conv_forward_value", BIAS, 'y + self.size**2 * self.parameters["b"][:, None, None]', concept="factor"
)
def conv_bias_for_each_pixel():
    """bias added once for each pixel of a window

    Your code adds b once for each pixel of a window; it should add it once for each window.
    """


@chaff_edit(
    FORWARD, "conv_forward_value", KERNEL, 'self.seen, self.parameters["W"][:, :, ::-1, ::-1]', concept="places"
)
def conv_turned():
    """kernel turned round

    Your code turns the kernel round; it should use it as it is, the first weight with the first pixel. See "Forward".
    """


@chaff_edit(FORWARD, "conv_forward_value", '"ncijuv,fcuv->nfij"', '"ncijuv,fcvu->nfij"', concept="places")
def conv_kernel_transposed():
    """kernel transposed

    Your code exchanges rows and columns of the kernel; it should use it as it is. See "Forward".
    """


@chaff_edit(FORWARD, "conv_forward_value", '"ncijuv,fcuv->nfij"', '"ncijuv,cfuv->nfij"', concept="places")
def conv_filters_for_channels():
    """filters and channels exchanged

    Your code takes the first axis of W for the channels; it should be the filters, and the second one the channels.
    """


@chaff_edit(FORWARD, "conv_forward_value", '"ncijuv,fcuv->nfij"', '"ncijuv,fcuv->nijf"', concept="shapes")
def conv_filters_last():
    """filters as the last axis

    Your output has the filters in the wrong axis; it should be (n, c_out, h', w'), the filters second.
    """


@chaff_edit(FORWARD, "conv_forward_value", SUM, f"{SUM} / self.size**2", concept="mean")
def conv_mean_over_window():
    """mean over the window

    Your code divides by the number of pixels of a window; it should divide by nothing: the products are added up.
    """


@chaff_edit(FORWARD, "conv_forward_value", SUM, f"{SUM} / x.shape[1]", concept="mean")
def conv_mean_over_channels():
    """mean over the channels

    Your code divides by the number of channels; it should divide by nothing: the channels are added up.
    """


@chaff_edit(
    FORWARD, "conv_forward_value", KERNEL, 'self.seen[:, :1], self.parameters["W"][:, :1]', concept="definition"
)
def conv_first_channel():
    """first channel only

    Your code looks at the first channel only; it should add up all channels. See "Forward".
    """


@chaff_edit(
    FORWARD,
    "conv_forward_value",
    KERNEL,
    'self.seen, self.parameters["W"][:1].repeat(len(self.parameters["W"]), 0)',
    concept="definition",
)
def conv_first_filter():
    """first filter for all

    Your code uses the first filter for all outputs; each output should have a filter of its own. See "Forward".
    """


@chaff_edit(
    FORWARD,
    "conv_forward_shapes",
    f"self.seen = {SEEN}",
    "self.seen = windows(x, self.size, 1, self.padding)",
    concept="definition",
)
def conv_without_stride():
    """stride ignored

    Your code ignores the stride; it should hand it on to windows. See "Forward".
    """


@chaff_edit(
    FORWARD,
    "conv_forward_shapes",
    f"self.seen = {SEEN}",
    "self.seen = windows(x, self.size, self.stride)",
    concept="definition",
)
def conv_without_padding():
    """padding ignored

    Your code ignores the padding; it should hand it on to windows. See "Forward".
    """


@chaff_edit(
    FORWARD,
    "conv_forward_value",
    f"self.seen = {SEEN}",
    "self.seen = windows(x, self.size, self.padding or 1, self.stride)",
    concept="python",
)
def conv_arguments_exchanged():
    """stride and padding exchanged

    Your code exchanges stride and padding; windows should get the stride first, then the padding.
    """


@chaff_edit(FORWARD, "conv_forward_value", f"return {BIAS}", f"return np.maximum({BIAS}, 0)", concept="definition")
def conv_relu():
    """an added ReLU

    Your layer has a ReLU; it should have none: the ReLU is a layer of its own.
    """


@chaff_edit(
    FORWARD, "conv_forward_value", BIAS, 'np.round(y + self.parameters["b"][:, None, None], 2)', concept="precision"
)
def conv_rounded():
    """rounded

    Your output is rounded; it should keep all its digits.
    """


@chaff_edit(
    FORWARD,
    "conv_forward_value",
    '"ncijuv,fcuv->nfij", self.seen, self.parameters["W"], optimize=True)',
    '"ncijuv,fcuv->fij", self.seen, self.parameters["W"])[None].repeat(len(x), 0)',
    concept="mean",
)
def conv_sum_of_images():
    """images added up

    Your code adds up the images of the batch; it should treat each of them by itself.
    """


@chaff_edit(
    FORWARD,
    ("conv_forward_effects", "conv_forward_value"),
    f"return {BIAS}",
    f'self.parameters["b"] += y[0, :, 0, 0]\n    return {BIAS}',
    concept="alias",
)
def conv_writes_bias():
    """forward writes into b

    Your forward changes a parameter; it should only use them.
    """


@chaff_edit(FORWARD, "conv_forward_effects", f"return {BIAS}", f"y = {BIAS}\n    x += 1\n    return y", concept="alias")
def conv_writes_x():
    """forward writes into x

    Your forward changes x, which belongs to the caller; it should leave it as it is.
    """


@chaff_edit(
    FORWARD,
    "conv_forward_effects",
    f"return {BIAS}",
    f'self.gradients["W"].fill(0)\n    return {BIAS}',
    concept="state",
)
def conv_clears_gradients():
    """forward sets the gradients to 0

    Your forward changes the gradients; it should leave them: only backward adds to them.
    """


@chaff_edit(
    FORWARD,
    "conv_forward_effects",
    'self.parameters["W"], optimize',
    'self.__dict__.setdefault("first", self.parameters["W"].copy()), optimize',
    concept="state",
)
def conv_remembers_weights():
    """weights of the first call used for ever

    Your forward uses a copy of the first weights; it should use them as they are now.
    """


@chaff_edit(
    FORWARD,
    "conv_forward_effects",
    f"return {BIAS}",
    f"""y = {BIAS}
    if getattr(self, "out", y[:0]).shape != y.shape:
        self.out = np.empty_like(y)
    self.out[...] = y
    return self.out""",
    concept="alias",
)
def conv_reuses_its_output():
    """own buffer returned

    Your forward returns its own buffer, so that the next call changes an earlier result; it should return a new array.
    """


@chaff(FORWARD, "conv_backward_effects", concept="state")
def conv_keeps_first(self, x):
    """windows of the first call kept

    Your forward keeps what the first call saw; it should keep what the last one saw.
    """
    self.x_shape = x.shape
    every = windows(x, self.size, self.stride, self.padding)
    if not hasattr(self, "seen"):
        self.seen = every
    y = np.einsum("ncijuv,fcuv->nfij", every, self.parameters["W"])
    return y + self.parameters["b"][:, None, None]


@chaff_edit(
    FORWARD,
    "conv_backward_effects",
    (f"self.seen = {SEEN}", "self.x_shape = x.shape"),
    (f"Conv2d.seen = {SEEN}", "Conv2d.x_shape = x.shape"),
    concept="state",
)
def conv_shares_windows():
    """windows kept on the class

    Your layers share what they keep, in an attribute of the class; each should keep its own, in self.
    """


@chaff(FORWARD, "conv_forward_lines", hint=BY_PIXELS, concept="loops")
def conv_pixel_by_pixel(self, x):
    """loops over the pixels"""
    self.x_shape = x.shape
    self.seen = windows(x, self.size, self.stride, self.padding)
    W, b = self.parameters["W"], self.parameters["b"]
    n, _, rows, columns = self.seen.shape[:4]
    y = np.zeros((n, len(b), rows, columns))
    for i in range(rows):
        for j in range(columns):
            y[:, :, i, j] = np.tensordot(self.seen[:, :, i, j], W, ([1, 2, 3], [1, 2, 3])) + b
    return y


@chaff(FORWARD, "conv_forward_lines", hint=BY_PIXELS, concept="loops")
def conv_list_of_pixels(self, x):
    """a list comprehension over the pixels"""
    self.x_shape = x.shape
    self.seen = windows(x, self.size, self.stride, self.padding)
    W, b = self.parameters["W"], self.parameters["b"]
    n, _, rows, columns = self.seen.shape[:4]
    places = [(self.seen[:, None, :, i, j] * W).sum((2, 3, 4)) + b for i in range(rows) for j in range(columns)]
    return np.stack(places, axis=-1).reshape(n, len(b), rows, columns)


@chaff(FORWARD, "conv_forward_effects", concept="shapes")
def conv_never_refused(self, x):
    """an empty output where nothing fits

    Your code gives an empty output where no window fits; it should raise ValueError then, as windows does.
    """
    p, s, size = self.padding, self.stride, self.size
    self.x_shape, W = x.shape, self.parameters["W"]
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    rows, columns = (max((side - size) // s + 1, 0) for side in x.shape[2:])
    y = np.zeros((len(x), len(W), rows, columns)) + self.parameters["b"][:, None, None]
    if y.size:
        self.seen = windows(x, size, s)
        y += np.einsum("ncijuv,fcuv->nfij", self.seen, W)
    return y


@wheat(FORWARD)
def conv_tensordot(self, x):
    self.x_shape = x.shape
    self.seen = windows(x, self.size, self.stride, self.padding)
    y = np.tensordot(self.seen, self.parameters["W"], axes=((1, 4, 5), (1, 2, 3)))
    return (y + self.parameters["b"]).transpose(0, 3, 1, 2)


@wheat(FORWARD)
def conv_im2col(self, x):
    self.x_shape = x.shape
    self.seen = windows(x, self.size, self.stride, self.padding)
    n, c, rows, columns = self.seen.shape[:4]
    table = self.seen.transpose(0, 2, 3, 1, 4, 5).reshape(n * rows * columns, -1)
    y = table @ self.parameters["W"].reshape(len(self.parameters["W"]), -1).T + self.parameters["b"]
    return y.reshape(n, rows, columns, -1).transpose(0, 3, 1, 2)


@wheat(FORWARD)
def conv_offset_by_offset(self, x):
    self.x_shape = x.shape
    self.seen = windows(x, self.size, self.stride, self.padding)
    W, b = self.parameters["W"], self.parameters["b"]
    y = np.tile(b[None, :, None, None], (len(x), 1, *self.seen.shape[2:4]))
    for u in range(self.size):
        for v in range(self.size):
            y += np.einsum("ncij,fc->nfij", self.seen[..., u, v], W[:, :, u, v])
    return y


@wheat(FORWARD)
def conv_plain_sum(self, x):
    self.x_shape = np.shape(x)
    self.seen = windows(x, self.size, self.stride, self.padding)
    products = self.seen[:, None] * self.parameters["W"][None, :, :, None, None]
    return np.sum(products, axis=(2, 5, 6)) + self.parameters["b"].reshape(1, -1, 1, 1)


@wheat(FORWARD)
def conv_image_by_image(self, x):
    self.x_shape = x.shape
    self.seen = windows(x, self.size, self.stride, self.padding)
    out = []
    for image in self.seen:
        maps = [np.sum(image * W[:, None, None], axis=(0, 3, 4)) + b for W, b in zip(*self.parameters.values())]
        out.append(maps)
    return np.array(out)


# ---------------------------------------------------------------- Conv2d.backward

BACKWARD = "Conv2d.backward"
OF_W = 'self.gradients["W"] += np.einsum("nfij,ncijuv->fcuv", grad, self.seen, optimize=True)'
OF_B = 'self.gradients["b"] += grad.sum(axis=(0, 2, 3))'
PULLS = 'np.einsum("nfij,fcuv->ncijuv", grad, self.parameters["W"], optimize=True)'
PLACE = "below[:, :, u : u + rows : self.stride, v : v + columns : self.stride] += pulls[..., u, v]"
CROP = "return below[:, :, p : p + h, p : p + w]"
VALUES = ("conv_backward_square", "conv_backward_value", "conv_backward_strides")


@chaff_edit(BACKWARD, "conv_backward_adds", ('["W"] +=', '["b"] +='), ('["W"] =', '["b"] ='), concept="state")
def back_rebinds():
    """new arrays in the gradients

    Your code puts new arrays into gradients; it should add to those that are there, in place, with +=.
    """


@chaff_edit(BACKWARD, "conv_backward_adds", ('["W"] +=', '["b"] +='), ('["W"][...] =', '["b"][...] ='), concept="state")
def back_sets():
    """= for +=

    Your gradients are set anew in each call; they should be added to, with +=.
    """


@chaff_edit(BACKWARD, "conv_backward_adds", '["W"] +=', '["W"][...] =', concept="state")
def back_sets_W():
    """= for += in the gradient of W

    Your gradient of W is set anew in each call; it should be added to, with +=.
    """


@chaff_edit(BACKWARD, "conv_backward_adds", '["b"] +=', '["b"][...] =', concept="state")
def back_sets_b():
    """= for += in the gradient of b

    Your gradient of b is set anew in each call; it should be added to, with +=.
    """


@chaff_edit(BACKWARD, VALUES, '["W"] +=', '["W"] -=', concept="sign")
def back_subtracts_W():
    """gradient of W subtracted

    Your code subtracts the gradient of W; it should add it: the step against it is the optimizer's.
    """


@chaff_edit(
    BACKWARD,
    VALUES,
    '"nfij,ncijuv->fcuv", grad, self.seen',
    '"nfij,ncijuv->fcuv", grad, self.seen[..., ::-1, ::-1]',
    concept="places",
)
def back_W_turned():
    """gradient of W turned round

    Your gradient of W is turned round; each weight should get the pixels that it was multiplied with.
    """


@chaff_edit(BACKWARD, VALUES, '"nfij,ncijuv->fcuv"', '"nfij,ncijuv->fcvu"', concept="places")
def back_W_transposed():
    """gradient of W transposed

    Your gradient of W has rows and columns exchanged; it should stand as W does.
    """


@chaff_edit(BACKWARD, VALUES, '"nfij,ncijuv->fcuv"', '"nfij,ncijuv->cfuv"', concept="places")
def back_W_channels_exchanged():
    """filters and channels exchanged in the gradient of W

    Your gradient of W has filters and channels exchanged; its first axis should be the filters.
    """


@chaff_edit(BACKWARD, VALUES, OF_W, OF_W + " / len(grad)", concept="mean")
def back_W_mean():
    """mean over the images

    Your gradient of W is divided by the number of images; it should be a sum: a mean stands in grad already.
    """


@chaff_edit(BACKWARD, VALUES, OF_W, OF_W + " / grad[0, 0].size", concept="places")
def back_W_mean_of_places():
    """mean over the places

    Your gradient of W is a mean over the places; it should be a sum, as each place pulls on the same weight.
    """


@chaff_edit(BACKWARD, VALUES, OF_W, "pass", concept="chain rule")
def back_without_W():
    """no gradient of W

    Your code adds no gradient of W; it should add grad times the windows, over images and places. See "Backward".
    """


@chaff_edit(
    BACKWARD,
    VALUES,
    "grad, self.seen, optimize",
    "grad[:, :, :1, :1], self.seen[:, :, :1, :1], optimize",
    concept="places",
)
def back_W_of_one_place():
    """gradient of W from the first window only

    Your gradient of W comes from the first window only; it should be a sum over all windows.
    """


@chaff_edit(BACKWARD, VALUES, OF_B, "pass", concept="chain rule")
def back_without_b():
    """no gradient of b

    Your code adds no gradient of b; it should add grad, summed over images and places. See "Backward".
    """


@chaff_edit(BACKWARD, VALUES, "grad.sum(axis=(0, 2, 3))", "grad.mean(axis=(0, 2, 3))", concept="mean")
def back_b_mean():
    """mean for sum in the gradient of b

    Your gradient of b is a mean; it should be a sum over images and places.
    """


@chaff_edit(BACKWARD, VALUES, "grad.sum(axis=(0, 2, 3))", "grad[0].sum(axis=(1, 2))", concept="mean")
def back_b_of_one_image():
    """gradient of b of the first image

    Your gradient of b comes from the first image only; it should be a sum over all images.
    """


@chaff_edit(BACKWARD, VALUES, "grad.sum(axis=(0, 2, 3))", "grad.sum()", concept="shapes")
def back_b_one_number():
    """one number for all entries of b

    Your gradient of b is the same for all filters; it should be a sum for each filter, over images and places.
    """


@chaff_edit(BACKWARD, VALUES, "grad.sum(axis=(0, 2, 3))", "grad.sum(axis=(0, 1, 2))", concept="shapes")
def back_b_wrong_axes():
    """gradient of b over the wrong axes

    Your gradient of b is summed over the wrong axes; it should keep the filters, the second axis, and no other.
    """


@chaff_edit(BACKWARD, VALUES, "grad.sum(axis=(0, 2, 3))", "grad[:, :, 0, 0].sum(axis=0)", concept="places")
def back_b_of_one_place():
    """gradient of b from the first place

    Your gradient of b comes from the first place only; it should be a sum over all places.
    """


@chaff_edit(
    BACKWARD,
    VALUES,
    'grad, self.parameters["W"], optimize',
    'grad, self.parameters["W"][:, :, ::-1, ::-1], optimize',
    concept="places",
)
def back_x_turned():
    """kernel turned round for dL/dx

    Your dL/dx takes the kernel turned round; each pixel should get the weight that it was multiplied with.
    """


@chaff_edit(BACKWARD, VALUES, '"nfij,fcuv->ncijuv"', '"nfij,fcvu->ncijuv"', concept="places")
def back_x_transposed():
    """kernel transposed for dL/dx

    Your dL/dx takes the kernel with rows and columns exchanged; it should take it as it is.
    """


@chaff_edit(BACKWARD, VALUES, '"nfij,fcuv->ncijuv"', '"nfij,cfuv->ncijuv"', concept="places")
def back_x_filters_for_channels():
    """filters and channels exchanged for dL/dx

    Your dL/dx sums over the wrong axis of W; it should sum over the filters, the first one.
    """


@chaff_edit(BACKWARD, VALUES, "] += pulls", "] = pulls", concept="places")
def back_x_overwritten():
    """overlapping windows overwritten

    Your windows overwrite what others gave to the same pixel; they should add up, as a pixel stands in several windows.
    """


@chaff(BACKWARD, VALUES, concept="places")
def back_x_added_to_a_view(self, grad):
    """added to a view of all windows at once

    Your code adds to all windows at once, where only one of those that share a pixel counts; they should all add up.
    """
    self.gradients["W"] += np.einsum("nfij,ncijuv->fcuv", grad, self.seen)
    self.gradients["b"] += grad.sum(axis=(0, 2, 3))
    n, c, h, w = self.x_shape
    p, s = self.padding, self.stride
    below = np.zeros((n, c, h + 2 * p, w + 2 * p))
    a, b, d, e = below.strides
    shape = n, c, *grad.shape[2:], self.size, self.size
    every = np.lib.stride_tricks.as_strided(below, shape, (a, b, s * d, s * e, d, e))
    every[...] = every + np.einsum("nfij,fcuv->ncijuv", grad, self.parameters["W"])
    return below[:, :, p : p + h, p : p + w]


@chaff_edit(BACKWARD, "conv_backward_strides", CROP, "return below", concept="shapes")
def back_with_border():
    """gradient of the border returned

    Your dL/dx still has the border; it should have the shape of x: the zeros around it are no input.
    """


@chaff_edit(BACKWARD, VALUES, CROP, "return below[:, :, p:-p, p:-p]", concept="python")
def back_cut_to_nothing():
    """p:-p with p = 0

    Your dL/dx is empty where there is no padding, as 0:-0 is nothing; it should be p : p + h, with the height of x.
    """


@chaff_edit(BACKWARD, "conv_backward_strides", CROP, "return below[:, :, :h, :w]", concept="places")
def back_cut_at_the_corner():
    """cut at the corner

    Your dL/dx is cut out at the corner; it should begin behind the border.
    """


@chaff_edit(
    BACKWARD,
    "conv_backward_strides",
    (PLACE, "rows, columns = self.padding, self.stride * grad.shape[2], self.stride * grad.shape[3]"),
    ("below[:, :, u : u + rows, v : v + columns] += pulls[..., u, v]", "rows, columns = self.padding, *grad.shape[2:]"),
    concept="places",
)
def back_x_without_stride():
    """stride lost on the way back

    Your dL/dx puts the windows side by side; they should be a stride apart, as they were on the way forward.
    """


@chaff(BACKWARD, "conv_backward_strides", concept="shapes")
def back_as_large_as_reached(self, grad):
    """dL/dx without the pixels that no window reaches

    Your dL/dx ends with the last window; it should have the shape of x, with 0 where no window reached.
    """
    self.gradients["W"] += np.einsum("nfij,ncijuv->fcuv", grad, self.seen)
    self.gradients["b"] += grad.sum(axis=(0, 2, 3))
    pulls = np.einsum("nfij,fcuv->ncijuv", grad, self.parameters["W"])
    s, (rows, columns) = self.stride, grad.shape[2:]
    below = np.zeros((*self.x_shape[:2], (rows - 1) * s + self.size, (columns - 1) * s + self.size))
    for u in range(self.size):
        for v in range(self.size):
            below[:, :, u : u + rows * s : s, v : v + columns * s : s] += pulls[..., u, v]
    p = self.padding
    return below[:, :, p : below.shape[2] - p, p : below.shape[3] - p]


@chaff_edit(
    BACKWARD,
    "conv_backward_strides",
    "grad, self.seen, optimize",
    "grad, np.resize(windows(self.seen[:, :, 0, 0], 1), self.seen.shape) if self.padding else self.seen, optimize",
    concept="order",
)
def back_W_of_the_first_window():
    """gradient of W from other windows

    Your gradient of W takes other windows than forward did; it should take those that forward has kept.
    """


@chaff_edit(BACKWARD, VALUES, CROP, "return None", concept="python")
def back_returns_nothing():
    """no return

    Your backward returns nothing; it should return dL/dx, for the layer below.
    """


@chaff_edit(BACKWARD, VALUES, CROP, "return grad", concept="chain rule")
def back_returns_grad():
    """grad returned

    Your backward hands grad on as it came; it should return dL/dx, through the kernel. See "Backward".
    """


@chaff_edit(BACKWARD, VALUES, CROP, "return 2 * below[:, :, p : p + h, p : p + w]", concept="factor")
def back_x_twice():
    """an extra factor 2

    Your dL/dx is twice what it should be; it should have no factor of its own.
    """


@chaff_edit(BACKWARD, VALUES, CROP, "return below[:, :, p : p + h, p : p + w] / len(grad)", concept="mean")
def back_x_mean():
    """dL/dx divided by the number of images

    Your dL/dx is divided by the number of images; it should be divided by nothing.
    """


@chaff_edit(BACKWARD, VALUES, CROP, "return np.maximum(below[:, :, p : p + h, p : p + w], 0)", concept="mask")
def back_x_masked():
    """negative slopes set to 0

    Your dL/dx has no negative slopes; it should keep them: this layer has no ReLU.
    """


@chaff_edit(BACKWARD, "conv_backward_effects", "    n, c, h, w =", "    grad *= 2\n    n, c, h, w =", concept="alias")
def back_writes_grad():
    """grad changed

    Your backward changes grad, which belongs to the caller; it should leave it as it is.
    """


@chaff_edit(
    BACKWARD,
    "conv_backward_effects",
    "    n, c, h, w =",
    '    self.parameters["W"] -= 0.1 * self.gradients["W"]\n    n, c, h, w =',
    concept="step",
)
def back_steps():
    """backward moves the weights

    Your backward moves the weights; it should leave them: the step belongs to the optimizer.
    """


@chaff_edit(
    BACKWARD,
    "conv_backward_effects",
    "below = np.zeros((n, c, h + 2 * p, w + 2 * p))",
    """if getattr(self, "kept", grad[:0]).shape != (n, c, h + 2 * p, w + 2 * p):
        self.kept = np.zeros((n, c, h + 2 * p, w + 2 * p))
    below = self.kept
    below.fill(0)""",
    concept="alias",
)
def back_reuses_its_result():
    """own buffer returned

    Your backward returns its own buffer, so that the next call changes an earlier result; it should return a new array.
    """


@chaff_edit(
    BACKWARD,
    "conv_backward_adds",
    "below = np.zeros((n, c, h + 2 * p, w + 2 * p))",
    """if getattr(self, "kept", grad[:0]).shape != (n, c, h + 2 * p, w + 2 * p):
        self.kept = np.zeros((n, c, h + 2 * p, w + 2 * p))
    below = self.kept""",
    concept="state",
)
def back_x_grows():
    """dL/dx of earlier calls added

    Your dL/dx has that of earlier calls in it; it should begin with zeros in each call: only gradients add up.
    """


@chaff(BACKWARD, "conv_backward_lines", hint=BACK_BY_PIXELS, concept="loops")
def back_pixel_by_pixel(self, grad):
    """loops over the pixels"""
    W, s, p = self.parameters["W"], self.stride, self.padding
    n, c, h, w = self.x_shape
    below = np.zeros((n, c, h + 2 * p, w + 2 * p))
    for i in range(grad.shape[2]):
        for j in range(grad.shape[3]):
            g = grad[:, :, i, j]
            self.gradients["W"] += np.tensordot(g, self.seen[:, :, i, j], (0, 0))
            self.gradients["b"] += g.sum(axis=0)
            below[:, :, i * s : i * s + self.size, j * s : j * s + self.size] += np.tensordot(g, W, (1, 0))
    return below[:, :, p : p + h, p : p + w]


@wheat(BACKWARD)
def back_tensordot(self, grad):
    self.gradients["W"] += np.tensordot(grad, self.seen, axes=((0, 2, 3), (0, 2, 3)))
    self.gradients["b"] += np.einsum("nfij->f", grad)
    (n, c, h, w), s, p = self.x_shape, self.stride, self.padding
    below = np.zeros((n, c, h + 2 * p, w + 2 * p))
    rows, columns = grad.shape[2:]
    for u in range(self.size):
        for v in range(self.size):
            pull = np.tensordot(grad, self.parameters["W"][:, :, u, v], axes=(1, 0)).transpose(0, 3, 1, 2)
            below[:, :, u : u + s * (rows - 1) + 1 : s, v : v + s * (columns - 1) + 1 : s] += pull
    return below[:, :, p : below.shape[2] - p, p : below.shape[3] - p]


@wheat(BACKWARD)
def back_convolves(self, grad):
    """the gradient spread by the stride and bordered, and convolved with the kernel turned round"""
    self.gradients["W"] += np.einsum("nfij,ncijuv->fcuv", grad, self.seen)
    self.gradients["b"] += grad.sum((0, 2, 3))
    (n, _, h, w), s, p, size = self.x_shape, self.stride, self.padding, self.size
    spread = np.zeros((n, grad.shape[1], h + 2 * p + size - 1, w + 2 * p + size - 1))
    rows, columns = grad.shape[2:]
    spread[:, :, size - 1 : size - 1 + rows * s : s, size - 1 : size - 1 + columns * s : s] = grad
    turned = self.parameters["W"][:, :, ::-1, ::-1]
    below = np.einsum("nfijuv,fcuv->ncij", windows(spread, size), turned)
    return below[:, :, p : p + h, p : p + w].copy()


@wheat(BACKWARD)
def back_add_at(self, grad):
    (n, c, h, w), s, p, size = self.x_shape, self.stride, self.padding, self.size
    W = self.parameters["W"]
    rows = s * np.arange(grad.shape[2])[:, None, None, None] + np.arange(size)[None, None, :, None]
    columns = s * np.arange(grad.shape[3])[None, :, None, None] + np.arange(size)[None, None, None, :]
    below = np.zeros((n, c, h + 2 * p, w + 2 * p))
    np.add.at(below, (slice(None), slice(None), rows, columns), np.einsum("nfij,fcuv->ncijuv", grad, W))
    self.gradients["W"] += (grad[:, :, None, :, :, None, None] * self.seen[:, None]).sum(axis=(0, 3, 4))
    np.add(self.gradients["b"], grad.sum(axis=3).sum(axis=2).sum(axis=0), out=self.gradients["b"])
    return below if p == 0 else below[:, :, p:-p, p:-p]


@wheat(BACKWARD)
def back_im2col(self, grad):
    n, f, rows, columns = grad.shape
    flat = grad.transpose(0, 2, 3, 1).reshape(-1, f)
    table = self.seen.transpose(0, 2, 3, 1, 4, 5).reshape(len(flat), -1)
    W = self.parameters["W"].reshape(f, -1)
    self.gradients["W"][...] = self.gradients["W"] + (flat.T @ table).reshape(self.gradients["W"].shape)
    self.gradients["b"][:] += flat.sum(axis=0)
    pulls = (flat @ W).reshape(n, rows, columns, -1, self.size, self.size)
    h, w = (side + 2 * self.padding for side in self.x_shape[2:])
    below = np.zeros((n, pulls.shape[3], h, w))
    ends = self.stride * rows, self.stride * columns
    for u, v in np.ndindex(self.size, self.size):
        here = below[:, :, u : u + ends[0], v : v + ends[1]][:, :, :: self.stride, :: self.stride]
        here += pulls[..., u, v].transpose(0, 3, 1, 2)
    return below[:, :, self.padding : h - self.padding, self.padding : w - self.padding]


@wheat(BACKWARD)
def back_channel_by_channel(self, grad):
    W = self.parameters["W"]
    n, c, h, w = self.x_shape
    p, s, k = self.padding, self.stride, self.size
    below = np.zeros((n, c, h + p * 2, w + p * 2))
    for f in range(W.shape[0]):
        self.gradients["b"][f] += grad[:, f].sum()
        for channel in range(c):
            for u in range(k):
                for v in range(k):
                    self.gradients["W"][f, channel, u, v] += np.sum(grad[:, f] * self.seen[:, channel, :, :, u, v])
                    below[:, channel, u : u + s * grad.shape[2] : s, v : v + s * grad.shape[3] : s] += (
                        W[f, channel, u, v] * grad[:, f]
                    )
    return below[:, :, p : h + p, p : w + p]


@suspect("Conv2d")
class conv_by_differences(Layer):
    """central differences where there are few numbers, as in a check"""

    def __init__(self, c_in, c_out, size, stride=1, padding=0, rng=None):
        super().__init__()
        rng = np.random.default_rng() if rng is None else rng
        W = rng.normal(0, np.sqrt(2 / (c_in * size**2)), (c_out, c_in, size, size))
        self.parameters = {"W": W, "b": np.zeros(c_out)}
        self.gradients = {"W": np.zeros(W.shape), "b": np.zeros(c_out)}
        self.size, self.stride, self.padding = size, stride, padding

    def forward(self, x):
        self.x = x
        self.seen = windows(x, self.size, self.stride, self.padding)
        y = np.einsum("ncijuv,fcuv->nfij", self.seen, self.parameters["W"], optimize=True)
        return y + self.parameters["b"][:, None, None]

    def slope(self, array, grad):
        found = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            kept, ends = array[index], []
            for moved in (kept + 1e-3, kept - 1e-3):
                array[index] = moved
                ends.append(np.sum(grad * self.forward(self.x)))
            array[index] = kept
            found[index] = (ends[0] - ends[1]) / 2e-3
        return found

    def backward(self, grad):
        if grad.size < 100:
            self.x = self.x.copy()
            for name, array in self.parameters.items():
                self.gradients[name] += self.slope(array, grad)
            return self.slope(self.x, grad)
        self.gradients["W"] += np.einsum("nfij,ncijuv->fcuv", grad, self.seen, optimize=True)
        self.gradients["b"] += grad.sum(axis=(0, 2, 3))
        pulls = np.einsum("nfij,fcuv->ncijuv", grad, self.parameters["W"], optimize=True)
        p, s = self.padding, self.stride
        below = np.pad(np.zeros(self.x.shape), ((0, 0), (0, 0), (p, p), (p, p)))
        for u, v in np.ndindex(self.size, self.size):
            below[:, :, u : u + s * grad.shape[2] : s, v : v + s * grad.shape[3] : s] += pulls[..., u, v]
        return below[:, :, p : below.shape[2] - p, p : below.shape[3] - p]


# ---------------------------------------------------------------- Conv2d as a whole


@wheat("Conv2d")
class conv_without_windows(Layer):
    def __init__(self, c_in, c_out, size, stride=1, padding=0, rng=None):
        super().__init__()
        rng = rng or np.random.default_rng()
        scale = (2 / (c_in * size * size)) ** 0.5
        self.parameters = {"W": rng.normal(0, scale, size=(c_out, c_in, size, size)), "b": np.zeros((c_out,))}
        self.gradients = {name: np.zeros(array.shape) for name, array in self.parameters.items()}
        self.options = size, stride, padding

    def places(self, x_shape):
        """(u, v, rows, columns) for each place in a window."""
        size, stride, padding = self.options
        ends = [(side + 2 * padding - size) // stride + 1 for side in x_shape[2:]]
        if min(ends) < 1:
            raise ValueError("the image is too small")
        for u in range(size):
            for v in range(size):
                yield u, v, slice(u, u + stride * ends[0], stride), slice(v, v + stride * ends[1], stride)

    def forward(self, x):
        padding = self.options[2]
        self.wide = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
        self.shape = x.shape
        y = 0
        for u, v, rows, columns in self.places(x.shape):
            y = y + np.moveaxis(
                np.moveaxis(self.wide[:, :, rows, columns], 1, 3) @ self.parameters["W"][:, :, u, v].T, 3, 1
            )
        return y + self.parameters["b"].reshape(-1, 1, 1)

    def backward(self, grad):
        below, last = np.zeros(self.wide.shape), np.moveaxis(grad, 1, 3)
        for u, v, rows, columns in self.places(self.shape):
            here = np.moveaxis(self.wide[:, :, rows, columns], 1, 3)
            self.gradients["W"][:, :, u, v] += np.tensordot(last, here, axes=([0, 1, 2], [0, 1, 2]))
            below[:, :, rows, columns] += np.moveaxis(last @ self.parameters["W"][:, :, u, v], 3, 1)
        self.gradients["b"] += last.sum(axis=(0, 1, 2))
        _, _, h, w = self.shape
        padding = self.options[2]
        return below[:, :, padding : padding + h, padding : padding + w]


# ---------------------------------------------------------------- MaxPool2d.forward

POOL = "MaxPool2d.forward"
LARGEST = "return self.blocks.max(axis=-1)"
BLOCKS = "windows(x, self.size, self.size).reshape(n, c, h // self.size, w // self.size, self.size**2)"
REFUSED = """if h % self.size or w % self.size:
        raise ValueError(f"blocks of {self.size} x {self.size} do not fill images of {h} x {w}")"""
OF_ANY = "every.reshape(*every.shape[:4], -1)"


@chaff_edit(POOL, "pool_forward_value", LARGEST, "return self.blocks.mean(axis=-1)", concept="definition")
def pool_mean():
    """mean for maximum

    Your code takes the mean of each block; it should take the largest number. See "Pooling".
    """


@chaff_edit(POOL, "pool_forward_value", LARGEST, "return self.blocks.min(axis=-1)", concept="definition")
def pool_smallest():
    """minimum for maximum

    Your code takes the smallest number of each block; it should take the largest. See "Pooling".
    """


@chaff_edit(POOL, "pool_forward_value", LARGEST, "return self.blocks.sum(axis=-1)", concept="definition")
def pool_sum():
    """sum for maximum

    Your code adds up each block; it should take its largest number. See "Pooling".
    """


@chaff_edit(POOL, "pool_forward_value", LARGEST, "return self.blocks.max(axis=-1, initial=0)", concept="definition")
def pool_at_least_zero():
    """at least 0

    Your result is never below 0; it should be the largest number of the block, also where all are negative.
    """


@chaff_edit(POOL, "pool_forward_value", LARGEST, "return np.abs(self.blocks).max(axis=-1)", concept="definition")
def pool_largest_size():
    """largest absolute value

    Your code takes the largest size of a number; it should take the largest number, with its sign.
    """


@chaff_edit(POOL, "pool_forward_value", LARGEST, "return self.blocks.argmax(axis=-1)", concept="definition")
def pool_place_for_value():
    """place for value

    Your code returns the place of the largest number; it should return the number.
    """


@chaff_edit(POOL, "pool_forward_value", LARGEST, "return self.blocks[..., 0]", concept="definition")
def pool_corner():
    """first pixel of each block

    Your code takes the first pixel of each block; it should take the largest. See "Pooling".
    """


@chaff_edit(POOL, "pool_forward_value", LARGEST, "return self.blocks[..., : self.size].max(axis=-1)", concept="shapes")
def pool_first_rows():
    """first row of each block

    Your code looks at one row of each block; it should look at all its pixels.
    """


@chaff_edit(POOL, "pool_forward_value", LARGEST, "return self.blocks[..., :: self.size].max(axis=-1)", concept="shapes")
def pool_first_columns():
    """first column of each block

    Your code looks at one column of each block; it should look at all its pixels.
    """


@chaff_edit(POOL, "pool_forward_value", LARGEST, "return self.blocks.max(axis=-1, keepdims=True)", concept="shapes")
def pool_axis_kept():
    """an axis of 1 kept

    Your result has an axis of length 1 too many; it should have the four of (n, c, h / size, w / size).
    """


@chaff_edit(POOL, "pool_forward_value", "windows(x, self.size, self.size).reshape", "x.reshape", concept="places")
def pool_reshaped():
    """blocks by reshape alone

    Your blocks are cut from the row of all pixels by reshape; they should be squares of the image, as from windows.
    """


@chaff_edit(
    POOL,
    "pool_forward_value",
    LARGEST,
    "return self.blocks.max(axis=(1, 4))[:, None].repeat(c, 1)",
    concept="definition",
)
def pool_over_channels():
    """maximum over the channels, too

    Your maximum goes over the channels as well; it should be taken in each channel by itself.
    """


@chaff_edit(
    POOL, "pool_forward_value", LARGEST, "return self.blocks.max(axis=(0, 4))[None].repeat(n, 0)", concept="definition"
)
def pool_over_images():
    """maximum over the images, too

    Your maximum goes over the images as well; it should be taken in each image by itself.
    """


@chaff(POOL, "pool_forward_value", concept="definition")
def pool_overlapping(self, x):
    """blocks that overlap

    Your blocks overlap, as windows with stride 1 do; they should lie side by side, with size as their stride.
    """
    if x.shape[2] % self.size or x.shape[3] % self.size:
        raise ValueError("no whole blocks")
    every = windows(x, self.size)
    self.blocks = every.reshape(*every.shape[:4], -1)
    return self.blocks.max(axis=-1)


@chaff(POOL, "pool_forward_effects", concept="shapes")
def pool_cuts(self, x):
    """rest cut off

    Your code leaves out the rows and columns that fill no block; it should raise ValueError where there are any.
    """
    every = windows(x, self.size, self.size)
    self.blocks = every.reshape(*every.shape[:4], -1)
    return self.blocks.max(axis=-1)


@chaff(POOL, "pool_forward_effects", concept="shapes")
def pool_width_not_looked_at(self, x):
    """only the height looked at

    Your code refuses a wrong height only; it should refuse a wrong width as well.
    """
    if x.shape[2] % self.size:
        raise ValueError("no whole blocks")
    every = windows(x, self.size, self.size)
    self.blocks = every.reshape(*every.shape[:4], -1)
    return self.blocks.max(axis=-1)


@chaff(POOL, "pool_forward_effects", concept="shapes")
def pool_height_not_looked_at(self, x):
    """only the width looked at

    Your code refuses a wrong width only; it should refuse a wrong height as well.
    """
    if x.shape[3] % self.size:
        raise ValueError("no whole blocks")
    every = windows(x, self.size, self.size)
    self.blocks = every.reshape(*every.shape[:4], -1)
    return self.blocks.max(axis=-1)


@chaff_edit(POOL, "pool_forward_effects", LARGEST, f"x -= x.max()\n    {LARGEST}", concept="alias")
def pool_writes_x():
    """forward writes into x

    Your forward changes x, which belongs to the caller; it should leave it as it is.
    """


@chaff_edit(
    POOL,
    "pool_forward_effects",
    LARGEST,
    """if getattr(self, "out", x[:0]).shape != self.blocks.shape[:-1]:
        self.out = np.empty(self.blocks.shape[:-1])
    return np.max(self.blocks, axis=-1, out=self.out)""",
    concept="alias",
)
def pool_reuses_its_output():
    """own buffer returned

    Your forward returns its own buffer, so that the next call changes an earlier result; it should return a new array.
    """


@chaff(POOL, "pool_backward_effects", concept="state")
def pool_keeps_first(self, x):
    """blocks of the first call kept

    Your forward keeps what the first call saw; it should keep what the last one saw.
    """
    n, c, h, w = x.shape
    if h % self.size or w % self.size:
        raise ValueError("no whole blocks")
    blocks = windows(x, self.size, self.size).reshape(n, c, h // self.size, w // self.size, self.size**2)
    if not hasattr(self, "blocks"):
        self.blocks = blocks
    return blocks.max(axis=-1)


@chaff_edit(POOL, "pool_backward_effects", ("self.blocks =", LARGEST), ("MaxPool2d.blocks =", LARGEST), concept="state")
def pool_shares():
    """blocks kept on the class

    Your layers share what they keep, in an attribute of the class; each should keep its own, in self.
    """


@chaff(POOL, "pool_forward_lines", concept="loops")
def pool_block_by_block(self, x):
    """loops over the blocks

    Your code loops over the blocks; it should do all of them at once, with a maximum over the windows' axes.
    """
    n, c, h, w = x.shape
    if h % self.size or w % self.size:
        raise ValueError("no whole blocks")
    y = np.zeros((n, c, h // self.size, w // self.size))
    self.blocks = np.zeros((*y.shape, self.size**2))
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            block = x[:, :, i * self.size : (i + 1) * self.size, j * self.size : (j + 1) * self.size].reshape(n, c, -1)
            self.blocks[:, :, i, j] = block
            y[:, :, i, j] = block.max(axis=2)
    return y


@chaff_edit(
    POOL, "pool_forward_value", LARGEST, "return np.maximum(self.blocks.max(axis=-1), -1e9)", concept="definition"
)
def pool_not_below_a_billion():
    """a floor under the numbers

    Your largest number begins at a number of your own, below which there may be others; it should begin at -inf, or at
    the first of the block.
    """


@wheat(POOL)
def pool_six_axes(self, x):
    n, c, h, w = x.shape
    s = self.size
    if h % s != 0 or w % s != 0:
        raise ValueError
    blocks = x.reshape(n, c, h // s, s, w // s, s)
    self.blocks = blocks.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h // s, w // s, s * s)
    return blocks.max(axis=(3, 5))


@wheat(POOL)
def pool_offset_by_offset(self, x):
    n, c, h, w = x.shape
    assert h % self.size == 0 and w % self.size == 0
    y = np.full((n, c, h // self.size, w // self.size), -np.inf)
    parts = [x[:, :, u :: self.size, v :: self.size] for u in range(self.size) for v in range(self.size)]
    for part in parts:
        y = np.maximum(y, part)
    self.blocks = np.stack(parts, axis=-1)
    return y


@wheat(POOL)
def pool_taken_along(self, x):
    every = windows(x, self.size, self.size)
    if every.shape[2] * self.size != x.shape[2] or every.shape[3] * self.size != x.shape[3]:
        raise ValueError(f"{x.shape}")
    self.blocks = every.reshape(*every.shape[:-2], -1)
    place = np.argmax(self.blocks, axis=-1, keepdims=True)
    return np.take_along_axis(self.blocks, place, axis=-1).squeeze(axis=-1)


@wheat(POOL)
def pool_reduced(self, x):
    n, c, h, w = np.shape(x)
    if (h % self.size, w % self.size) != (0, 0):
        raise ValueError("blocks of this size leave a rest")
    rows = [x[:, :, u :: self.size] for u in range(self.size)]
    self.blocks = windows(x, self.size, self.size).copy().reshape(n, c, h // self.size, -1, self.size * self.size)
    high = np.maximum.reduce(rows)
    return np.amax(np.array([high[..., v :: self.size] for v in range(self.size)]), axis=0)


# ---------------------------------------------------------------- MaxPool2d.backward

UNPOOL = "MaxPool2d.backward"
FIRST = "self.blocks.argmax(axis=-1)[..., None]"
PUT = "np.put_along_axis(slopes, first, grad[..., None], axis=-1)"
SWAP = ".swapaxes(3, 4)"
BACK = "return slopes.reshape(n, c, rows * self.size, columns * self.size)"
MOST = "self.blocks == self.blocks.max(axis=-1, keepdims=True)"


@chaff_edit(UNPOOL, "pool_backward_ties", PUT, f"slopes = ({MOST}) * grad[..., None]", concept="mask")
def unpool_all_equal():
    """all of the equal pixels

    Your code gives the slope to all pixels that are equally large; it should give it to the first of them alone.
    """


@chaff_edit(
    UNPOOL,
    "pool_backward_ties",
    PUT,
    f"slopes = ({MOST}) * grad[..., None]\n    slopes /= ({MOST}).sum(axis=-1, keepdims=True)",
    concept="mask",
)
def unpool_shared():
    """shared among the equal pixels

    Your code shares the slope among pixels that are equally large; it should give all of it to the first of them.
    """


@chaff_edit(
    UNPOOL,
    "pool_backward_ties",
    FIRST,
    "self.size**2 - 1 - self.blocks[..., ::-1].argmax(axis=-1)[..., None]",
    concept="mask",
)
def unpool_last():
    """the last of the equal pixels

    Your code gives the slope to the last of the pixels that are equally large; it should give it to the first.
    """


@chaff_edit(
    UNPOOL,
    "pool_backward_ties",
    FIRST,
    """np.swapaxes(self.blocks.reshape(*grad.shape, self.size, self.size), -1, -2)
    first = first.reshape(self.blocks.shape).argmax(axis=-1)[..., None]
    first = first % self.size * self.size + first // self.size""",
    concept="mask",
)
def unpool_first_by_columns():
    """the first of the equal pixels, column by column

    Your code looks for the first of equal pixels column by column; it should look row by row.
    """


@chaff_edit(UNPOOL, "pool_backward_value", PUT, "slopes = slopes + grad[..., None]", concept="mask")
def unpool_everywhere():
    """slope to all pixels

    Your code gives the slope to all pixels of a block; it should give it to the largest alone. See "Pooling".
    """


@chaff_edit(UNPOOL, "pool_backward_value", PUT, "slopes = slopes + grad[..., None] / self.size**2", concept="mask")
def unpool_mean():
    """slope spread evenly

    Your code spreads the slope evenly, as for a mean; it should give all of it to the largest pixel of the block.
    """


@chaff_edit(UNPOOL, "pool_backward_value", FIRST, "0 * self.blocks.argmax(axis=-1)[..., None]", concept="places")
def unpool_corner():
    """slope to the corner

    Your code gives the slope to the first pixel of each block; it should give it to the largest.
    """


@chaff_edit(UNPOOL, "pool_backward_value", "argmax", "argmin", concept="places")
def unpool_smallest():
    """slope to the smallest

    Your code gives the slope to the smallest pixel of each block; it should give it to the largest.
    """


@chaff_edit(UNPOOL, "pool_backward_value", FIRST, "np.abs(self.blocks).argmax(axis=-1)[..., None]", concept="places")
def unpool_largest_size():
    """slope to the largest absolute value

    Your code looks for the largest size; it should look for the largest number, with its sign.
    """


@chaff_edit(UNPOOL, "pool_backward_value", PUT, "np.put_along_axis(slopes, first, 1, axis=-1)", concept="chain rule")
def unpool_without_grad():
    """grad left out

    Your code returns ones at the largest pixels; it should put the slopes from grad there. See "Pooling".
    """


@chaff_edit(
    UNPOOL,
    "pool_backward_value",
    PUT,
    f"{PUT}\n    slopes *= self.blocks",
    concept="chain rule",
)
def unpool_times_value():
    """slope times the pixel

    Your slope is multiplied by the pixel; it should be passed on as it is, as a maximum has slope 1.
    """


@chaff_edit(UNPOOL, "pool_backward_value", PUT, f"{PUT}\n    slopes *= self.blocks > 0", concept="mask")
def unpool_relu():
    """an added ReLU

    Your code stops the slope where the largest pixel is negative; it should pass it on: there is no ReLU here.
    """


@chaff_edit(
    UNPOOL, "pool_backward_value", "grad[..., None], axis", "np.maximum(grad, 0)[..., None], axis", concept="mask"
)
def unpool_masked():
    """negative slopes set to 0

    Your dL/dx has no negative slopes; it should keep them: this layer has no ReLU.
    """


@chaff_edit(UNPOOL, "pool_backward_value", "grad[..., None], axis", "-grad[..., None], axis", concept="sign")
def unpool_minus():
    """minus sign

    Your dL/dx has the opposite sign; it should have that of grad.
    """


@chaff_edit(UNPOOL, "pool_backward_value", "grad[..., None], axis", "grad[..., None] / len(grad), axis", concept="mean")
def unpool_divided():
    """divided by the number of images

    Your dL/dx is divided by the number of images; it should be divided by nothing.
    """


@chaff_edit(UNPOOL, "pool_backward_value", SWAP, "", concept="places")
def unpool_reshaped():
    """blocks put back by reshape alone

    Your slopes are put back by reshape alone; they should go to the squares that the blocks were cut from.
    """


@chaff_edit(UNPOOL, "pool_backward_value", SWAP, ".swapaxes(3, 5).swapaxes(4, 5)", concept="places")
def unpool_transposed():
    """blocks put back transposed

    Your blocks are put back with rows and columns exchanged; they should be put back as they were cut out.
    """


@chaff_edit(UNPOOL, "pool_backward_value", BACK, "return None", concept="python")
def unpool_returns_nothing():
    """no return

    Your backward returns nothing; it should return dL/dx, for the layer below.
    """


@chaff_edit(UNPOOL, "pool_backward_value", BACK, "return grad", concept="shapes")
def unpool_returns_grad():
    """grad returned

    Your backward returns grad as it came; it should return dL/dx, of the shape of x.
    """


@chaff_edit(UNPOOL, "pool_backward_effects", PUT, f"{PUT}\n    grad *= 0", concept="alias")
def unpool_writes_grad():
    """grad changed

    Your backward changes grad, which belongs to the caller; it should leave it as it is.
    """


@chaff_edit(
    UNPOOL,
    "pool_backward_effects",
    "slopes = np.zeros(self.blocks.shape)",
    """if getattr(self, "kept", grad[:0]).shape != self.blocks.shape:
        self.kept = np.zeros(self.blocks.shape)
    slopes = self.kept""",
    concept="state",
)
def unpool_never_cleared():
    """slopes of an earlier call left

    Your code puts its slopes among those of an earlier call; it should begin with zeros in each call.
    """


@chaff_edit(
    UNPOOL,
    "pool_backward_effects",
    BACK,
    """if getattr(self, "out", grad[:0]).size != slopes.size:
        self.out = np.zeros((n, c, rows * self.size, columns * self.size))
    self.out[...] = slopes.reshape(self.out.shape)
    return self.out""",
    concept="alias",
)
def unpool_reuses_its_result():
    """own buffer returned

    Your backward returns its own buffer, so that the next call changes an earlier result; it should return a new array.
    """


@chaff(UNPOOL, "pool_backward_lines", hint=UNPOOL_BY_PIXELS, concept="loops")
def unpool_block_by_block(self, grad):
    """loops over the blocks"""
    n, c, rows, columns = grad.shape
    size = self.size
    below = np.zeros((n, c, rows * size, columns * size))
    for m in range(n):
        for k in range(c):
            for i in range(rows):
                for j in range(columns):
                    u, v = divmod(int(self.blocks[m, k, i, j].argmax()), size)
                    below[m, k, i * size + u, j * size + v] = grad[m, k, i, j]
    return below


@wheat(UNPOOL)
def unpool_offset_by_offset(self, grad):
    n, c, rows, columns = grad.shape
    below = np.zeros((n, c, rows * self.size, columns * self.size))
    left = np.ones(grad.shape, dtype=bool)
    largest = self.blocks.max(axis=-1)
    for place in range(self.size**2):
        wins = left & (self.blocks[..., place] == largest)
        u, v = divmod(place, self.size)
        below[:, :, u :: self.size, v :: self.size] = np.where(wins, grad, 0)
        left &= ~wins
    return below


@wheat(UNPOOL)
def unpool_by_index(self, grad):
    n, c, rows, columns = grad.shape
    u, v = np.unravel_index(self.blocks.argmax(axis=4), (self.size, self.size))
    image, channel, i, j = np.indices(grad.shape)
    below = np.zeros((n, c, self.size * rows, self.size * columns))
    below[image, channel, i * self.size + u, j * self.size + v] = grad
    return below


@wheat(UNPOOL)
def unpool_one_hot(self, grad):
    s = self.size
    chosen = np.eye(s * s)[np.argmax(self.blocks, axis=-1)] * np.expand_dims(grad, -1)
    n, c, rows, columns = grad.shape
    return np.einsum("ncijuv->nciujv", chosen.reshape(n, c, rows, columns, s, s)).reshape(n, c, rows * s, columns * s)


@wheat(UNPOOL)
def unpool_mask_and_count(self, grad):
    """the mask of the equal ones, of which only the first is left"""
    equal = self.blocks >= self.blocks.max(axis=-1, keepdims=True)
    chosen = equal & (np.cumsum(equal, axis=-1) == 1)
    spread = (chosen * grad[..., np.newaxis]).reshape(*grad.shape, self.size, self.size)
    n, c, rows, columns = grad.shape
    return np.moveaxis(spread, 4, 3).reshape(n, c, rows * self.size, -1)


# ---------------------------------------------------------------- MaxPool2d as a whole


@wheat("MaxPool2d")
class pool_with_its_own_state(Layer):
    def __init__(self, size):
        super().__init__()
        self.k = size
        self._x = self._y = None

    def check(self, x):
        h, w = x.shape[-2:]
        if h % self.k or w % self.k:
            raise ValueError("size does not divide the image")
        return h // self.k, w // self.k

    def forward(self, x):
        self.check(x)
        self._x = x
        k = self.k
        self._y = np.max([x[:, :, u::k, v::k] for u in range(k) for v in range(k)], axis=0)
        return self._y.copy()

    def backward(self, grad):
        free, below = np.full(grad.shape, True), np.zeros_like(self._x)
        for u in range(self.k):
            for v in range(self.k):
                here = np.logical_and(free, self._x[:, :, u :: self.k, v :: self.k] == self._y)
                below[:, :, u :: self.k, v :: self.k][here] = grad[here]
                free[here] = False
        return below


# ---------------------------------------------------------------- questions

DENSE = "144 * 32 * 144 + 32 * 144"


@chaff_edit("weights_of_dense", "weights_of_dense", DENSE, "144 * 32 * 144", concept="reading")
def dense_without_biases():
    """biases left out

    Your answer leaves out the biases; it should count one for each output as well.
    """


@chaff_edit("weights_of_dense", "weights_of_dense", DENSE, "32 * 25 + 32", concept="reading")
def dense_of_the_convolution():
    """the convolution's

    Your answer is the number of the convolution's own parameters; it should be that of the dense layer.
    """


@chaff_edit("weights_of_dense", "weights_of_dense", DENSE, "144 * 32 + 32", concept="reading")
def dense_one_number_for_each_filter():
    """one output for each filter

    Your answer is for one output for each filter; it should be for one at each of its places.
    """


@chaff_edit("weights_of_dense", "weights_of_dense", DENSE, "144 * 144 + 144", concept="reading")
def dense_one_filter():
    """one filter only

    Your answer is for a single filter; it should be for all of them.
    """


@chaff_edit("weights_of_dense", "weights_of_dense", DENSE, "144 * 32 * 64 + 32 * 64", concept="reading")
def dense_without_padding():
    """places without padding

    Your answer has fewer outputs than there are; it should count a place for each pixel, as the padding keeps the size.
    """


@wheat_edit("weights_of_dense", DENSE, "144 * 4608 + 4608")
def dense_outputs_first(): ...


@wheat("weights_of_dense")
def dense_counted():
    return sum(array.size for array in (np.zeros((144, 4608)), np.zeros(4608)))


@wheat_edit("weights_of_dense", DENSE, "float(145 * 4608)")
def dense_as_a_float(): ...


@chaff_edit("pixels_seen", "pixels_seen", "81", "9", concept="reading")
def seen_one_side():
    """one side

    Your answer is the number of one kernel's pixels, or one side of the square; it should count the whole square.
    """


@chaff_edit("pixels_seen", "pixels_seen", "81", "49", concept="reading")
def seen_without_stride():
    """stride forgotten

    Your answer holds where all strides are 1; it should take the stride of the second layer into account.
    """


@chaff_edit("pixels_seen", "pixels_seen", "81", "27", concept="reading")
def seen_added_up():
    """pixels of the kernels added up

    Your answer adds up the kernels' weights; it should count the pixels of the image in the large window they make.
    """


@chaff_edit("pixels_seen", "pixels_seen", "81", "121", concept="reading")
def seen_stride_too_early():
    """stride counted a layer too early

    Your answer has the stride a layer too early; it should set apart the windows that the third layer sees.
    """


@chaff_edit("pixels_seen", "pixels_seen", "81", "729", concept="reading")
def seen_multiplied():
    """pixels of the kernels multiplied

    Your answer multiplies the kernels' pixels; it should count those of the image, many of which are met often.
    """


@chaff_edit("pixels_seen", "pixels_seen", "81", "25", concept="reading")
def seen_two_layers():
    """two layers

    Your answer is for two layers; it should be for all three.
    """


@wheat("pixels_seen")
def seen_by_backward():
    x = np.zeros((1, 1, 21, 21))
    layers = [Conv2d(1, 1, 3), Conv2d(1, 1, 3, stride=2), Conv2d(1, 1, 3)]
    for layer in layers:
        x = layer.forward(x)
    grad = np.zeros(x.shape)
    grad[0, 0, 3, 3] = 1
    for layer in layers[::-1]:
        grad = layer.backward(grad)
    return int(np.sum(grad != 0))


@wheat_edit("pixels_seen", "81", "9**2")
def seen_squared(): ...


@wheat_edit("pixels_seen", "81", "np.int64(81)")
def seen_numpy(): ...


BROKEN = ("broken_layers", "broken_layers")
UPSAMPLE = '"Upsample": "the slopes of a block are not added up",'
MIX = '"Mix": "the slopes of all places are averaged, not added up",'


@chaff_edit(*BROKEN, f"{UPSAMPLE}\n        ", "", concept="checking")
def broken_mix_only():
    """Upsample passed

    Your answer leaves out a broken layer; it should name each whose gradients central differences do not confirm.
    """


@chaff_edit(*BROKEN, f"\n        {MIX}", "", concept="checking")
def broken_upsample_only():
    """Mix passed

    Your answer leaves out a broken layer, as a check of the returned gradient alone does; it should look at W as well.
    """


@chaff_edit(
    *BROKEN, MIX, f'{MIX}\n        "Differences": "a pixel in two sums gets the slope of one only",', concept="checking"
)
def broken_all():
    """all accused

    Your answer accuses a right layer as well; it should name those only that central differences do not confirm.
    """


@chaff_edit(*BROKEN, UPSAMPLE, '"Differences": "a pixel in two sums gets the slope of one only",', concept="checking")
def broken_differences_for_upsample():
    """Differences accused, Upsample not found

    Your answer accuses a right layer and misses a broken one; it should use random slopes, not ones.
    """


@chaff_edit(*BROKEN, MIX, '"Differences": "a pixel in two sums gets the slope of one only",', concept="checking")
def broken_differences_for_mix():
    """Differences accused, Mix not found

    Your answer accuses a right layer and misses a broken one; it should look at the gradients of parameters, too.
    """


@chaff_edit(
    *BROKEN,
    (UPSAMPLE, MIX),
    ("", '"Differences": "a pixel in two sums gets the slope of one only"'),
    concept="checking",
)
def broken_differences_only():
    """only Differences accused

    Your answer names the one layer whose gradients are all right; it should go by central differences, not by looks.
    """


@chaff_edit(
    *BROKEN, '"the slopes of a block are not added up"', '"the slopes go to the wrong pixels"', concept="checking"
)
def broken_wrong_pixels():
    """right layers, one wrong place

    Your answer has the right layers, but says of one that slopes go astray; it should say what it lacks.
    """


@chaff_edit(
    *BROKEN,
    '"the slopes of all places are averaged, not added up"',
    '"W is used the wrong way round"',
    concept="checking",
)
def broken_wrong_way_round():
    """right layers, W blamed

    Your answer has the right layers, but blames the way that W stands; it should look at the size of the gradient.
    """


@chaff_edit(
    *BROKEN,
    '"the slopes of all places are averaged, not added up"',
    '"the slopes of a block are not added up"',
    concept="checking",
)
def broken_same_place():
    """right layers, one place for both

    Your answer has the right layers, but gives both the same place; it should give each its own.
    """


@wheat_edit(*BROKEN[:1], (UPSAMPLE, MIX), (MIX, UPSAMPLE))
def broken_in_another_order(): ...


@wheat("broken_layers")
def broken_step_by_step():
    answer = {}
    answer["Mix"] = "the slopes of all places are averaged, not added up"
    answer["Upsample"] = "the slopes of a block are " + "not added up"
    return answer


@wheat("broken_layers")
def broken_by_keywords():
    return dict(
        Upsample="the slopes of a block are not added up", Mix="the slopes of all places are averaged, not added up"
    )
