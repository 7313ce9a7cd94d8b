"""What a plugin author sees: the words in which a network and a metric are declared, and the rows that a source emits.

Everything here is a frozen value. A plugin returns declarations from its hooks (`kleos.hookspecs`); the core calls the functions in them.

Times are zone-aware `datetime` objects in rows, and unix microseconds (int) in the columns of `Batch`, `Tallies` and `Profiles`.
"""

from __future__ import annotations

import enum
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO, Literal, Protocol, get_args

from attrs import Attribute, field, frozen

__all__ = [
    "AMOUNT",
    "CONTRACT_VERSION",
    "ANY",
    "AGGREGATIONS",
    "Batch",
    "Calibration",
    "Charge",
    "Context",
    "Export",
    "Factors",
    "Flaw",
    "Interaction",
    "Kind",
    "Metric",
    "Network",
    "Owner",
    "Page",
    "Period",
    "Profile",
    "Profiles",
    "Quota",
    "Role",
    "Row",
    "Source",
    "Tallies",
    "Tally",
    "Term",
    "account_key",
    "period_of",
]

CONTRACT_VERSION = 1
"""Grows by one when a plugin written for the version before could break."""

ANY = "any"
"""The selector for all kinds of a network together, VIEW and FOLLOW left out."""

AMOUNT = "amount"
"""A key of attrs metadata: a field of `Source.settings` with ``metadata={AMOUNT: True}`` says how much is asked for, and not what.

Changing any other field of an API's settings starts it from the beginning; so does not changing such a field, or one of a `Charge`.
"""

AGGREGATIONS = (
    "count",
    "acts",
    "actors",
    "saturated",
    "decayed",
    "recent",
    "prestige",
    "share_of_attention",
    "returning",
    "days",
    "actor_days",
    "items",
    "peak",
    "h_index",
)
"""The ways in which reactions are folded into a factor, in the order of the engine's columns (docs: how the score works)."""

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def account_key(account: str) -> str:
    """Return an account's text as it is compared and stored: without surrounding blanks and a leading ``@``, case folded."""
    return account.strip().removeprefix("@").casefold()


def _name(instance: Any, attribute: Attribute[Any], value: str) -> None:
    if not isinstance(value, str) or not _NAME.match(value):
        raise ValueError(f"{attribute.name}: expected lower-case letters, digits and _ with a letter first, found {value!r}")


def _not_negative(instance: Any, attribute: Attribute[Any], value: float) -> None:
    if not 0 <= value < float("inf"):
        raise ValueError(f"{attribute.name}: expected a finite number of at least 0, found {value!r}")


def _kinds(instance: Any, attribute: Attribute[Any], value: Mapping[str, Kind]) -> None:
    if not value:
        raise ValueError("kinds: a network needs at least one kind of reaction")
    for name in value:
        if not _NAME.match(name) or name == ANY:
            raise ValueError(f"kinds: {name!r} is not a usable name (lower-case letters, digits, _; not 'any')")


def _sources(instance: Any, attribute: Attribute[Any], value: Sequence[Source]) -> None:
    names = [source.name for source in value]
    if len(set(names)) != len(names):
        raise ValueError(f"sources: names must differ, found {names}")
    if "interactions" in names:
        raise ValueError("sources: 'interactions' is the built-in canonical table of every network")


def _pages(instance: Any, attribute: Attribute[Any], value: Mapping[str, str]) -> None:
    for pattern, address in value.items():
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"item_pages: {pattern!r} is no regular expression ({error})") from None
        if not re.fullmatch(r"https://[^\s{}]+/[^\s{}]*\{item\}[^\s{}]*", address):
            raise ValueError(f"item_pages: expected an address with https:// and one {{item}}, found {address!r}")


class Role(enum.Enum):
    """What a reaction is, in the verbs of W3C ActivityStreams 2.0 and the families of web analytics."""

    LIKE = "like"
    """Like: applause (Kaushik)."""
    REPLY = "reply"
    """Create with inReplyTo: conversation (Kaushik)."""
    SHARE = "share"
    """Announce: amplification (Kaushik; Cha et al. 2010)."""
    MENTION = "mention"
    """Mention: name value (Cha et al. 2010)."""
    ENDORSE = "endorse"
    """Offer or Add: recommendation, skill endorsement, list membership, save, tip agreed with."""
    VIEW = "view"
    """View or Listen: counts only, never part of `any`."""
    FOLLOW = "follow"
    """Follow: context, never scored."""

    @property
    def in_any(self) -> bool:
        """Whether reactions of this role belong to `any`, the reactions that are scored."""
        return self not in (Role.VIEW, Role.FOLLOW)


