"""What may be said of an exception by its message alone."""

from .cause import Cause

# Pattern -> what is said; the first that fits.
MESSAGES = (
    (
        r"a leaf Variable that requires grad|modified by an inplace operation",
        Cause(
            "Your code changes a tensor in place that autograd watches; it should make the update under "
            "torch.no_grad().",
            "autograd",
        ),
    ),
    (
        r"through the graph a second time",
        Cause(
            "Your code goes back through the graph of an earlier step; it should make the update under "
            "torch.no_grad(), which cuts that off.",
            "autograd",
        ),
    ),
    (
        r"does not require grad and does not have a grad_fn",
        Cause(
            "Your code computes a loss that no parameter goes into, as autograd sees it; it should use the model's "
            "own tensors.",
            "autograd",
        ),
    ),
    (
        r"before Module.__init__",
        Cause("Your module sets parts before it is one; its __init__ should begin with super().__init__().", "python"),
    ),
    (
        r"Found dtype|have the same dtype|expected scalar type",
        Cause("Your code combines tensors of different dtypes; they should have the same one.", "precision"),
    ),
    (
        r"operands could not be broadcast|shape mismatch|shapes? .* not aligned|matmul: .*mismatch|could not broadcast|"
        r"shapes cannot be multiplied|must match the size of tensor|doesn't match the broadcast shape",
        Cause(
            "Your code combines two arrays whose shapes do not fit together; they should: print both shapes above "
            "this line.",
            "shapes",
        ),
    ),
    (
        r"only (length-1|integer scalar|0-dimensional) arrays",
        Cause("Your code has an array here; it should be a single number.", "shapes"),
    ),
    (
        r"missing \d+ required|takes \d+ positional|unexpected keyword",
        Cause(
            "Your code calls a function with arguments that it does not take; they should fit its def line.", "python"
        ),
    ),
    (
        r"index .* out of (bounds|range)|list index out of range",
        Cause("Your code runs past the end with an index; it should stop at the length less 1.", "loops"),
    ),
    (r"division by zero", Cause("Your code divides by zero; it should not.", "precision")),
    (
        r"'NoneType'",
        Cause("Your code has None here; it should be a value: is a return missing further up?", "python"),
    ),
    (
        r"truth value of an array",
        Cause("Your code asks whether an array is true; it should be one True or False, as all() gives.", "shapes"),
    ),
    (
        r"referenced before assignment|cannot access local variable",
        Cause("Your code uses a variable before it has a value; it should get one above this line.", "python"),
    ),
    (r"has no attribute", Cause("Your code asks an object for an attribute; it should ask for one it has.", "python")),
    (
        r"cannot be interpreted as an integer",
        Cause("Your code gives a float here; it should give a whole number.", "precision"),
    ),
    (r"recursion", Cause("Your function calls itself without end; it should come to an end.", "loops")),
)
