"""A safe, read-only view over an export: a folder, a zip, several zips of one export, a tar, or a single file.

Exports come from anywhere, so nothing in them is believed: sizes are counted while reading, whatever the headers say; names that point
outside are refused; links are not followed outside; nothing is ever written where a name in an archive says.
"""

from __future__ import annotations

from kleos.files.export import OpenExport, open_export
from kleos.files.limits import Limits

__all__ = ["Limits", "OpenExport", "open_export"]
