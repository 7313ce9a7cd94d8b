"""The only module that knows pluggy: a plugin is imported, registered, checked and asked here, each alone."""

from __future__ import annotations

import difflib
import importlib.metadata
from typing import Any

import pluggy

from kleos import hookspecs
from kleos.plugins.entry import GROUPS, HOOKS, Plugin, PluginKind
from kleos.plugins.failure import guarded, refused

__all__ = ["ask", "import_plugin"]


def import_plugin(plugin: Plugin) -> object:
    """Import what the plugin's entry points name; raises `Refused`."""
    entry = plugin.entries[0]
    advice = f"reinstall it (pip install --force-reinstall {plugin.distribution}) or uninstall it"
    with guarded(plugin, "load", f"importing {plugin.value}", advice):
        module: object = importlib.metadata.EntryPoint(name=entry.name, value=entry.value, group=GROUPS[entry.kind]).load()
    return module


def ask(plugin: Plugin, module: object) -> dict[PluginKind, object]:
    """Return what the hooks of `module` answer, for each kind of the plugin's entry points; raises `Refused`.

    A manager of its own serves each plugin. One shared by all, even when asked through `subset_hook_caller`, would let a hook that bears
    its name in `specname` answer, or wrap, on behalf of others; and a plugin that failed would have to be taken out of it again.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    with guarded(plugin, "register", "registering its hooks"):
        manager.register(module, name=plugin.value)
    with guarded(plugin, "check", "checking its hooks"):
        _check_hooks(plugin, module, manager)
    answers: dict[PluginKind, object] = {}
    for kind in sorted({entry.kind for entry in plugin.entries}):
        with guarded(plugin, "ask", f"{HOOKS[kind]}()"):
            answers[kind] = _only(plugin, HOOKS[kind], getattr(manager.hook, HOOKS[kind])())
    return answers


def _check_hooks(plugin: Plugin, module: object, manager: pluggy.PluginManager) -> None:
    """Refuse hooks that nobody calls, and the absence of those that are to be called."""
    callers = manager.get_hookcallers(module) or ()
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        unknown = sorted(caller.name for caller in callers if not caller.has_spec())
        close = difflib.get_close_matches(unknown[0], HOOKS.values(), n=1)
        hint = f"; did you mean {close[0]}?" if close else f"; there are {' and '.join(HOOKS.values())}"
        raise refused(plugin, "check", f"it implements the hook {', '.join(unknown)}, which does not exist{hint}") from error
    present = {caller.name for caller in callers}
    for hook in sorted({HOOKS[entry.kind] for entry in plugin.entries} - present):
        bare = hasattr(module, hook)
        what = f"its {hook} is not marked with @hookimpl (from kleos.hookspecs)" if bare else f"it does not implement the hook {hook}"
        raise refused(plugin, "check", what)


def _only(plugin: Plugin, hook: str, answers: Any) -> object:
    """Unpack pluggy's list of answers; None is no answer to it."""
    if not isinstance(answers, list) or len(answers) > 1:
        raise refused(plugin, "check", f"{hook} must be implemented once and without a wrapper")
    return answers[0] if answers else None
