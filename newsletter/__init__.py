"""A month of typed entries becomes one email that every subscriber receives once."""

__version__ = "0.1.0"
