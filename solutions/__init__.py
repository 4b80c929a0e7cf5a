"""Reference implementations, one module per homework."""
