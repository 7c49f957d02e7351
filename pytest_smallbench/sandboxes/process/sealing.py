"""Which of the files that were written in a system root come into a sealed one, and how.

What its programs need is as it came: a program that was replaced has its own content again,
one that was removed is back, libraries and start-up files that were added are not there.
Owners, modes and times stay as they were left, and so does everything that is only data.
"""

from __future__ import annotations

import os
import stat

from . import system_root
from .snapshots import Entry

# Where programs find their parts: nothing is added to these. Python's own places in
# /usr/local are named apart, for somebody's new command may well have its library there.
_LIBRARIES = ("lib", "lib32", "lib64", "libx32", "libexec")
_ETC = (
    "alternatives",
    "bash.bashrc",
    "environment",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "ld.so.preload",
    "login.defs",
    "nsswitch.conf",
    "pam.conf",
    "pam.d",
    "perl",
    "profile",
    "profile.d",
    "python",
    "security",
    "ssl",
)


class Seal:
    """Looks at a snapshot's entries in their order, folders before what is in them."""

    def __init__(self) -> None:
        trees = system_root.trees().items()
        self._layers = {system_root.upper(tree): (tree, layers) for tree, layers in trees}
        self._gone: set[str] = set()  # paths that are left out, with all below

    def keep(self, entry: Entry) -> bool:
        """Whether the entry is laid. ``entry["content"]`` then names the file that has its
        content, where that is not its own; a folder loses what would hide the layer below."""
        if self._keeps(entry):
            return True
        self._gone.add(entry["path"])
        return False

    def _keeps(self, entry: Entry) -> bool:
        if os.path.dirname(entry["path"]) in self._gone or entry.get("to") in self._gone:
            return False
        name, _, path = entry["path"].partition("/")[2].partition("/")  # upper/NAME/PATH
        if not name:
            return True
        tree, layers = self._layers[name]
        if not tree:
            return _keeps_of_ours(entry, path)
        return _keeps_of_programs(entry, tree, path, layers)


def _keeps_of_ours(entry: Entry, path: str) -> bool:
    """Below /: everything, but for what is no folder of data, and start-up files in /etc."""
    first, _, rest = path.partition("/")
    if first in ("usr", "bin", "sbin", "dev", "proc", "run", "sys") or first.startswith("lib"):
        return False
    if first != "etc":
        return True
    if not rest:
        entry["opaque"] = False
        return bool(entry["kind"] == "folder")
    name = rest.partition("/")[0]
    return not any(name == one or name.startswith(f"{one}3") for one in _ETC)


def _keeps_of_programs(entry: Entry, tree: str, path: str, layers: str) -> bool:
    if not path:
        entry["opaque"] = False
        return True
    lower = next((one for one in _places(layers, path) if os.path.lexists(one)), None)
    if lower is None:
        return entry["kind"] != "whiteout" and not _is_library(tree, path)
    return _is_as_it_came(entry, lower)


def _places(layers: str, path: str) -> list[str]:
    return [f"{layer}/{path}" for layer in layers.split(":")]


def _is_library(tree: str, path: str) -> bool:
    parts = path.split("/")
    if tree == "usr/local":
        return parts[0].startswith("lib") and any(part.startswith("python") for part in parts)
    return tree.startswith("lib") or parts[0] in _LIBRARIES


def _is_as_it_came(entry: Entry, lower: str) -> bool:
    """The entry's owner and mode with the content from below, where the two are of a kind."""
    state = os.lstat(lower)
    if entry["kind"] == "folder" and stat.S_ISDIR(state.st_mode):
        entry["opaque"] = False
        return True
    if entry["kind"] in ("file", "same") and stat.S_ISREG(state.st_mode):
        entry["content"] = lower
        return True
    return False
