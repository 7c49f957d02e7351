"""Trajectories made to travel inside the page: steps as JSON, deflated, in base64.

The page inflates one when it is opened, so that megabytes of them cost nothing before.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_smallbench.reports.formatting import plural
from pytest_smallbench.reports.html.reading import steps
from pytest_smallbench.reports.shape import ResultRecord
from pytest_smallbench.trajectory import read_events, trajectory_path

FILE_LIMIT = 20_000_000  # bytes of a trajectory that is read at all
PAGE_LIMIT = 40_000_000  # characters of all trajectories in one page
LEVEL = 9


@dataclass(frozen=True)
class Embedded:
    """A trajectory for the page, or why there is none in it."""

    packed: str = ""
    absence: str = ""


def embed(folder: Path, results: Sequence[ResultRecord]) -> Iterator[Embedded]:
    """One for each result, in order; ``folder`` holds ``trajectories/``."""
    left = PAGE_LIMIT
    for result in results:
        found = _embedded(folder, result["trajectory"])
        if len(found.packed) > left:
            told = f"the page is full; it is in {result['trajectory']}"
            found = Embedded(absence=told)
        left -= len(found.packed)
        yield found


def _embedded(folder: Path, name: str) -> Embedded:
    if not name:
        return Embedded(absence="this attempt has no trajectory")
    path = trajectory_path(folder, name)
    if path is None:
        return Embedded(absence=f"there is no file {name} beside this report")
    size = path.stat().st_size
    if size > FILE_LIMIT:
        return Embedded(absence=f"too long for this page ({plural(size, 'byte')}): see {name}")
    try:
        return Embedded(pack(path))
    except (OSError, UnicodeDecodeError) as error:
        return Embedded(absence=f"{name} cannot be read: {error}")


def pack(path: Path) -> str:
    """Raises OSError or UnicodeDecodeError for a file that cannot be read."""
    text = json.dumps(steps(read_events(path)), separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), LEVEL)).decode()
