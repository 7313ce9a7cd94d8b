"""The documentation holds: it builds without a warning, every block on every page works, and it names all that plugins use."""
