"""Addresses within the studio: names of files may hold anything, and `#`, `?` and `%` mean something in an address."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request


def part(name: str) -> str:
    """Return a name as a part of an address."""
    return quote(name, safe="")


def of_entry(entry: str, issue: str) -> str:
    """Return the page of an entry, opened from an issue unless that is empty."""
    return f"/entries/{part(entry)}" + (f"?issue={part(issue)}" if issue else "")


def path_of(request: Request) -> str:
    """Return the address that was asked for, without the host."""
    query = request.scope["query_string"].decode("latin-1")
    return quote(request.scope["path"], safe="/") + (f"?{query}" if query else "")
