"""Where plain records come from: a JSON lines file, or the hub."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from pytest_smallbench import record_sources as sources
from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import UsageMistake

from .plain import PlainRecord, plain_record


def read_plain(source: str, others: str, say: Say) -> tuple[str, str, list[PlainRecord]]:
    """(the source's name, its revision or nothing, the records in their order).

    ``others`` says what else could be given. Raises UsageMistake, file, line and field.
    """
    if not Path(source).expanduser().exists():
        hub = sources.hub_id(source)
        if hub is not None:
            return _from_hub(sources.HubSource(hub[0], hub[1] or "main", others=others), say)
        if not source.endswith(sources.SUFFIXES) and os.sep not in source:
            raise UsageMistake(
                f"--smallbench-dataset={source}: no such file, and no hub id (owner/name); "
                f"give {others}"
            )
    lines = (
        pair
        for name, content in sources.local_files(source)
        for pair in sources.parsed_lines(name, content)
    )
    return source, "", _records(lines)


def _from_hub(source: sources.HubSource, say: Say) -> tuple[str, str, list[PlainRecord]]:
    source = sources.pinned(source)
    say(f"fetching {source.id} (revision {source.revision[:12]}) from the hub")
    return source.id, source.revision, _records(sources.hub_rows(source))


def _records(pairs: Iterable[tuple[str, object]]) -> list[PlainRecord]:
    seen: dict[str, str] = {}
    records = []
    for index, (where, raw) in enumerate(pairs):
        record = plain_record(raw, index, where)
        if record.id in seen:
            raise UsageMistake(
                f"{where}: field 'task_id': {record.id} is already that of {seen[record.id]}"
            )
        seen[record.id] = where
        records.append(record)
    return records
