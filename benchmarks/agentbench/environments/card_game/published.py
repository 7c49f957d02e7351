"""The published games: ``card_*.jsonl`` (or .gz) in a folder of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.record_sources import SUFFIXES, content, parsed_lines
from pytest_smallbench.selection import natural_key

from ...worlds import Record
from .deals import deal_of

INSTRUCTION = "Win a game of Aquawar."
EXPECTED = "win"
_RULES_TABLE = "card_fish."  # lies in the same folders; the rules here are the project's own
_TEST_SPLITS = ("std", "standard")


def read(folder: Path) -> Iterable[Record]:
    """Every game, in natural order.

    A record has ``id``, and may have ``split`` (dev or std), ``opponent`` (baseline1 or
    baseline2), ``agent_player`` (0 moves first), ``seed``, ``my_team`` and ``enemy_team`` (four
    different fish each, ``imitator:NAME`` for an imitator). Raises UsageMistake.
    """
    records = [record for path in sorted(folder.glob("card_*")) for record in _records(path)]
    _distinct(records)
    return sorted((record for _, record in records), key=lambda record: natural_key(record.id))


def _records(path: Path) -> Iterator[tuple[str, Record]]:
    if path.name.endswith(SUFFIXES) and not path.name.startswith(_RULES_TABLE):
        for where, raw in parsed_lines(str(path), content(path, str(path))):
            yield where, _record(raw, where)


def _distinct(records: Iterable[tuple[str, Record]]) -> None:
    seen: dict[str, str] = {}
    for where, record in records:
        if record.id in seen:
            raise UsageMistake(f"{where}: field 'id' is already that of {seen[record.id]}")
        seen[record.id] = where


def _record(raw: object, where: str) -> Record:
    if not isinstance(raw, Mapping):
        raise UsageMistake(f"{where}: a record must be a JSON object")
    own_id = _text(raw, "id", where)
    split = _text(raw, "split", where) if "split" in raw else "std"
    deal = deal_of(raw, where)
    own_id = own_id.removeprefix("card-").removeprefix(f"{split}-")
    return Record(
        id=f"card/{split}-{own_id}",
        environment="card",
        instruction=INSTRUCTION,
        expected_output=EXPECTED,
        data=deal.data(),
        split="test" if split in _TEST_SPLITS else split,
    )


def _text(raw: Mapping[str, object], name: str, where: str) -> str:
    value = raw.get(name)
    # Half a surrogate pair is a legal escape in JSON and can be written nowhere.
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise UsageMistake(f"{where}: field {name!r} must be a text")
    return value
