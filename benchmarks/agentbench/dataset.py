"""AgentBench's data sets: generated tasks, a folder of published records, plain records.

The controller opens a data set; what is not generated it writes to a file of records in the
cache, from which workers read single records by their offset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pytest_smallbench import record_file
from pytest_smallbench.contracts import Say, TaskEntry, TaskIndex
from pytest_smallbench.errors import UsageMistake

from . import generated
from .entries import entry_of
from .plain import PlainRecord
from .worlds import Record

DEFAULT_SOURCE = generated.DEFAULT
OTHERS = (
    f"{DEFAULT_SOURCE} (default), a folder of published records, or a .jsonl or .jsonl.gz "
    "file of {task_id, environment, instruction, expected_output}"
)
SPLITS = {"std": "test", "standard": "test", "valid_seen": "test", "valid_unseen": "test"}
"""Names that published splits go by, and the one of --smallbench-split that means them."""


@dataclass(frozen=True)
class DataSet:
    """An opened data set: all its tasks in their own order, and which split each is of.

    ``records`` is the file that the entries point into, empty where they are generated;
    ``plain``: the records are of the seed's form.
    """

    source: str
    revision: str
    entries: tuple[TaskEntry, ...]
    records: str = ""
    splits: Mapping[str, str] = field(default_factory=dict)
    plain: bool = False


def open_dataset(source: str, values: Mapping[str, str], cache: Path, say: Say) -> DataSet:
    """The data set that ``source`` names; ``values`` are the checked own settings.

    Raises UsageMistake, in one line, for whatever is wrong with it. Never falls back.
    """
    made = generated.parsed(source)
    if made is not None:
        return DataSet(str(made), "", tuple(made.entries(values["difficulty"])))
    path = Path(source).expanduser()
    if path.is_dir():
        from .published import read_folder

        return _stored(str(path.absolute()), "", read_folder(path, values, say), cache)
    from .plain_source import read_plain

    name, revision, records = read_plain(source, OTHERS, say)
    return _stored(name, revision, records, cache, plain=True)


def read_record(index: TaskIndex, entry: TaskEntry, values: Mapping[str, str]) -> Record:
    """One record, on a worker. Raises GradingError where its file is no longer the same."""
    if not index.records:
        return generated.make(entry.id, values)
    fields = record_file.read(Path(index.records), entry)
    return PlainRecord(**fields) if fields.pop("plain") else Record(**fields)


def folder_of(index: TaskIndex) -> Path | None:
    """The folder that the records come from, if they come from one."""
    path = Path(index.source)
    return path if path.is_absolute() and path.is_dir() else None


def _stored(
    source: str, revision: str, records: Sequence[Record], cache: Path, plain: bool = False
) -> DataSet:
    if not records:
        raise UsageMistake(f"dataset {source} is empty: it holds no record")
    lines = ({**asdict(record), "plain": isinstance(record, PlainRecord)} for record in records)
    path, digest, places = record_file.write(cache / "agentbench" / "datasets", lines)
    entries = [
        entry_of(record.id, record.environment, record.difficulty, place)
        for record, place in zip(records, places, strict=True)
    ]
    splits = {record.id: SPLITS.get(record.split, record.split) for record in records}
    return DataSet(source, revision or f"sha256:{digest}", tuple(entries), str(path), splits, plain)
