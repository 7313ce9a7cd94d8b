"""What if, as JSON: everything, unrounded, in a shape that stays.

::

    {"schema": 1, "person": {"id", "name"},
     "simulation": null or
        {"as_of": "…Z", "as_of_reason", "window": seconds, "model": {"name", "version", "digest"},
         "before": {"score", "interval": [lo, hi] or null}, "after": likewise,
         "points": change, "interval": [lo, hi] or null, of the change,
         "taken": [{"what", "value", "reactions"}],
         "added": [{"text", "network", "kind", "number", "people", "followers", "posts", "seconds"}],
         "steps": [as in kleos explain --between --json]},
     "advice": null or
        {"as_of", "score", "people", "seconds", "note",
         "advice": [{"sort", "network", "title", "kind", "people", "familiar", "followers", "alike",
                     "score", "points", "interval", "sentence"}]}}
"""

from __future__ import annotations

from typing import Any

from kleos.cli.render.explanation.change_json import step_json
from kleos.insight.simulating.advice import Advising
from kleos.insight.simulating.simulation import Outlook, Simulation
from kleos.scoring.result import iso

__all__ = ["simulation_json"]

SCHEMA = 1
MICROSECONDS_A_SECOND = 1_000_000


def simulation_json(simulation: Simulation | None, advising: Advising | None) -> dict[str, Any]:
    """Return the object that ``kleos simulate --json`` prints, with at least one of both."""
    about = simulation or advising
    assert about is not None
    return {
        "schema": SCHEMA,
        "person": {"id": about.person, "name": about.name},
        "simulation": None if simulation is None else _simulation(simulation),
        "advice": None if advising is None else _advising(advising),
    }


def _simulation(simulation: Simulation) -> dict[str, Any]:
    model = simulation.model
    return {
        "as_of": iso(simulation.as_of),
        "as_of_reason": simulation.as_of_reason,
        "window": simulation.window,
        "model": {"name": model.name, "version": model.version, "digest": model.digest},
        "before": _outlook(simulation.before),
        "after": _outlook(simulation.after),
        "points": simulation.points,
        "interval": _bounds(simulation.interval),
        "taken": [{"what": one.what, "value": one.value, "reactions": one.reactions} for one in simulation.taken],
        "added": [
            {
                "text": one.text,
                "network": one.network,
                "kind": one.kind,
                "number": one.number,
                "people": one.people,
                "followers": one.followers,
                "posts": one.posts,
                "seconds": one.span / MICROSECONDS_A_SECOND,
            }
            for one in simulation.added
        ],
        "steps": [step_json(step) for step in simulation.steps],
    }


def _advising(advising: Advising) -> dict[str, Any]:
    return {
        "as_of": iso(advising.as_of),
        "score": advising.score,
        "people": advising.people,
        "seconds": advising.span,
        "note": advising.note,
        "advice": [
            {
                "sort": one.sort,
                "network": one.network,
                "title": one.title,
                "kind": one.kind,
                "people": one.people,
                "familiar": one.familiar,
                "followers": one.followers,
                "alike": list(one.alike),
                "score": one.score,
                "points": one.points,
                "interval": _bounds(one.interval),
                "sentence": one.sentence,
            }
            for one in advising.advice
        ],
    }


def _outlook(outlook: Outlook) -> dict[str, Any]:
    return {"score": outlook.score, "interval": _bounds(outlook.interval)}


def _bounds(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else list(interval)
