"""The commands, a module for each who runs them."""
