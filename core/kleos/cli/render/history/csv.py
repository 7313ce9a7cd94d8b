"""A history as CSV (RFC 4180, but for lines that end as everywhere else): one row for each day and model."""

from __future__ import annotations

import csv
import io

from kleos.insight.history.curve import History
from kleos.scoring.result import iso

__all__ = ["history_csv"]

HEADER = ("day", "as_of", "score", "lo", "hi", "percentile", "model", "version", "digest", "networks", "actors", "times")


def history_csv(history: History) -> str:
    """Return rows by day and model, numbers unrounded, networks with blanks between them; empty: not known."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for point in sorted((*history.line, *history.others), key=lambda point: (point.day, point.model.digest)):
        low, high = point.interval or (None, None)
        model = point.model
        row = (point.day, iso(point.as_of), point.score, low, high, point.percentile, model.name, model.version, model.digest)
        writer.writerow((*row, " ".join(point.networks), point.actors, point.times))
    return text.getvalue()
