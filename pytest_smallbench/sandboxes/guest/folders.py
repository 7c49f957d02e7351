"""The files of a sandbox in a container: folders that the container was given, each a tmpfs."""

from __future__ import annotations

import contextlib
import itertools
import os
from typing import ClassVar

from ..process import linux, root, snapshots

OPEN_TO_ALL = ("tmp", "shm")

_INODE = 4096  # bytes of disk for which there may be one file
# How the disk is divided: each folder is a tmpfs of its own, sixteenths.
_SHARES = {"work": 11, "tmp": 3, "home": 1, "shm": 1}


def sizes(disk: int) -> dict[str, str]:
    """The options for the tmpfs of each folder. A file's entry costs the kernel memory too, so
    there is a limit to their number."""
    shares = {root.FOLDERS[name]: disk * share // 16 for name, share in _SHARES.items()}
    return {
        path: f"size={size},nr_inodes={max(4096, size // _INODE)},mode=755"
        for path, size in shares.items()
    }


def lay(disk: int) -> None:
    """Where nobody has mounted them, do it. Not every container lets its root do that: then
    they are plain folders, and their files count as memory."""
    for path, options in sizes(disk).items():
        if not os.path.ismount(path):
            with contextlib.suppress(OSError):
                linux.mount("sandbox", path, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)


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


def used_by(folder: str) -> int:
    """Bytes that lie in it. A mount of its own knows; elsewhere the files are counted."""
    if os.path.ismount(folder):
        state = os.statvfs(folder)
        return (state.f_blocks - state.f_bfree) * state.f_frsize
    return sum(_size(os.path.join(at, name)) for at, _, names in os.walk(folder) for name in names)


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_blocks * 512
    except OSError:
        return 0  # it was there a moment ago


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
