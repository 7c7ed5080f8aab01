from __future__ import annotations

import hashlib
import json
from importlib.resources import files

VENDOR = files("newsletter.web.composer") / "assets" / "vendor"


def test_what_was_vendored_is_what_was_looked_at() -> None:
    """Scripts of others run in the studio with its rights; each has its licence beside it."""
    known = json.loads((VENDOR / "lock.json").read_text(encoding="utf-8"))
    for item in known:
        content = (VENDOR / item["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == item["sha256"], item["file"]
        assert (VENDOR / f"{item['name']}-{item['version']}.LICENSE").is_file()
    licences = {f"{item['name']}-{item['version']}.LICENSE" for item in known}
    assert {path.name for path in VENDOR.iterdir()} == {"lock.json", *(item["file"] for item in known), *licences}
