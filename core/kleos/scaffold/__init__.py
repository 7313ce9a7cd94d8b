"""New plugins: a whole distribution from the templates beside this module, one folder for a network and one for a metric.

A template is a file whose name ends with ``.template`` and whose text is a `string.Template`: ``$name`` stands for a value, ``$$`` for a
dollar. In paths ``PACKAGE`` stands for the package, and ``dot-`` for a leading dot.
"""

from kleos.scaffold.planning import Plan, plan

__all__ = ["Plan", "plan"]
