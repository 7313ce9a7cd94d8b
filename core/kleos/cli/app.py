"""The verbs and where they live. A verb's module is imported only when that verb is used."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from attrs import frozen
from cyclopts import App, Group, Parameter

from kleos import __version__
from kleos.cli.options import DEFAULTS, Options

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
    alone: bool = False
    """Whether it does something without a second word, too: then it calls the function of its own name."""
    more: str = ""
    """What else its help says."""


VERBS = (
    Verb("init", "Write a configuration, for the exports that you have or with every key explained.", "Begin", "[CONFIG] "),
    Verb("doctor", "Check that everything is in order, and say what to do where it is not.", "Begin", "[CONFIG] "),
    Verb("run", "Collect, score, record and show: the main job.", "Score", "[CONFIG] "),
    Verb("collect", "Collect what the sources hold, without scoring.", "Score", "[CONFIG] "),
    Verb("score", "Score what was collected before, without collecting.", "Score", "[CONFIG] "),
    Verb("explain", "Show where a person's points come from, or why they changed, down to items and people.", "Look", "PERSON [CONFIG] "),
    Verb("simulate", "Show what if: reactions taken away or added; or what would raise the score most.", "Look", "PERSON [CONFIG] "),
    Verb("history", "Show how a person's score went from day to day.", "Look", "PERSON [CONFIG] "),
    Verb("compare", "Compare people, and say which differences are noise; or rank everybody.", "Look", "[PERSON…] [CONFIG] "),
    Verb("report", "Write a page for each person and one for all; a card, a badge.", "Look", "[PERSON…] [CONFIG] "),
    Verb("export", "Write scores, their parts and the graph of reactions for other programs.", "Look", "[CONFIG] "),
    Verb("factors", "List the factors, and their values for a person.", "Look", "[CONFIG] "),
    Verb("metrics", "List the metrics that are installed, and what they mean.", "Look"),
    Verb("evaluate", "Measure the model on data of your own: spread, labelled pairs, calibration.", "Look", "[CONFIG] "),
    Verb("attack", "Simulate attacks on a population, and tell what each of them gains.", "Look", "[CONFIG] "),
    Verb(
        "model",
        "Show a model, fit or calibrate one on data of your own, or compare two.",
        "Look",
        "ACTION ",
        actions=(
            Verb("show", "Show a model: its weights, curves and reference populations.", "", "[MODEL] "),
            Verb(
                "fit",
                "Learn a model's weights from the [population] of a configuration, and from labelled pairs.",
                "",
                "[CONFIG] --out FILE ",
            ),
            Verb("calibrate", "Make a model's curves anew from the [population] of a configuration.", "", "[CONFIG] --out FILE "),
            Verb("diff", "Show what differs between two models, and who moves.", "", "BEFORE AFTER "),
        ),
    ),
    Verb("networks", "List the networks that are installed, their reactions and sources.", "Look"),
    Verb(
        "plugins",
        "List the plugins that are installed, and what they add; make one, or check one.",
        "Look",
        "[ACTION] ",
        actions=(
            Verb("new", "Make the distribution of a new network or metric, which passes every check.", "", "NAME --network|--metric "),
            Verb("check", "Check everything that a plugin has to keep, and say what to do.", "", "NAME "),
        ),
        alone=True,
        more="KLEOS_PLUGINS=a,b in the environment lets Kleos see these plugins or distributions only; set to nothing, none. "
        "So if one of them gets in your way: KLEOS_PLUGINS= kleos plugins",
    ),
    Verb("forget", "Take everything of somebody out of the store, for good.", "Care", "PERSON|NETWORK:ACCOUNT [CONFIG] "),
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
            about = f"{verb.help}\n\n{verb.more}".strip()
            nested = App(name=verb.name, help=about, help_format="plaintext", group=groups[verb.group], sort_key=order)
            if verb.alone:
                nested.usage = f"Usage: kleos {verb.name} {verb.arguments}[OPTIONS]"
                nested.default(_alone(verb.name))
            for action in verb.actions:
                _add(nested, action, f"kleos.cli.verbs.{verb.name}:{action.name}", f"{verb.name} {action.name}")
            app.command(nested)
        else:
            _add(app, verb, f"kleos.cli.verbs.{verb.name}:{verb.name}", verb.name, group=groups[verb.group], sort_key=order)
    return app


def _alone(name: str) -> Callable[..., int]:
    """Return what a verb does without a second word: a function here, since a default cannot be named by where it lives."""

    def alone(*, options: Options = DEFAULTS) -> int:
        act: Callable[..., int] = getattr(import_module(f"kleos.cli.verbs.{name}"), name)
        return act(options=options)

    return alone


def _add(app: App, verb: Verb, where: str, words: str, **options: Any) -> None:
    app.command(where, name=verb.name, help=verb.help, usage=f"Usage: kleos {words} {verb.arguments}[OPTIONS]", **options)
