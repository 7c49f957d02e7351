"""Which tasks of a benchmark a run takes: the part that is the same for all benchmarks.

The same options give the same tasks in the same order on every worker and machine.
"""

from __future__ import annotations

import difflib
import fnmatch
import hashlib
import re
from collections.abc import Mapping, Sequence

from pytest_smallbench.contracts import TaskEntry
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.settings import Settings


def select(
    entries: Sequence[TaskEntry],
    *,
    category: Sequence[str] = (),
    task: str | None = None,
    sample: int | None = None,
    limit: int | None = None,
    seed: int = 0,
    natural: bool = True,
) -> list[TaskEntry]:
    """The chosen entries in natural order, or with ``natural`` False in the order they come
    in: category, then task, then sample, then limit.

    ``category`` names are compared without regard to case; ``task`` is a shell glob on the
    id (``*``, ``?``). Raises UsageMistake where a category or glob matches nothing.
    """
    chosen = list(entries)
    if natural:
        chosen.sort(key=lambda entry: natural_key(entry.name))
    if category:
        chosen = _of_categories(chosen, category)
    if task is not None:
        chosen = _matching(chosen, task)
    if sample is not None:
        chosen = _sampled(chosen, sample, seed)
    return chosen if limit is None else chosen[:limit]


def of_split(
    entries: Sequence[TaskEntry], splits: Mapping[str, str], split: str, source: str
) -> list[TaskEntry]:
    """The entries of that split, all of them for ``all``; ``splits`` says by task id which
    each is of, if any. Raises UsageMistake where there are none."""
    if split == "all":
        return list(entries)
    found = [entry for entry in entries if splits.get(entry.id) == split]
    if not found:
        known = sorted(set(splits.values()) - {""})
        there = f"there are {', '.join(known)}" if known else "its tasks are in no split"
        raise UsageMistake(f"--smallbench-split={split}: none in {source}; {there}")
    return found


def words(settings: Settings) -> list[str]:
    """What ``select`` was asked for, in words, each option given one of them."""
    said = []
    if settings.categories:
        said.append(f"category {', '.join(settings.categories)}")
    if settings.task:
        said.append(f"task {settings.task}")
    if settings.sample:
        said.append(f"sample of {settings.sample} by seed {settings.seed}")
    if settings.limit:
        said.append(f"limit {settings.limit}")
    return said


def natural_key(text: str) -> tuple[tuple[int, str], ...]:
    """Sorts numbers by value: ``a/2`` before ``a/10``. Total: unequal texts never tie."""
    parts = re.split(r"([0-9]+)", text)
    numbered = ((int(part), part) if at % 2 else (-1, part) for at, part in enumerate(parts))
    return tuple(numbered)


def _of_categories(entries: list[TaskEntry], wanted: Sequence[str]) -> list[TaskEntry]:
    known = {entry.category.lower(): entry.category for entry in entries}
    for name in wanted:
        if name.lower() not in known:
            raise UsageMistake(
                f"--smallbench-category={name}: no task is in it; "
                f"there are: {', '.join(sorted(known.values()))}"
            )
    names = {name.lower() for name in wanted}
    return [entry for entry in entries if entry.category.lower() in names]


def _matching(entries: list[TaskEntry], glob: str) -> list[TaskEntry]:
    # Brackets stand for themselves: item names end in [instruct] or [2].
    pattern = re.compile(fnmatch.translate(glob.replace("[", "[[]")))
    found = [entry for entry in entries if pattern.match(entry.id)]
    if found:
        return found
    ids = [entry.id for entry in entries]
    near = difflib.get_close_matches(glob, ids, n=3) or ids[:3]
    raise UsageMistake(
        f"--smallbench-task={glob}: none of the {len(ids)} tasks matches; "
        f"the nearest are: {', '.join(near)}"
    )


def _sampled(entries: list[TaskEntry], size: int, seed: int) -> list[TaskEntry]:
    """``size`` entries drawn by ``seed``; a larger sample contains the smaller one.

    By hash and not by ``random``, whose draws may change between Python versions.
    """

    def drawn(entry: TaskEntry) -> bytes:
        return hashlib.sha256(f"{seed}:{entry.name}".encode()).digest()

    taken = {entry.name for entry in sorted(entries, key=drawn)[:size]}
    return [entry for entry in entries if entry.name in taken]
