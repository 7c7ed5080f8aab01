"""From a saved file to the swapped body in a browser: python tests/benchmarks/bench_previewing.py, or make bench.

A copy of this repository's workspace is shown live; an entry's title is saved again and again, and the time is taken
until the browser shows it.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENTRY = Path("issues/entries/news/2024-07-26-border-communities.md")
ROUNDS = 15
SHOWN = """title => document.querySelector('#live').contentDocument
    && document.querySelector('#live').contentDocument.body
    && document.querySelector('#live').contentDocument.body.textContent.includes(title)"""


def main() -> int:
    """Print the median and the slowest time."""
    from playwright.sync_api import sync_playwright

    from newsletter.errors import NewsletterError
    from newsletter.preview.pictures import find_browser

    try:
        browser_path = find_browser()
    except NewsletterError as error:
        print(f"NOT MEASURED: {error.message}")
        return 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        for name in ("pyproject.toml", "issues", "templates"):
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, root / name)
        command = [sys.executable, "-m", "newsletter", "-C", str(root), "preview", "2024-07", "--no-open"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                address = server.stdout.readline().strip()
                browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
                tab = browser.new_page(viewport={"width": 1280, "height": 900})
                tab.goto(address)
                tab.wait_for_function(SHOWN, arg="border areas")
                tab.wait_for_timeout(1000)
                taken = [_save_and_wait(tab, root / ENTRY, f"Title of round {number}") for number in range(ROUNDS)]
                browser.close()
            finally:
                server.terminate()
    print(
        f"from save to swapped body: median {statistics.median(taken) * 1000:.0f} ms, "
        f"slowest of {ROUNDS} {max(taken) * 1000:.0f} ms"
    )
    return 0


def _save_and_wait(tab: object, path: Path, title: str) -> float:
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("title:"))
    lines[at] = f"title: {title}"
    begun = time.perf_counter()
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tab.wait_for_function(SHOWN, arg=title, polling=2)  # type: ignore[attr-defined]
    taken = time.perf_counter() - begun
    # Until the findings are there too.
    tab.wait_for_timeout(400)  # type: ignore[attr-defined]
    return taken


if __name__ == "__main__":
    sys.exit(main())
