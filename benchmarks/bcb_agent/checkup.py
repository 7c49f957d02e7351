"""What the doctor looks at for BCB-Agent: the data set, a Python for each environment, and
what the environments that are built lack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_smallbench.contracts import Check
from pytest_smallbench.settings import Settings

from .dataset import DEFAULT_SOURCE, is_cached
from .grading_environment import built
from .images import Lock, corpora, find_lock
from .images.interpreters import find

LOCKS = ("mini", "reference", "current")


def checkup(settings: Settings, cache: Path) -> Sequence[Check]:
    locks = [find_lock(name) for name in LOCKS]
    return [
        _data(cache),
        *map(_python, locks),
        *(check for lock in locks for check in _environments(lock, cache)),
    ]


def _data(cache: Path) -> Check:
    return Check(
        f"data set {DEFAULT_SOURCE}",
        is_cached(DEFAULT_SOURCE, cache),
        "in the cache" if is_cached(DEFAULT_SOURCE, cache) else "not fetched yet",
        "the first run fetches it where the hub can be reached; without it use "
        "--smallbench-dataset=FILE or --smallbench-dataset=mini",
    )


def _python(lock: Lock) -> Check:
    wanted = " or ".join(lock.pythons) or "3.10 or newer"
    found = find(lock.pythons) if lock.pythons else None
    there = found is not None or not lock.pythons
    return Check(
        f"Python for the grading environment {lock.name}",
        there,
        f"Python {found.version}" if found else "this one" if there else f"no Python {wanted}",
        f"install Python {wanted}, or name one with --smallbench-base-python=PATH",
    )


def _environments(lock: Lock, cache: Path) -> Iterator[Check]:
    """What the environments that were built can do; one that was not is no fault."""
    for folder in built(lock, cache):
        yield _libraries(folder)
        if "nltk" in lock.modules():
            yield _corpora(folder)


def _libraries(folder: Path) -> Check:
    broken = json.loads((folder / "environment.json").read_text())["broken"]
    return Check(
        f"libraries of {folder.name}",
        not broken,
        f"cannot import {'; '.join(broken)}" if broken else "all can be imported",
        f"install what they lack, delete {folder}; the next run builds it anew",
    )


def _corpora(folder: Path) -> Check:
    found, wanted = len(corpora.present(folder)), len(corpora.CORPORA)
    missing = f"{found} of {wanted}, so tasks that need the others are skipped"
    return Check(
        f"NLTK corpora of {folder.name}",
        found == wanted,
        "all there" if found == wanted else missing,
        f"{corpora.how_to_add(str(folder / 'bin' / 'python'), folder)}, "
        "then check the tasks again with --smallbench-validate=2",
    )
