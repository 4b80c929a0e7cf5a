"""Known mistakes and right variants, one module per homework."""
