"""Carries what a separate verifier may see from the agent's container into its own.

The agent made these files: links that lead out of an artifact, devices and set-uid bits stay
behind, and so does what is too large.
"""

from __future__ import annotations

import copy
import fnmatch
import io
import posixpath
import tarfile
import tempfile
from collections.abc import Sequence
from typing import IO

from pytest_smallbench.errors import Unresolved

from .container import Container
from .task import Artifact

USUAL = Artifact("/logs/artifacts")
LARGEST = 1 << 30  # bytes of one artifact


def carry(artifacts: Sequence[Artifact], source: Container, target: Container) -> None:
    """Each lands where it lay. One that is not there is left out: the verifier decides."""
    declared = {artifact.source.rstrip("/") for artifact in artifacts}
    usual = () if USUAL.source in declared else (USUAL,)
    for artifact in (*usual, *artifacts):
        with tempfile.TemporaryFile() as packed, tempfile.TemporaryFile() as cleaned:
            if _spooled(source, artifact, packed):
                _clean(packed, cleaned, artifact)
                target.put(cleaned)


def _spooled(source: Container, artifact: Artifact, packed: IO[bytes]) -> bool:
    """Whether there is one."""
    with source.get(artifact.source) as chunks:
        if chunks is None:
            return False
        size = 0
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                raise Unresolved(
                    f"the artifact {artifact.source} is larger than {LARGEST >> 20} MiB"
                )
            packed.write(chunk)
    packed.seek(0)
    return True


def _clean(packed: IO[bytes], cleaned: IO[bytes], artifact: Artifact) -> None:
    root = artifact.source.strip("/")
    with (
        tarfile.open(fileobj=packed, mode="r:") as before,
        tarfile.open(fileobj=cleaned, mode="w") as after,
    ):
        for entry in before:
            inside = entry.name.partition("/")[2]
            if inside and _excluded(inside, artifact.exclude):
                continue
            kept = _kept(entry, inside, root)
            if kept is not None:
                content = before.extractfile(entry) if entry.isreg() else None
                after.addfile(kept, content or io.BytesIO())
    cleaned.seek(0)


def _kept(entry: tarfile.TarInfo, inside: str, root: str) -> tarfile.TarInfo | None:
    """The entry as the verifier gets it, owned by root and readable for its user."""
    if not (entry.isreg() or entry.isdir() or _leads_inside(entry, inside)):
        return None
    kept = copy.copy(entry)
    kept.name = f"{root}/{inside}" if inside else root
    if entry.islnk():
        kept.linkname = f"{root}/{entry.linkname.partition('/')[2]}"
    kept.uid = kept.gid = 0
    kept.uname = kept.gname = "root"
    kept.mode = (entry.mode & 0o777) | (0o555 if entry.isdir() else 0o444)
    return kept


def _leads_inside(entry: tarfile.TarInfo, inside: str) -> bool:
    if entry.islnk():
        return True  # the engine names other entries of the same archive only
    if not entry.issym() or not inside or entry.linkname.startswith("/"):
        return False
    led = posixpath.normpath(posixpath.join(posixpath.dirname(inside), entry.linkname))
    return led != ".." and not led.startswith("../")


def _excluded(inside: str, patterns: Sequence[str]) -> bool:
    """As ``tar --exclude`` has it: a pattern may match any part of a path, to its end."""
    parts = inside.split("/")
    ends = range(1, len(parts) + 1)
    starts = range(len(parts))
    return any(
        fnmatch.fnmatchcase("/".join(parts[start:end]), pattern.strip("/"))
        for pattern in patterns
        for end in ends
        for start in starts
        if start < end
    )
