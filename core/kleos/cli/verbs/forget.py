"""``kleos forget``: take somebody out of the store for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, ConfigPath, Flag, Options

if TYPE_CHECKING:
    from kleos.config import Config
    from kleos.plugins import Loaded
    from kleos.store import Store
    from kleos.store.forget import Target

__all__ = ["forget"]


def forget(
    who: Annotated[str, Parameter(help="The id of a person; or, of anybody else, network:account.")],
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    yes: Annotated[Flag, Parameter(help="Do not ask.")] = False,
    dry_run: Annotated[Flag, Parameter(help="Show what would be forgotten, and forget nothing.")] = False,
    options: Options = DEFAULTS,
) -> int:
    """Take everything of somebody out of the store: reactions given and received, scores, raw pages, names. There is no way back."""
    from kleos.cli.exits import Exit
    from kleos.cli.following import Step, command
    from kleos.cli.opening import open_config
    from kleos.cli.render.forgotten import forgotten_json, forgotten_rows, stored_text
    from kleos.cli.render.layout import paragraph, wrapped
    from kleos.cli.render.report import WIDEST, next_step
    from kleos.cli.terminal import open_terminal
    from kleos.cli.working import working

    terminal = open_terminal()
    with working(terminal, options) as work:
        resolved, loaded = open_config(config, emit=work.emit)
        # Here and not above: mistakes are told before DuckDB is loaded.
        from kleos.store import Store
        from kleos.store.forget import forget as forget_all
        from kleos.store.forget import look

        with Store.open(resolved.run.store, create=False) as store:
            target = _target(who, resolved, loaded, store)
            found = look(store.path, store.pseudonyms, target)
    if not dry_run:
        if not yes and not _confirmed("\n".join(wrapped(stored_text(who, found), terminal.err.width))):
            terminal.tell("nothing was changed", style="yellow")
            return Exit.INTERRUPTED
        found = forget_all(store.path, store.pseudonyms, target)
    width = min(WIDEST, terminal.out.width)
    if options.json:
        terminal.show_json(forgotten_json(who, found, done=not dry_run))
    elif dry_run:
        terminal.show(paragraph(stored_text(who, found), width))
        terminal.show(*next_step([Step(command("forget", config, person=who), "the same in earnest")], width))
    else:
        terminal.show(*forgotten_rows(who, found, width))
        if target.person in resolved.people:
            again = f"Take [people.{who}] out of {config}, too: what its sources hold of {who} comes back with the next run."
            terminal.show(paragraph(again, width))
        terminal.show(*next_step([Step(command("doctor", config), "that the store is in order")], width))
    return Exit.FAULTS if work.emit.faults else Exit.DONE


def _target(who: str, config: Config, loaded: Loaded, store: Store) -> Target:
    """Return whom is meant; raises `UsageError` for somebody who can be neither in the configuration nor in the store."""
    from kleos.collect import known_accounts
    from kleos.config.rules import suggest
    from kleos.contract import account_key
    from kleos.errors import UsageError
    from kleos.insight.person import check_person
    from kleos.plugins import installed
    from kleos.store.forget import Target

    known = known_accounts(config, store)
    network, colon, account = who.partition(":")
    if colon:
        stored = {folder.name.removeprefix("network=") for folder in (store.path / "interactions").glob("network=*")}
        networks = {*stored, *loaded.networks, *(entry.name for entry in installed() if entry.kind == "network")}
        if network not in networks:
            raise UsageError(f"expected network:account, found {who!r}", hint=suggest(network, networks, "networks are"))
        if not account_key(account):
            raise UsageError(f"expected an account after {network}:, found nothing")
        owner = next((person for over, key, person in known if (over, key) == (network, account_key(account))), None)
        if owner is not None:
            hint = f"kleos forget {owner}; or take the account out of [people.{owner}] first"
            raise UsageError(f"{who} is an account of {owner}, who is in the configuration", hint=hint)
        return Target(accounts=[(network, account_key(account))])
    accounts = {(over, key) for over, key, person in known if person == who}
    # Somebody who is no longer in the configuration may still be in the store.
    accounts |= {(over, key) for over, keys in store.accounts([who], {}).items() for key in keys}
    if not accounts and not store.scores(person=who):
        check_person(who, {person.id: person.name for person in config.people.values()})
    return Target(person=who, accounts=sorted(accounts))


def _confirmed(told: str) -> bool:
    """Ask on the terminal; raises `UsageError` where there is none."""
    import sys

    from kleos.errors import UsageError

    if not sys.stdin.isatty():
        raise UsageError(
            "there is nobody to ask whether to go on", where="forget", hint="--yes forgets without asking, --dry-run shows what"
        )
    sys.stderr.write(f"{told}\nForget this for good? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in ("y", "yes")
