"""A workspace's settings: read from `pyproject.toml` or `newsletter.toml`, all problems at once."""

from newsletter.config.settings import (
    BUILT_IN,
    ApprovalSettings,
    Chat,
    LintSettings,
    Logo,
    ProviderSettings,
    Settings,
)
from newsletter.config.tracking import InboxSettings, TrackingSettings
from newsletter.config.workspace import FILE_NAMES, Workspace, load, misspelt_variables

__all__ = [
    "BUILT_IN",
    "FILE_NAMES",
    "ApprovalSettings",
    "Chat",
    "InboxSettings",
    "LintSettings",
    "Logo",
    "ProviderSettings",
    "Settings",
    "TrackingSettings",
    "Workspace",
    "load",
    "misspelt_variables",
]
