"""The hidden checks, one module per homework."""
