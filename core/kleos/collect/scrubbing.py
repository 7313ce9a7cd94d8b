"""Scrubbing: a token that a network repeats in its answers goes no further."""

from __future__ import annotations

import json

from attrs import evolve

from kleos.contract import Page
from kleos.secrets import redact, redact_bytes

__all__ = ["without_secrets"]


def without_secrets(page: Page) -> Page:
    """Return a page with every secret in its body, place and context blanked.

    Raises `ValueError` for a cursor with a secret in it: blanked, it would lead nowhere, and as it is, it may not be kept.
    """
    if page.cursor is not None and redact(page.cursor) != page.cursor:
        raise ValueError("the cursor of a page holds the token: leave it out of the address that is to be asked next")
    body, where = redact_bytes(page.body), redact(page.where)
    told = None if page.context is None else json.dumps(dict(page.context))
    blanked = None if told is None else redact(told)
    if body == page.body and where == page.where and told == blanked:
        return page
    return evolve(page, body=body, where=where, context=None if blanked is None else json.loads(blanked))
