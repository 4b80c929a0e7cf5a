"""What may be said of an exception by its message alone."""

# Pattern -> sentence; the first that fits.
MESSAGES = (
    (
        r"a leaf Variable that requires grad|modified by an inplace operation",
        "A tensor that autograd watches is changed in place: make the update under torch.no_grad().",
    ),
    (
        r"through the graph a second time",
        "The graph of an earlier step is still attached: make the update under torch.no_grad().",
    ),
    (
        r"does not require grad and does not have a grad_fn",
        "Autograd finds no way from the loss to a parameter: nothing it watches went into the loss.",
    ),
    (r"before Module.__init__", "A module's __init__ begins with super().__init__()."),
    (r"Found dtype|have the same dtype|expected scalar type", "Two tensors are of different dtypes."),
    (
        r"operands could not be broadcast|shape mismatch|shapes? .* not aligned|matmul: .*mismatch|could not broadcast|"
        r"shapes cannot be multiplied|must match the size of tensor|doesn't match the broadcast shape",
        "The shapes of two arrays do not fit together.",
    ),
    (r"only (length-1|integer scalar|0-dimensional) arrays", "An array stands where a single number is needed."),
    (r"missing \d+ required|takes \d+ positional|unexpected keyword", "A function is called with the wrong arguments."),
    (r"index .* out of (bounds|range)|list index out of range", "An index runs past the end."),
    (r"division by zero", "Something is divided by zero."),
    (r"'NoneType'", "A value is None here; is a return missing further up?"),
    (r"truth value of an array", "An array stands where one True or False is needed."),
    (r"referenced before assignment|cannot access local variable", "A variable is used before it has a value."),
    (r"has no attribute", "The object has no such attribute."),
    (r"cannot be interpreted as an integer", "A whole number is needed here."),
    (r"recursion", "The function calls itself without end."),
)
