"""Write the table of MJML's components anew from the official packages: python tests/conformance/table.py."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.conformance import official

_FILE = Path(__file__).resolve().parents[2] / "newsletter" / "rendering" / "validation" / "components.py"
_HEAD = f'''"""What MJML {official.VERSION} knows: components, their children, their attributes and the types of these.

Written by tests/conformance/table.py from the npm packages mjml-preset-core and mjml-core: do not edit by hand.

The facts below are taken from MJML, The MIT License (MIT), Copyright (c) 2016 Mailjet SAS, https://mjml.io.
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions: the above copyright notice and
this permission notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED
"AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT
HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

from __future__ import annotations
'''


def main() -> None:
    """Write the file."""
    found = official.table()
    components = found["components"]
    parts = [_HEAD, "CHILDREN: dict[str, str] = {"]
    parts += [_words(name, " ".join(found["children"][name]), 4) for name in sorted(found["children"])]
    parts += ["}", '"""The components that may stand inside each, as words."""', ""]
    parts.append("ATTRIBUTES: dict[str, dict[str, str]] = {")
    for name in sorted(components):
        by_type: dict[str, list[str]] = {}
        for attribute, kind in sorted(components[name]["attributes"].items()):
            by_type.setdefault(kind, []).append(attribute)
        if not by_type:
            parts.append(f'    "{name}": {{}},')
            continue
        parts.append(f'    "{name}": {{')
        parts += [_words(kind, " ".join(names), 8) for kind, names in sorted(by_type.items())]
        parts.append("    },")
    parts += ["}", '"""The attributes of each component, as words by type."""', ""]
    colors = textwrap.wrap(" ".join(sorted(set(found["colors"]))), 110, break_on_hyphens=False)
    lines = "\n".join(f"    {line}" for line in colors)
    parts += [f'COLORS = frozenset(\n    """\n{lines}\n    """.split()\n)', '"""The names of colours."""', ""]
    _FILE.write_text("\n".join(parts), encoding="utf-8")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(_FILE)], check=True)


def _words(key: str, words: str, indent: int) -> str:
    space = " " * indent
    line = f'{space}"{key}": "{words}",'
    if len(line) <= 120:
        return line
    pieces = textwrap.wrap(words, 100 - indent, break_on_hyphens=False)
    quoted = [f'{space}    "{piece} "' for piece in pieces[:-1]] + [f'{space}    "{pieces[-1]}"']
    return f'{space}"{key}": (\n' + "\n".join(quoted) + f"\n{space}),"


if __name__ == "__main__":
    main()
