"""Faces on the web."""
