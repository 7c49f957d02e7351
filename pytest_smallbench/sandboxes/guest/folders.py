"""The files of a sandbox in a container: folders that the container was given, each a tmpfs."""

from __future__ import annotations

import itertools
import os
from typing import ClassVar

from ..process import root, snapshots

OPEN_TO_ALL = ("tmp", "shm")


class Folders:
    """See ground.Laid. The mounts stay; what is in them comes and goes."""

    is_system = False
    _places: ClassVar[dict[str, str]] = {name: root.FOLDERS[name] for name in root.KEPT}

    def __init__(self, uid: int) -> None:
        self.uid = uid

    def make(self, stream: int | None = None, *, sealed: bool = False) -> None:
        for name, folder in root.FOLDERS.items():
            os.chown(folder, self.uid, self.uid)
            os.chmod(folder, 0o1777 if name in OPEN_TO_ALL else 0o755)
        root.write_accounts(root.RUN, self.uid)
        if stream is not None:
            snapshots.unpack(stream, self._places, self.uid)

    def clear(self) -> None:
        for folder in root.FOLDERS.values():
            empty(folder)

    def pack(self, stream: int, room: int) -> None:
        snapshots.Packer(stream, room, self.uid).pack(self._places)

    def folder(self, path: str | None) -> str:
        return os.path.join(root.FOLDERS["work"], path or ".").removesuffix("/.")


def empty(folder: str) -> None:
    """Remove all that is in it. Hostile code has laid it: a tree may be deeper than any path
    is long, so what lies deep is brought to the top first. No process is at work here."""
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    names = itertools.count()
    try:
        while found := list(os.scandir(top)):
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    _dissolve(entry.name, top, names)
                else:
                    os.unlink(entry.name, dir_fd=top)
    finally:
        os.close(top)


def _dissolve(name: str, top: int, names: itertools.count[int]) -> None:
    """Bring the folders in this one to the top, remove its files and itself."""
    folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=top)
    try:
        for entry in list(os.scandir(folder)):
            if entry.is_dir(follow_symlinks=False):
                free = next(new for n in names if not _exists(new := f"removed-{n}", top))
                os.rename(entry.name, free, src_dir_fd=folder, dst_dir_fd=top)
            else:
                os.unlink(entry.name, dir_fd=folder)
    finally:
        os.close(folder)
    os.rmdir(name, dir_fd=top)


def _exists(name: str, top: int) -> bool:
    try:
        os.stat(name, dir_fd=top, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
