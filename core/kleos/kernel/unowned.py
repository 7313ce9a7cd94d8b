"""Arrays as compiled code reads them while somebody else keeps them alive: without an owner whose references are counted.

Each reading of a named tuple's array, and each call that is given one, counts a reference up and down again, in a cell that all processors
share. The fold of one person did it a hundred and fifty times, which took two fifths of the time.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numba
from numba.core import cgutils, types
from numba.core.imputils import impl_ret_untracked
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

__all__ = ["unowned"]

Arrays = TypeVar("Arrays")


def unowned(arrays: Arrays) -> Arrays:
    """Return the same array, or named tuple of arrays and of such tuples, without an owner.

    Whoever calls a function that uses it has to keep the arrays until it returns.
    """
    return arrays  # this is all, where nothing is compiled


if not getattr(numba.config, "DISABLE_JIT"):  # noqa: B009 - numba's stubs do not know its settings

    @intrinsic
    def unowned(_context: Any, arrays: Any) -> Any:
        """Give the arrays no owner: numba counts no references of such."""

        def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return impl_ret_untracked(context, builder, signature.return_type, _disown(context, builder, signature.args[0], arguments[0]))

        return arrays(arrays), write


def _disown(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """Write the code that returns a value of a type without owners."""
    if isinstance(kind, types.Array):
        array = make_array(kind)(context, builder, value)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        array.parent = cgutils.get_null_value(array.parent.type)
        return array._getvalue()
    for place, inner in enumerate(kind.types):
        found = _disown(context, builder, inner, builder.extract_value(value, place))
        value = builder.insert_value(value, found, place)
    return value
