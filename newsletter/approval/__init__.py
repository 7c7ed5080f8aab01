"""Approval: an outline names what was approved, and comparing two says what has changed since."""

from __future__ import annotations

from newsletter.approval.outlining import outline

__all__ = ["outline"]
