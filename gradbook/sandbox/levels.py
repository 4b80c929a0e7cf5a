"""The levels of sandboxes, by the names that settings, results and reports have for them."""

NAMESPACES, TIGHT, NONE = "namespaces", "tight", "none"
WORDS = {
    NAMESPACES: "namespaces of its own for each submission",
    TIGHT: "tight, without namespaces: they are not had here",
    NONE: "NONE, students' code has your rights",
}
BEST = "best"  # the first of them that is had, but for none
