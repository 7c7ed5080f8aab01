"""Issues as previews show them, made of real entries by the real stages."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

from newsletter import pipeline
from newsletter.config import Workspace
from newsletter.model.comparison import compare
from newsletter.model.selection import Selection
from newsletter.preview import Base, Preview, State
from newsletter.preview.revision import Revision
from tests import factories as make

HOSTILE = '</iframe></script><script>document.title="taken"</script> | `code` @someone [x](https://evil.example)'


def selection(**news: Any) -> Selection:
    """Return an issue with a study and two news, the first of which has the fields given."""
    studies = make.section(heading="Studies", take=["study"], layout="hero")
    latest = make.section(heading="News", take=["news"], layout="list")
    return make.selection(
        (studies, [make.study()]),
        (latest, [make.news(**news), make.news(id="wells", title="New wells", date="2024-07-20")]),
        of=make.issue(sections=[studies, latest], intro="Dear {first_name|reader},\n\nthis is July."),
    )


def state(folder: Path, chosen: Selection | None = None) -> State:
    """Return an issue as its readers see it."""
    workspace = make.workspace(folder)
    return pipeline.see(workspace, pipeline.render(workspace, chosen or selection()))


def preview(folder: Path, before: Selection | None = None, after: Selection | None = None, **fields: Any) -> Preview:
    """Return a preview, compared with an earlier state where one is given."""
    now = state(folder, after)
    shown = Preview("Our newsletter", now.selection.issue.name, "#1f4b6e", now, ())
    if before is not None:
        then = state(folder, before)
        base = Base("main", Revision("main", "0123456789abcdef", False, ()), then)
        assert then.outline
        assert now.outline
        shown = replace(shown, base=base, difference=compare(then.outline, now.outline))
    return replace(shown, **fields)


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as nobody in particular."""
    who = ["-c", "user.name=Team", "-c", "user.email=team@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def committed(workspace: Workspace | Path) -> str:
    """Put a workspace under git as it is, and return the commit."""
    folder = workspace if isinstance(workspace, Path) else workspace.root
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "As it is")
    return git(folder, "rev-parse", "HEAD")
