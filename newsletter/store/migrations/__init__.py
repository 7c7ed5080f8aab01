"""The steps from one schema to the next, applied in order when a database is opened."""

NEWEST = "0013"
"""The revision that `schema` describes; raised with every new file in `versions/`."""
