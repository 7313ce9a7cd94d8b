"""The analytics that a member or the admin of a page can download: counts for each post, and nobody by name."""

from __future__ import annotations

from kleos_linkedin.analytics.source import ANALYTICS

__all__ = ["ANALYTICS"]
