"""The verbs and where they live. A verb's module is imported only when that verb is used."""

from __future__ import annotations

from typing import Any

from attrs import frozen
from cyclopts import App, Group, Parameter

from kleos import __version__

__all__ = ["VERBS", "Verb", "build"]


@frozen
class Verb:
    """One word of the command line: ``kleos <name>`` calls `kleos.cli.verbs.<name>:<name>`."""

    name: str
    help: str
    group: str
    arguments: str = ""
    """As the usage line shows them."""
    actions: tuple[Verb, ...] = ()
    """What it can be asked to do, where that takes a second word: each calls the function of its name in the verb's module."""


VERBS = (
    Verb("init", "Write a configuration, for the exports that you have or with every key explained.", "Begin", "[CONFIG] "),
    Verb("doctor", "Check that everything is in order, and say what to do where it is not.", "Begin", "[CONFIG] "),
    Verb("run", "Collect, score, record and show: the main job.", "Score", "[CONFIG] "),
    Verb("collect", "Collect what the sources hold, without scoring.", "Score", "[CONFIG] "),
    Verb("score", "Score what was collected before, without collecting.", "Score", "[CONFIG] "),
    Verb("explain", "Show where a person's points come from, down to items and people.", "Look", "PERSON [CONFIG] "),
    Verb("factors", "List the factors, and their values for a person.", "Look", "[CONFIG] "),
    Verb("metrics", "List the metrics that are installed, and what they mean.", "Look"),
    Verb(
        "model",
        "Show a model, or calibrate one on a population of your own.",
        "Look",
        "ACTION ",
        actions=(
            Verb("show", "Show a model: its weights, curves and reference populations.", "", "[MODEL] "),
            Verb("calibrate", "Make a model's curves anew from the [population] of a configuration.", "", "[CONFIG] --out FILE "),
        ),
    ),
    Verb("networks", "List the networks that are installed, their reactions and sources.", "Look"),
    Verb("plugins", "List the plugins that are installed, and whether they load.", "Look"),
)

_ABOUT = "Kleos turns the reactions that people receive on social networks into one score from 1 to 100, and shows every step of the way."


def build() -> App:
    """Return the application: parses, calls the verb, and raises instead of exiting."""
    app = App(
        name="kleos",
        help=_ABOUT,
        version=f"kleos {__version__}",
        help_format="plaintext",
        default_parameter=Parameter(negative=()),
        group_commands=Group("Help", sort_key=len(VERBS)),
        result_action="return_value",
        print_error=False,
        exit_on_error=False,
        suppress_keyboard_interrupt=False,
    )
    groups = {name: Group(name, sort_key=order) for order, name in enumerate(dict.fromkeys(verb.group for verb in VERBS))}
    for order, verb in enumerate(VERBS):
        if verb.actions:
            nested = App(name=verb.name, help=verb.help, help_format="plaintext", group=groups[verb.group], sort_key=order)
            for action in verb.actions:
                _add(nested, action, f"kleos.cli.verbs.{verb.name}:{action.name}", f"{verb.name} {action.name}")
            app.command(nested)
        else:
            _add(app, verb, f"kleos.cli.verbs.{verb.name}:{verb.name}", verb.name, group=groups[verb.group], sort_key=order)
    return app


def _add(app: App, verb: Verb, where: str, words: str, **options: Any) -> None:
    app.command(where, name=verb.name, help=verb.help, usage=f"Usage: kleos {words} {verb.arguments}[OPTIONS]", **options)