@frozen(kw_only=True)
class Kind:
    """A network's native reaction, such as a retweet."""

    role: Role
    """Which of the few standard roles it plays."""
    title: str
    """What people call it, singular: "repost"."""
    weight: float = field(default=1.0, validator=_not_negative)
    """Multiplies this kind in ``role:…`` terms, never in ``any``; at least 0."""
    once: bool = False
    """Whether a person can do it only once per item (a like, a bare repost)."""


class Export(Protocol):
    """A read-only view over a folder, a zip, or several zips of one export; every read is bounded."""

    @property
    def where(self) -> str:
        """The path as the user wrote it, for messages."""

    @property
    def names(self) -> Sequence[str]:
        """All member names, with ``/`` between folders, sorted; a top folder common to all is left out."""

    def find(self, suffix: str) -> Sequence[str]:
        """Return the names that end with `suffix` at a path boundary ("data/tweets.js" finds "x/data/tweets.js"), sorted."""

    def open(self, name: str) -> BinaryIO:
        """Open a member for streaming; raises `ExportError` beyond the limits."""

    def read(self, name: str) -> bytes:
        """Return a member whole; raises `ExportError` beyond the limits."""

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a member as whole lines, at most 32 MB at a time, unpacked where its name ends with ``.gz``.

        Memory stays bounded whatever the member's size; raises `ExportError` for a line beyond the limit.
        """

    def elements(self, name: str) -> Iterator[bytes]:
        """Yield the elements of a member that holds one big JSON array, as JSON arrays of about 32 MB at most.

        Text before the first ``[`` or ``{`` of the array (``window.YTD.tweets.part0 =``) is left out. Memory stays bounded. A file that
        is cut off yields its whole elements, then raises `ExportError`.
        """


@frozen(kw_only=True)
class Owner:
    """Whose account an export is, or whose reactions an API is asked for: the configuration merged with what the export says."""

    person: str | None = None
    """The person's id in the configuration; None in what `Source.owners` returns."""
    ids: Sequence[str] = field(default=(), converter=tuple[str, ...])
    """The network's own ids, which never change."""
    handles: Sequence[str] = field(default=(), converter=tuple[str, ...])
    """User names, present and past, without ``@``."""
    names: Sequence[str] = field(default=(), converter=tuple[str, ...])
    """Display names, for networks whose exports know nothing better."""

    @property
    def account(self) -> str:
        """The best key of the account: an id, else a handle, else a name; empty where nothing is known."""
        return next(iter((*self.ids, *self.handles, *self.names)), "")


@frozen(kw_only=True)
class Page:
    """Raw bytes as a source gave them: the unit of work, of retries and of replay."""

    network: str
    source: str
    where: str
    """The file, or the request without secrets: for messages."""
    owner: Owner | None
    """None for bulk files, which belong to nobody."""
    captured: datetime | None
    """When the network made these bytes; zone-aware. Counts that say no better time are dated by it."""
    body: bytes
    """At most 32 MB, whole lines of a big JSONL."""
    cursor: str | None = None
    """Where to go on after this page; handed back as `Context.cursor` by the next run."""
    context: Mapping[str, Any] | None = None
    """What the parser needs from elsewhere (a manifest, a map of ids): plain JSON values."""


@frozen(kw_only=True)
class Interaction:
    """One reaction *received* by `subject`. The subject's own activity is never emitted."""

    network: str
    kind: str
    """A name declared in `Network.kinds`."""
    subject: str
    """The receiving account: an id, a handle or a name of it."""
    actor: str | None
    """The reacting account; None where the network does not tell."""
    item: str | None
    """What was reacted to; None where there is nothing (a mention)."""
    time: datetime | None
    id: str | None = None
    """The network's id of the reaction itself; the same id is the same reaction."""
    item_time: datetime | None = None
    captured: datetime | None = None
    audience: int | None = None
    """The actor's number of followers when captured; at least 0."""


@frozen(kw_only=True)
class Tally:
    """The network's running total of one kind of reaction to one item. The newest capture wins; totals are never added up."""

    network: str
    kind: str
    subject: str
    item: str
    total: int
    captured: datetime
    item_time: datetime | None = None


@frozen(kw_only=True)
class Profile:
    """What an export or API says about an account: resolves handles to ids, and tells audiences."""

    network: str
    id: str
    handle: str | None = None
    name: str | None = None
    audience: int | None = None
    captured: datetime | None = None


@frozen(kw_only=True)
class Flaw:
    """A row, or a part of one, that could not be read. It is counted and reported; what could be read is emitted all the same."""

    where: str
    """Where in the page: "tweets.js: row 17"."""
    reason: str
    """One sentence without values, so that equal flaws can be counted together."""


@frozen(kw_only=True)
class Batch:
    """Interactions of one network as equal-length columns, for speed. The columns mean what the fields of `Interaction` mean.

    Columns are lists (None where missing) or arrays without missing values. `time`, `item_time` and `captured` hold unix
    microseconds (int64), `audience` and `count` integers; a column left out is missing throughout. `count` is 1 where left out.
    """

    network: str
    kind: Sequence[str]
    subject: Sequence[str]
    actor: Sequence[str | None] | None = None
    item: Sequence[str | None] | None = None
    time: Sequence[int | None] | None = None
    id: Sequence[str | None] | None = None
    item_time: Sequence[int | None] | None = None
    captured: Sequence[int | None] | None = None
    audience: Sequence[int | None] | None = None
    count: Sequence[int] | None = None

    def __len__(self) -> int:
        return len(self.kind)


@frozen(kw_only=True)
class Tallies:
    """Running totals of one network as equal-length columns, for speed. The columns mean what the fields of `Tally` mean.

    Columns are lists or arrays as in a `Batch`; `captured` and `item_time` hold unix microseconds (int64).
    """

    network: str
    kind: Sequence[str]
    subject: Sequence[str]
    item: Sequence[str]
    total: Sequence[int]
    captured: Sequence[int]
    item_time: Sequence[int | None] | None = None

    def __len__(self) -> int:
        return len(self.kind)


@frozen(kw_only=True)
class Profiles:
    """Accounts of one network as equal-length columns, for speed. The columns mean what the fields of `Profile` mean.

    Columns are lists (None where missing) or arrays as in a `Batch`; `captured` holds unix microseconds (int64).
    """

    network: str
    id: Sequence[str]
    handle: Sequence[str | None] | None = None
    name: Sequence[str | None] | None = None
    audience: Sequence[int | None] | None = None
    captured: Sequence[int | None] | None = None

    def __len__(self) -> int:
        return len(self.id)


Row = Batch | Tallies | Profiles | Interaction | Tally | Profile | Flaw


Period = Literal["day", "month"]
"""How long a limit counts before it begins anew. Days and months are those of UTC."""


def _period(instance: Any, attribute: Attribute[Any], value: object) -> None:
    if value not in get_args(Period):
        raise ValueError(f"{attribute.name}: expected one of {', '.join(get_args(Period))}, found {value!r}")


def period_of(unit: str) -> Period:
    """Return the period of a unit that no `Charge` declares: money is limited by the month, as networks bill it, all else by the day."""
    return "month" if unit == "usd" else "day"


@frozen(kw_only=True)
class Charge:
    """Something that asking an API uses up. Declared, its use and its limit are shown by ``kleos doctor`` and by ``--dry-run``."""

    unit: str = field(validator=_name)
    """What is counted: "units", "usd", "requests"."""
    setting: str = field(validator=_name)
    """The field of `Source.settings` that says how much may be used in a period: "daily_units"."""
    period: Period = field(validator=_period)
    """Default: a month for "usd", a day for anything else."""

    @period.default
    def _usual(self) -> Period:
        return period_of(self.unit)


class Quota(Protocol):
    """What a paid or limited API has used, kept over runs; `kleos.asking.Allowance` holds it to a limit."""

    def spent(self, unit: str) -> float:
        """Return how much of `unit` ("usd", "units") has been used in the current period (see `Charge`)."""

    def spend(self, unit: str, amount: float) -> None:
        """Record a use before it is made, so that a crash never counts too little."""


@frozen(kw_only=True)
class Context:
    """What the core gives to `Source.fetch`."""

    open_export: Callable[[Any], Export]
    """Open a path (or a list of the parts of a split export) within the limits of the run; raises `ExportError`."""
    stop: threading.Event
    """Set when the user interrupts: return after the page at hand."""
    now: datetime
    """The time of the run, zone-aware: the capture time of what an API answers."""
    cursor: str | None = None
    """The cursor of the last page that was kept, None the first time."""
    quota: Quota | None = None
    progress: Callable[[int, int | None, str], None] = lambda done, total, unit: None
    """Tell how far the fetching is: done, total (None if unknown), unit."""


def _unsure(export: Export) -> float:
    return 0.0


def _no_owner(export: Export) -> Sequence[Owner]:
    return ()


@frozen(kw_only=True)
class Source:
    """One way to obtain a network's data: an export, a bulk file, an API."""

    name: str = field(validator=_name)
    """Its key in the configuration: ``[networks.<network>.<source>]``."""
    title: str
    settings: type
    """An attrs class; every field is a key of the table. A field `path` lets users write just the path."""
    fetch: Callable[[Any, Owner | None, Context], Iterator[Page]]
    """All I/O: settings, owner (None for bulk files), context → pages."""
    parse: Callable[[Page], Iterable[Row]]
    """Pure: the same bytes give the same rows; no socket, no file. May raise only `ParseError`."""
    recognise: Callable[[Export], float] = _unsure
    """How sure it is, from 0 to 1, that this is its export, in any locale."""
    owners: Callable[[Export], Sequence[Owner]] = _no_owner
    """Whose export it is, where it says so. May raise only `ParseError`."""
    owned: bool = True
    """False for bulk files, which hold reactions to many accounts and belong to nobody."""
    live: bool = False
    """True for an API: a run with a live source is scored as of now."""
    charges: Sequence[Charge] = field(default=(), converter=tuple[Charge, ...])
    """What asking it uses up, where the configuration limits that."""


@frozen(kw_only=True)
class Calibration:
    """How a network's numbers compare: the curves that a model uses for it.

    `strength` and `log_odds` are the knots of the odds table (equal lengths, increasing; strength > 0). `audience` and `share` are the
    knots of the reference curve of audiences: the share (0..1) of accounts with fewer followers. `attention` is the mean number of
    reactions that an actor gives to others in a window.
    """

    strength: Sequence[float] = field(converter=tuple[float, ...])
    log_odds: Sequence[float] = field(converter=tuple[float, ...])
    audience: Sequence[float] = field(converter=tuple[float, ...])
    share: Sequence[float] = field(converter=tuple[float, ...])
    attention: float = field(validator=_not_negative)


@frozen(kw_only=True)
class Network:
    """A social network: its native reactions and the ways to obtain them."""

    name: str = field(validator=_name)
    """Equal to the entry point's name and the table ``[networks.<name>]``."""
    title: str
    kinds: Mapping[str, Kind] = field(validator=_kinds)
    sources: Sequence[Source] = field(converter=tuple[Source, ...], validator=_sources)
    homepage: str = ""
    aliases: Sequence[str] = field(default=(), converter=tuple[str, ...])
    """Other names that people use ("x" for twitter), for hints."""
    reference: Calibration | None = None
    """The network's own calibration, used only where the model does not know the network."""
    item_pages: Mapping[str, str] = field(factory=dict, validator=_pages)
    """Where a person can look at an item: {what its id looks like: the address, with ``{item}`` for the id}.

    The first pattern (a regular expression) that matches a whole id gives the address; an id that none matches has none. Only for ids that
    are the network's own: ``{"[0-9A-Za-z_-]{11}": "https://youtu.be/{item}"}``. Addresses are shown as links, and never asked.
    """


@frozen
class Term:
    """One addend of a metric: a factor times a weight.

    `selector` is ``any.<aggregation>``, ``role:<ROLE>.<aggregation>`` or ``<kind>.<aggregation>``; weight is at least 0.
    """

    selector: str = field()
    weight: float = field(default=1.0, validator=_not_negative)

    @selector.validator
    def _check_selector(self, attribute: Attribute[str], value: str) -> None:
        kind, _, aggregation = value.rpartition(".")
        if aggregation not in AGGREGATIONS:
            raise ValueError(f"selector {value!r}: expected one of {', '.join(AGGREGATIONS)} after the dot, found {aggregation!r}")
        role = kind.removeprefix("role:")
        if kind.startswith("role:") and role not in Role.__members__:
            raise ValueError(f"selector {value!r}: expected one of {', '.join(Role.__members__)} after 'role:', found {role!r}")
        if not kind.startswith("role:") and not _NAME.match(kind):
            raise ValueError(f"selector {value!r}: expected any, role:<ROLE> or a kind before the dot, found {kind!r}")


class Factors(Protocol):
    """The factors of one network, as columns: what a `Metric.compute` is given."""

    def __getitem__(self, selector: str) -> Any:
        """Return float64[people] for a selector as in `Term`; all zeros for a kind that the network does not have."""


@frozen(kw_only=True)
class Metric:
    """A social metric: a number with a unit, made of factors, one per person and network."""

    name: str = field(validator=_name)
    title: str
    family: str
    """Which question it answers: "who responds", "what they do", "how far, how dependably"."""
    unit: str
    """What is counted, plural: "people", "acts"."""
    definition: str
    """One sentence that a person understands."""
    source: str
    """Where the definition comes from."""
    terms: Sequence[Term] = field(default=(), converter=tuple[Term, ...])
    """A non-negative linear form over factors, folded in the compiled pass."""
    compute: Callable[[Factors], Any] | None = None
    """The escape hatch: factor columns → float64[people], finite, at least 0 and monotone in every factor."""
    weight: float = field(default=0.0, validator=_not_negative)
    """Its weight in the score where the model has none; 0: shown, not scored."""

    def __attrs_post_init__(self) -> None:
        if bool(self.terms) == (self.compute is not None):
            raise ValueError(f"metric {self.name}: expected either terms or compute")
