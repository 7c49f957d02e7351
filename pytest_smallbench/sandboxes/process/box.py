"""The files of one sandbox, whichever root it has: made, packed into a stream, made anew."""

from __future__ import annotations

import functools
import os

from . import child, root, snapshots, system_root
from .privileges import Limits
from .sealing import Seal


class Box:
    """See ground.Laid: mounts of the keeper's. ``uid`` is the one that its programs have."""

    def __init__(self, limits: Limits, uid: int, covered: root.Covered) -> None:
        self._limits, self._covered = limits, covered
        self.is_system = limits.root == "system"
        self.uid = os.getuid() if self.is_system else uid

    def make(self, stream: int | None = None, *, sealed: bool = False) -> None:
        """Lay it, with nothing but the files of ``stream``. In a sealed one programs are as
        they came; a root without programs of its own has no need of that."""

        keep = Seal().keep if sealed and self.is_system else lambda _: True
        fill = stream and functools.partial(
            snapshots.unpack, stream, self._places(), self.uid, keep
        )
        if self.is_system:
            system_root.make_box(self._limits.disk, fill or None, sealed=sealed)
        else:
            root.make_box(self._limits.disk, self.uid, self._covered)
            if fill:
                fill()

    def clear(self) -> None:
        """Take it down, files and all. No process of its is left."""
        if self.is_system:
            system_root.clear_box()
        else:
            root.clear_box(self._covered)

    def pack(self, stream: int, room: int) -> None:
        """Write all files into ``stream``, ``room`` bytes at most. Raises OSError."""
        snapshots.Packer(stream, room, self.uid).pack(self._places())

    def _places(self) -> snapshots.Places:
        kept = system_root.KEPT if self.is_system else root.KEPT
        return {name: f"{root.BOX}/{name}" for name in kept}

    def folder(self, path: str | None) -> str:
        """The absolute path of a folder that may be given from the working folder."""
        return os.path.join(child.home_of(self._limits), path or ".").removesuffix("/.")
