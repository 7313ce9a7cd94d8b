"""The slow twin of the attention graph: who reacts to whom, pulled and settled one edge at a time, from the definitions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import frozen
from hypothesis import strategies as st

__all__ = ["Web", "leaders", "pull", "settle", "webs"]


@frozen
class Web:
    """Edges between people: (who reacts, to whom, how much)."""

    people: int
    edges: Sequence[tuple[int, int, float]]

    @property
    def others(self) -> list[tuple[int, int, float]]:
        """The edges that count: those to somebody else."""
        return [edge for edge in self.edges if edge[0] != edge[1]]

    @property
    def given(self) -> list[float]:
        """What everybody gives; 0: dangling."""
        given = [0.0] * self.people
        for actor, _, weight in self.others:
            given[actor] += weight
        return given


def pull(web: Web, u: Sequence[float]) -> list[float]:
    """x[p] = Σ over edges a → p of u[a] · c."""
    x = [0.0] * web.people
    for actor, subject, weight in web.others:
        x[subject] += u[actor] * weight
    return x


def settle(
    web: Web, damping: float, rounds: int, start: Sequence[float] | None = None, table: Callable[[float], float] | None = None
) -> list[list[float]]:
    """Everybody's influence after each of the rounds, the beginning first."""
    weight = list(start) if start else [1.0] * web.people
    if table is None and start:
        weight = [one * web.people / sum(start) for one in start]
    history = [weight]
    given = web.given
    for _ in range(rounds):
        dangling = sum(one for one, gives in zip(weight, given, strict=True) if gives == 0)
        x = pull(web, [one / gives if gives else 0.0 for one, gives in zip(weight, given, strict=True)])
        weight = [1 - damping + damping * (one + dangling / web.people) for one in x]
        if table is not None:
            weight = [table(one) for one in weight]
        history.append(weight)
    return history


def leaders(weight: Sequence[float], top: int) -> list[int]:
    """The people of most influence, in order; of equals, the one of the smaller number."""
    return sorted(range(len(weight)), key=lambda person: (-weight[person], person))[:top]


WEIGHTS = st.one_of(st.just(1.0), st.integers(0, 5).map(float), st.floats(2**-10, 2**10, width=32))


@st.composite
def webs(draw: st.DrawFn, people: Sequence[int] = range(7), most_edges: int = 24) -> Web:
    """Draw a web: few people, so that edges to oneself, repeated edges and ties abound; or the given ones out of many."""
    size = draw(st.integers(1, len(people))) if isinstance(people, range) else max(people) + 1
    person = st.sampled_from(people[:size])
    return Web(size, tuple(draw(st.lists(st.tuples(person, person, WEIGHTS), max_size=most_edges))))
