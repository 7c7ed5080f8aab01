"""axe-core, the accessibility rules that everybody checks by: the newest from npm, and the one of a package.

What comes from npm is fetched into `.cache/`, once.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

VERSION = "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
CACHE = Path(__file__).parents[2] / ".cache"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def source() -> str:
    """Return the script; the test is skipped aloud where npm cannot be asked."""
    archive = CACHE / f"axe-core-{VERSION}.tgz"
    if not archive.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("NO NPM ON THIS MACHINE: axe-core has not looked at the pages")
        CACHE.mkdir(exist_ok=True)
        command = [npm, "pack", "--silent", f"axe-core@{VERSION}"]
        if subprocess.run(command, cwd=CACHE, check=False, capture_output=True, timeout=120).returncode:
            pytest.skip("AXE-CORE CANNOT BE FETCHED FROM NPM: it has not looked at the pages")
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert digest == SHA512, "what npm sent is not axe-core as it was looked at"
    with tarfile.open(archive) as inside:
        script = inside.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def violations(tab: Any, script: str) -> list[str]:
    """Return what axe objects to on a page, and contrast that it could not judge; emails in frames are not asked.

    A single sign is too short to judge, or no letter; each stands beside a word that says the same.
    """
    # It takes as long to be read as some pages take to be judged.
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(script)
    found = tab.evaluate(
        """rules => {
            const tooShort = ['shortTextContent', 'nonBmp'];
            return axe.run({exclude: [['#live']]}, {runOnly: rules, iframes: false})
            .then(r => [...r.violations, ...r.incomplete.filter(i => i.id === 'color-contrast')]
                .flatMap(rule => rule.nodes
                    .filter(node => !node.any.some(({data}) => tooShort.includes((data || {}).messageKey)))
                    .map(node => `${rule.id}: ${node.html.slice(0, 120)}`)));
        }""",
        RULES,
    )
    return list(found)


def objections(page: Any, within: str = "html") -> list[tuple[str, list[str]]]:
    """Return what axe objects to in a part of a page of readers, by all its rules, and what it cannot tell of contrast.

    Its source is that of `axe_playwright_python`, which needs no network.
    """
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("within => axe.run(within, {resultTypes: ['violations', 'incomplete']})", within)
    undecided = [rule for rule in found["incomplete"] if rule["id"].startswith("color-contrast")]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in (*found["violations"], *undecided)]
