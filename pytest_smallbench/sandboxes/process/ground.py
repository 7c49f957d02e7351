"""What a keeper stands on: how runs are kept apart, and where their files lie.

    namespaces.py             on a machine's own kernel: each run in namespaces of its own
    ../guest/container.py     in a container, which is the only wall there is

The keeper, the shells, the clock and the reports are the same on both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .child import Job
    from .privileges import Limits


class Refused(Exception):
    """The request cannot be carried out, for a reason that the client is told."""


class Meter(Protocol):
    """What the processes of one run use, seen from outside."""

    def exceeds(self, limit: int, files: int) -> bool:
        """Whether they and ``files`` take more memory than ``limit``, in bytes."""

    def crowd(self) -> int:
        """How many processes there are."""

    def cpu_s(self) -> float: ...

    def enforced(self) -> str:
        """A limit that the kernel itself has ended a process for, or an empty string."""

    def close(self) -> None: ...


class Laid(Protocol):
    """The files of one sandbox: made, packed into a stream, made anew."""

    is_system: bool
    uid: int

    def make(self, stream: int | None = None, *, sealed: bool = False) -> None:
        """Lay them: nothing but those of ``stream``."""

    def clear(self) -> None:
        """Take them all away. No process of the sandbox is left."""

    def pack(self, stream: int, room: int) -> None:
        """Write all of them into ``stream``, ``room`` bytes at most. Raises OSError."""

    def folder(self, path: str | None) -> str:
        """The absolute path of a folder that may be given from the working folder."""


class Ground(Protocol):
    def limits(self, told: Mapping[str, int | str]) -> Limits:
        """The client's limits, with what is known here."""

    def settle(self, limits: Limits) -> Laid:
        """Lay the files of the sandbox and keep all else out of reach. Raises Refused."""

    def renew(self, box: Laid) -> None:
        """End all, clear all, and lay it anew. Raises Refused where that is not enough."""

    def kept_at(self, path: str) -> str:
        """Where the keeper itself writes what a run sees as ``path`` in RUN, read-only."""

    def used(self) -> int:
        """Bytes that the sandbox's files take."""

    def enter(self, limits: Limits) -> None:
        """In a helper for files: see what a run would see."""

    def start(self, job: Job, outputs: tuple[int, int], control: int) -> int:
        """Fork the first process of a run (child.first) and return its pid."""

    def joined(self, first: int) -> list[int]:
        """Descriptors of what a fork of the zygote has to join to be part of that run."""

    def meter(self, first: int, job: Job) -> Meter: ...

    def end(self, first: int, job: Job) -> float:
        """End every process of the run; the CPU seconds of the first and of all it has buried."""
