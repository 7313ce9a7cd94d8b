"""``python -m kleos``: the same as the command ``kleos``."""

from __future__ import annotations

import sys

from kleos.cli import main

if __name__ == "__main__":
    sys.exit(main())
