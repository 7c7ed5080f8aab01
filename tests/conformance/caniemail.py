"""Compare what our rules on mail clients say with the npm linter `caniemail`, of plain HTML: one page a feature.

    python -m tests.conformance.caniemail

Needs node and npm, which fetches the package into `.cache/`. Every difference must have its reason in DIFFERENCES, and
`docs/comparisons.md` says them in words; the exit code is 1 for one that has none.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from newsletter.checks.clients.regenerate import VERSION
from newsletter.checks.clients.support import Feature, features
from newsletter.checks.clients.uses import uses

CACHE = Path(__file__).parents[2] / ".cache" / f"caniemail-{VERSION}"
# The linter stops at clients for which a feature was never tested; of these every feature was.
CLIENTS = (
    "apple-mail.ios",
    "apple-mail.macos",
    "gmail.android",
    "gmail.desktop-webmail",
    "gmail.ios",
    "outlook.android",
    "outlook.ios",
    "outlook.macos",
    "outlook.outlook-com",
    "outlook.windows",
    "yahoo.android",
    "yahoo.desktop-webmail",
    "yahoo.ios",
)
_SCRIPT = """
import { caniemail } from 'caniemail';
import { readFileSync } from 'node:fs';
const { clients, pages } = JSON.parse(readFileSync(0, 'utf8'));
const found = pages.map((html) => {
  const titles = {};
  for (const client of clients) {
    let result;
    try {
      result = caniemail({ clients: [client], html });
    } catch (error) {
      titles[client] = [String(error)];
      continue;
    }
    titles[client] = [...result.issues.errors.values()].flat().map((issue) => issue.title);
  }
  return titles;
});
console.log(JSON.stringify(found));
"""
DIFFERENCES = {
    "we see more": "the linter recognises no feature by this title, or only in places where it does not look",
    "it stops": "the linter throws for a client that the feature was never tested in",
    "newest version": "the linter sorts versions as texts, so that 2016 comes after 16.80; we take the last one given",
    "parts of words": "the linter finds `:focus` in `:focus-visible`, and the property `outline` in `outline-offset`",
    "two features": "caniemail has two features for one property; the linter names both, we the nearer one",
}
_RENUMBERED = {"outlook.macos", "outlook.ios"}
"""Clients with versions such as 16.80 and 4.2352.0."""
_TWO = {
    ("css-column-count", "css column properties"),
    ("css-inline-size", "block-size & inline-size"),
}
_PAGE = "<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def pages() -> Iterator[tuple[Feature, str]]:
    """Yield each feature with a page that uses it."""
    for feature in features().values():
        name = feature.names[0]
        made = {
            "property": ("", f'<b style="{name}:inherit">x</b>'),
            "pair": ("", f'<b style="{":".join(feature.names)}">x</b>'),
            "function": ("", f'<b style="width:{name}(1px)">x</b>'),
            "keyword": ("", f'<b style="width:1px {name}">x</b>'),
            "unit": ("", f'<b style="width:1{name}">x</b>'),
            "at": (f"<style>@{name} x {{}}</style>", "x"),
            "media": (f"<style>@media ({name}) {{ b {{ color:red }} }}</style>", "x"),
            "pseudo": (f"<style>b{name} {{ color:red }}</style>", "x"),
            "selector": (f"<style>{_selector(name)} {{ color:red }}</style>", "x"),
            "element": ("", f"<{name}>x</{name}>"),
            "typed": ("", f'<{name} type="{feature.names[-1]}">x'),
            "attribute": ("", f'<b {name}="x">x</b>'),
            "link": ("", f'<a href="{name}x">x</a>' if name != "data:" else '<img src="data:image/png;base64,AA">'),
            "meta": (f'<meta name="{name}" content="light dark">', "x"),
            "image": ("", f'<img src="https://e.example/a.{name}">'),
            "comment": (
                "<style>/* x */ b{color:red}</style>" if name == "/*" else "",
                "<!-- x -->" if name != "/*" else "x",
            ),
            "doctype": ("", "x"),
        }[feature.kind]
        yield feature, _PAGE.format(head=made[0], body=made[1])


def _selector(name: str) -> str:
    special = {"descendant": "b i", "chaining": ".a.b", "type": "b", "nesting": "b", "*": "*", "[": "[dir]", ",": "b,i"}
    plain = {">": "b>i", "+": "b+i", "~": "b~i", ".": ".a", "#": "#a"}
    return special.get(name) or plain.get(name, "b")


def theirs(documents: list[str]) -> list[dict[str, list[str]]]:
    """Return what the linter says of pages: for each client the titles of what it does not support."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise SystemExit("node and npm are needed")
    if not (CACHE / "node_modules/caniemail").is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run([npm, "install", "--silent", "--no-fund", f"caniemail@{VERSION}"], cwd=CACHE, check=True)
    (CACHE / "compare.mjs").write_text(_SCRIPT, encoding="utf-8")
    given = json.dumps({"clients": CLIENTS, "pages": documents})
    done = subprocess.run([node, "compare.mjs"], cwd=CACHE, input=given, capture_output=True, text=True, check=True)
    told: list[dict[str, list[str]]] = json.loads(done.stdout)
    return told


def ours(document: str) -> dict[str, set[str]]:
    """Return the same of our own: every use, those that nobody misses included."""
    used = [features()[use.slug] for use in uses(document)]
    return {client: {each.title for each in used if each.missing([client])} for client in CLIENTS}


def reason(feature: Feature, title: str, client: str, *, ours_alone: bool, stopped: bool) -> str:
    """Return why we differ about a title, or nothing."""
    if stopped:
        return "it stops"
    if client in _RENUMBERED:
        return "newest version"
    if ours_alone:
        return "we see more" if feature.title == title else ""
    if (feature.slug, title) in _TWO:
        return "two features"
    other = next(each for each in features().values() if each.title == title)
    inside = any(part in name and part != name for part in other.names for name in feature.names)
    return "parts of words" if inside else ""


def main() -> int:
    """Print how often we agree, and every difference with its reason."""
    made = list(pages())
    agreed, counts, unexplained = 0, dict.fromkeys(DIFFERENCES, 0), []
    more: set[str] = set()
    titles = {feature.title for feature in features().values()}
    for (feature, document), told in zip(made, theirs([document for _, document in made]), strict=True):
        for client, own in ours(document).items():
            other = set(told[client])
            stopped = any("Error" in title for title in other)
            # Nobody can do without <body>, <p> and the like, so we know nothing of them.
            other = {title.strip() for title in other if title.strip() in titles}
            agreed += own == other
            for title in own ^ other:
                why = reason(feature, title, client, ours_alone=title in own, stopped=stopped)
                if why:
                    counts[why] += 1
                    if why == "we see more":
                        more.add(f"{feature.kind}: {title}")
                else:
                    side = "we" if title in own else "the linter"
                    unexplained.append(f"{feature.slug} on {client}: only {side} reports {title}")
    print(f"{len(made)} pages × {len(CLIENTS)} clients: {agreed} of {len(made) * len(CLIENTS)} alike")
    for name, count in counts.items():
        print(f"{count:5} × {name}: {DIFFERENCES[name]}")
    print("recognised by us alone:", *sorted(more), sep="\n  ")
    print(f"{len(unexplained)} without a reason", *unexplained[:40], sep="\n  ")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
