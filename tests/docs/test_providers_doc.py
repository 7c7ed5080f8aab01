"""docs/providers.md leads to a provider that works, for every kind that it has a chapter of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter import config, tracking
from newsletter.sending.providers import KINDS, provider

PAGE = (Path(__file__).parents[2] / "docs" / "providers.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
HEAD = 'title = "N"\nfrom = "N <n@example.org>"\nzone = "Europe/Vienna"\npostal_address = "Vienna"\n'
HEAD += 'public_url = "https://news.example.org"\nprovider = "main"\n'
# A verification key is a key of an elliptic curve, in base64.
GRID = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7Lt"
    "kBoN79R9Q=="
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: re.findall(r'kind = "(\w+)"', example)[0])
def test_the_settings_of_each_kind_work(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they stand, with keys in files of the person's own folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "keys").mkdir()
    for name in re.findall(r'"~/keys/([\w-]+)"', example):
        (tmp_path / "keys" / name).write_text(f"{GRID}\n" if name.endswith("-webhook") else "a-key\n", encoding="utf-8")
    (tmp_path / "newsletter").mkdir()
    (tmp_path / "newsletter" / "newsletter.toml").write_text(HEAD + example, encoding="utf-8")
    workspace = config.load(tmp_path / "newsletter", {})
    found = provider(workspace, None, {})
    assert found.name == "main"
    assert found.capabilities.inline_images or workspace.settings.linked_images
    assert bool(tracking.endpoints(workspace, {})) == ("webhook" in example or "topics" in example)


def test_every_kind_is_led_to() -> None:
    """By a chapter, or at least by name."""
    assert {kind for kind in KINDS if kind not in PAGE.lower()} <= {"outbox", "null", "smtp"}
