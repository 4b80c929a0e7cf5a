"""The levels of sandboxes, by the names that settings, results and reports have for them."""

NAMESPACES, TIGHT, NONE = "namespaces", "tight", "none"
WORDS = {
    NAMESPACES: "namespaces of its own for each submission",
    TIGHT: "tight, the second level: no namespaces can be had here",
    NONE: "NONE, students' code has your rights",
}
# Where a submission was run, in the words of reports.
WHERE = {
    NAMESPACES: "in the sandbox of the first level, namespaces",
    TIGHT: "in the sandbox of the second level, tight",
    NONE: "without a sandbox",
}
BEST = "best"  # the first of them that is had, but for none
NO_SANDBOX = (
    "No sandbox: {reason}. Nothing was graded. Run `gradbook doctor`: it says what this machine refuses, and the cure."
)
