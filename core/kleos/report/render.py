"""Pages as HTML: templates filled in, with every piece of text escaped and cleaned on its way in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import kleos
from kleos.report.digits import percent, score_tenths, score_text, signed, split_tenths
from kleos.report.notice import NOT_FOR
from kleos.report.theme import DAY, NIGHT
from kleos.report.words import amount, clean, count_of, listed, span
from kleos.scoring.result import iso

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render", "shown_points"]


def render(template: str, **values: Any) -> str:
    """Return a template of `kleos.report.templates` filled in."""
    return _environment().get_template(template).render(not_for=NOT_FOR, **values)


def shown_points(parts: Mapping[str, float], score: float) -> dict[str, str]:
    """Return parts of score − 1 in digits that add up to the shown score, less one."""
    shown = split_tenths(list(parts.values()), score_tenths(score) - 10)
    return {name: f"{tenths / 10:.1f}" for name, tenths in zip(parts, shown, strict=True)}


def _biggest(points: Mapping[str, float]) -> str:
    """Return the two metrics that did most, with their points."""
    return listed([f"{title} ({signed(moved)})" for title, moved in list(points.items())[:2]])


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    def told(value: Any) -> Any:
        """Clean what a template prints; markup is of our own making."""
        return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=PackageLoader("kleos.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=told,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "amount": amount,
        "biggest": _biggest,
        "count_of": count_of,
        "iso": iso,
        "percent": percent,
        "points": lambda points: f"{points:.1f}",
        "score": score_text,
        "signed": signed,
        "span": span,
    }
    style, _, _ = environment.loader.get_source(environment, "style.css")  # type: ignore[union-attr]  # it was given above
    environment.globals |= {"day": DAY, "night": NIGHT, "kleos": kleos.__version__, "style": Markup(style)}  # noqa: S704 - our own file
    return environment
