"""The steps from one schema to the next, applied in order when a database is opened."""

NEWEST = "0012"
"""The revision that `schema` describes; raised with every new file in `versions/`."""
