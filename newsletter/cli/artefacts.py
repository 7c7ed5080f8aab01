"""The files that `build` writes: what a reader gets, how it came about, and a manifest with the digest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from newsletter import __version__
from newsletter.files import replace_file
from newsletter.model.edition import Edition
from newsletter.pipeline import Build


def write(built: Build, folder: Path) -> list[dict[str, Path]]:
    """Write a build below `folder` and return the paths of each edition by kind.

    Everything is made before the first file is written, and each file appears whole or not at all.
    """
    files: dict[Path, bytes] = {}
    paths: list[dict[str, Path]] = []
    for edition in built.editions:
        named = [edition.language] if edition.language != built.editions[0].language else []
        stem = ".".join(["issue", *named, *(quote(topic, safe=" ") for topic in edition.topics)])
        sample = built.sample.values
        page = edition.html.fill(sample)
        for image in (*edition.images, *edition.hosted):
            files[folder / "images" / image.name] = image.data
            # The page is looked at from this folder, where neither the message's parts nor `public_url` can be reached.
            for address in (f"cid:{image.content_id}", f"{built.envelope.public_url.rstrip('/')}/images/{image.name}"):
                page = page.replace(address.encode(), f"images/{image.name}".encode())
        own = {
            "html": (folder / f"{stem}.html", page),
            "txt": (folder / f"{stem}.txt", edition.text.fill(sample)),
            "eml": (folder / f"{stem}.eml", built.message(edition)),
            "mjml": (folder / f"{stem}.mjml", edition.mjml.encode()),
        }
        paths.append({kind: path for kind, (path, _) in own.items()})
        files |= dict(own.values())
    files[folder / "selection.json"] = _json(built.selection.as_json())
    files[folder / "manifest.json"] = _json(
        {**description(built, paths, folder), "generator": f"newsletter {__version__}"}
    )
    for path, content in files.items():
        replace_file(path, content)
    return paths


def description(built: Build, paths: list[dict[str, Path]], base: Path | None = None) -> dict[str, Any]:
    """Return the object that `build --json` prints; file names are relative to `base` where one is given."""
    return {
        "schema": 1,
        "issue": built.selection.issue.name,
        "digest": built.digest,
        "editions": [
            {
                "language": edition.language,
                "topics": list(edition.topics),
                "subject": edition.subject.fill({}).decode(),
                "preheader": edition.preheader.fill({}).decode(),
                **sizes(built, edition),
                "digest": edition.digest,
                "files": {
                    kind: (path.relative_to(base) if base else path).as_posix() for kind, path in written.items()
                },
            }
            for edition, written in zip(built.editions, paths, strict=True)
        ],
    }


def sizes(built: Build, edition: Edition) -> dict[str, int]:
    """Return the bytes of an edition as a sample reader gets it."""
    values = built.sample.values
    return {"html_bytes": len(edition.html.fill(values)), "text_bytes": len(edition.text.fill(values))}


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
