"""A sandbox's files as one stream, and back: what snapshot, restore and fork are made of.

    4 bytes length of the entry, entry (JSON), its data, 4 bytes, entry, data, ...

The walk is done with the keeper's rights while hostile processes may still be at work, so
it goes from folder to folder by descriptor and follows no symbolic link.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import struct
from collections.abc import Callable, Mapping
from typing import Any

from . import linux

Entry = dict[str, Any]
Places = Mapping[str, str]  # the first part of an entry's path, and where that lies
OWN = -1  # stands for the sandbox's own uid or gid, which another sandbox has another of
_DEEPEST = 150  # folders within folders; each level holds a descriptor open
_ZEROS = bytes(1 << 16)


class Full(OSError):
    """The files are more than there is room for."""


class Packer:
    """Writes everything below some places into a file of at most ``room``."""

    def __init__(self, target: int, room: int, uid: int) -> None:
        self._target, self._room, self._uid = target, room, uid
        self._links: dict[int, str] = {}

    def pack(self, places: Places) -> None:
        for name, place in places.items():
            folder = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
            try:
                self._folder(folder, name, 0)
            finally:
                os.close(folder)

    def _folder(self, folder: int, path: str, depth: int) -> None:
        self._entry(path, "folder", os.fstat(folder), opaque=_is_opaque(folder))
        if depth > _DEEPEST:
            raise OSError(errno.ELOOP, "folders are nested too deep for a snapshot")
        for name in sorted(os.listdir(folder)):
            try:
                self._one(folder, name, f"{path}/{name}", depth)
            except FileNotFoundError:  # a process that still runs has removed it
                continue

    def _one(self, folder: int, name: str, path: str, depth: int) -> None:
        state = os.stat(name, dir_fd=folder, follow_symlinks=False)
        kind = stat.S_IFMT(state.st_mode)
        if kind == stat.S_IFDIR:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
            inner = os.open(name, flags, dir_fd=folder)
            try:
                self._folder(inner, path, depth + 1)
            finally:
                os.close(inner)
        elif kind == stat.S_IFLNK:
            self._entry(path, "link", state, to=os.readlink(name, dir_fd=folder))
        elif kind == stat.S_IFIFO:
            self._entry(path, "pipe", state)
        elif kind == stat.S_IFCHR and state.st_rdev == 0:
            self._entry(path, "whiteout", state)
        elif kind == stat.S_IFREG and state.st_nlink > 1 and state.st_ino in self._links:
            self._entry(path, "same", state, to=self._links[state.st_ino])
        elif kind == stat.S_IFREG:
            self._links[state.st_ino] = path
            self._file(folder, name, path)

    def _file(self, folder: int, name: str, path: str) -> None:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        file = os.open(name, flags, dir_fd=folder)
        try:
            state = os.fstat(file)
            if not stat.S_ISREG(state.st_mode):
                return
            extents = _extents(file, state.st_size)
            self._entry(path, "file", state, size=state.st_size, extents=extents)
            for start, length in extents:
                self._data(file, start, length)
        finally:
            os.close(file)

    def _entry(self, path: str, kind: str, state: os.stat_result, **more: Any) -> None:
        owners = [OWN if number == self._uid else number for number in (state.st_uid, state.st_gid)]
        entry = {"path": path, "kind": kind, "mode": stat.S_IMODE(state.st_mode), "own": owners}
        text = json.dumps({**entry, "time": state.st_mtime_ns, **more}).encode()
        self._take(4 + len(text))
        _write(self._target, struct.pack(">I", len(text)) + text)

    def _data(self, file: int, start: int, length: int) -> None:
        self._take(length)
        while length:
            count = os.sendfile(self._target, file, start, length)
            if not count:  # it shrank meanwhile; the entry's length was promised
                count = os.write(self._target, _ZEROS[:length])
            start, length = start + count, length - count

    def _take(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise Full(errno.ENOSPC, "the snapshots take more room than the sandbox's disk")


def unpack(
    source: int, places: Places, uid: int, keep: Callable[[Entry], bool] = lambda _: True
) -> None:
    """Lay those files of a stream that ``keep`` is true for into fresh places. It may change an
    entry; ``content`` is then the path of another file that the content comes from."""
    folders: list[Entry] = []
    os.lseek(source, 0, os.SEEK_SET)
    while length := os.read(source, 4):
        entry: Entry = json.loads(os.read(source, struct.unpack(">I", length)[0]))
        data = os.lseek(source, 0, os.SEEK_CUR)
        end = data + sum(size for _, size in entry.get("extents", ()))
        if keep(entry):
            _make(source, entry, places)
            if entry["kind"] == "folder":
                folders.append(entry)
            else:
                _dress(entry, places, uid)
        os.lseek(source, end, os.SEEK_SET)
    for entry in reversed(folders):  # last, for each file laid inside changes a folder's time
        _dress(entry, places, uid)


def _at(path: str, places: Places) -> str:
    """Where an entry's path leads."""
    place, separator, below = path.partition("/")
    return places[place] + separator + below


def _make(source: int, entry: Entry, places: Places) -> None:
    path = _at(entry["path"], places)
    if entry["kind"] == "folder":
        os.makedirs(path, exist_ok=True)
        if entry["opaque"]:
            os.setxattr(path, _opaque(), b"y")
    elif entry["kind"] == "link":
        os.symlink(entry["to"], path)
    elif entry["kind"] == "pipe":
        os.mkfifo(path)
    elif entry["kind"] == "whiteout":
        os.mknod(path, stat.S_IFCHR, os.makedev(0, 0))
    elif "content" in entry:
        shutil.copyfile(entry["content"], path, follow_symlinks=False)
    elif entry["kind"] == "same":
        os.link(_at(entry["to"], places), path)
    else:
        _make_file(source, path, entry)


def _make_file(source: int, path: str, entry: Entry) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        os.ftruncate(file, entry["size"])
        for start, length in entry["extents"]:
            os.lseek(file, start, os.SEEK_SET)
            while length:
                length -= os.sendfile(file, source, None, length)
    finally:
        os.close(file)


def _dress(entry: Entry, places: Places, uid: int) -> None:
    """Owners, mode and time, as they were."""
    path = _at(entry["path"], places)
    owner, group = (uid if number == OWN else number for number in entry["own"])
    os.chown(path, owner, group, follow_symlinks=False)
    if entry["kind"] not in ("link", "whiteout"):
        os.chmod(path, entry["mode"])
    os.utime(path, ns=(entry["time"], entry["time"]), follow_symlinks=False)


def _opaque() -> str:
    """The mark of a folder that hides what the layer below has there."""
    kind = "trusted" if linux.in_first_user_namespace() else "user"
    return f"{kind}.overlay.opaque"


def _is_opaque(folder: int) -> bool:
    try:
        return os.getxattr(folder, _opaque()) == b"y"
    except OSError:
        return False


def _extents(file: int, size: int) -> list[tuple[int, int]]:
    """(start, length) of the parts of a file that hold data: holes cost nothing."""
    found: list[tuple[int, int]] = []
    end = 0
    while end < size:
        try:
            start = os.lseek(file, end, os.SEEK_DATA)
        except OSError:  # only a hole is left
            break
        end = min(os.lseek(file, start, os.SEEK_HOLE), size)
        if end <= start:
            break
        found.append((start, end - start))
    return found


def _write(target: int, data: bytes) -> None:
    while data:
        data = data[os.write(target, data) :]
