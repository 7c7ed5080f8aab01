"""The official MJML from npm, as a tool of developers only: its table of components and its HTML."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

VERSION = "5.4.1"

_TABLE = """
const core = require('mjml-core'); require('mjml');
const presetOf = (found) => found.default || found;
const preset = presetOf(require('mjml-preset-core'));
const colors = presetOf(require('mjml-core/lib/types/helpers/colors'));
const components = {};
for (const [name, component] of Object.entries(core.components)) {
  components[name] = {attributes: component.allowedAttributes || {}};
}
const children = {};
for (const [name, allowed] of Object.entries(preset.dependencies)) {
  children[name] = allowed.filter((child) => typeof child === 'string');
}
process.stdout.write(JSON.stringify({components, children, colors}));
"""

_RENDER = """
const fs = require('fs'); const mjml2html = require('mjml');
(async () => {
  const results = [];
  for (const source of JSON.parse(fs.readFileSync(0, 'utf8'))) {
    try {
      const {html, errors} = await (mjml2html.default || mjml2html)(source, {validationLevel: 'soft'});
      results.push({html, errors: (errors || []).map((error) => error.formattedMessage)});
    } catch (error) { results.push({html: '', errors: [String(error)]}); }
  }
  process.stdout.write(JSON.stringify(results));
})();
"""


class Absent(Exception):
    """Node.js or the registry is not there."""


def folder() -> Path:
    """Return a folder in which the official MJML is installed; raise Absent where it cannot be."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        raise Absent("npm is not installed; the official MJML needs Node.js 20 or newer")
    place = Path(tempfile.gettempdir()) / f"official-mjml-{VERSION}"
    if not (place / "node_modules" / "mjml" / "package.json").exists():
        place.mkdir(exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(place), f"mjml@{VERSION}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Absent(f"npm could not install mjml {VERSION}: {done.stderr.strip().splitlines()[-1:]}")
    return place


def table() -> dict[str, Any]:
    """Return the components with their attributes and children, and the names of colours."""
    found: dict[str, Any] = json.loads(_run(_TABLE, ""))
    return found


def render(sources: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Return HTML and messages for each MJML document; the HTML is empty where it was refused."""
    return [(each["html"] or "", each["errors"]) for each in json.loads(_run(_RENDER, json.dumps(list(sources))))]


def _run(program: str, text: str) -> str:
    return subprocess.run(
        ["node", "-e", program], input=text, capture_output=True, text=True, check=True, cwd=folder()
    ).stdout
