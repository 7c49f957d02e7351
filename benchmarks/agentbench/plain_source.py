"""Plain records as a data set: a JSON lines file, or the hub."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.record_sources import open_source

from .plain import PlainRecord, plain_record


def read_plain(source: str, others: str, say: Say) -> tuple[str, str, list[PlainRecord]]:
    """(the source's name, its revision or nothing, the records in their order).

    ``others`` says what else could be given. Raises UsageMistake, file, line and field.
    """
    opened = open_source(source, others, say)
    return opened.name, opened.revision, _records(opened.pairs)


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
