"""python -m pytest_smallbench.benchmarks.agentbench.convert CHECKOUT FOLDER

Reads the data of a checkout of the original AgentBench (branch v0.2 or main) and writes a
folder of published records for --smallbench-dataset=FOLDER.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pytest_smallbench.errors import UsageMistake

from .conversion import card_tasks, db_tasks, kg_tasks, lateral_tasks, os_tasks
from .conversion.original import Raw

Converter = Callable[[Path], Mapping[str, Sequence[Raw]]]
CONVERTERS: Mapping[str, Converter] = {
    "os": os_tasks.convert,
    "db": db_tasks.convert,
    "kg": kg_tasks.convert,
    "lateral": lateral_tasks.convert,
    "card": card_tasks.convert,
}
NOT_HERE = {
    "house": "the games are a download of ALFWorld's own, not in the checkout",
    "web": "the products are a download of WebShop's own, not in the checkout",
}


def convert(checkout: Path, folder: Path) -> dict[str, int]:
    """Writes a file an environment and split; their names and how many records each has.

    Raises UsageMistake, before anything is written, where something in the checkout is wrong.
    """
    data = checkout / "data"
    if not data.is_dir():
        raise UsageMistake(f"{checkout}: no folder 'data' in it; name a checkout of AgentBench")
    found = {
        f"{environment}_{'tasks' if environment == 'card' else split}.jsonl": list(records)
        for environment, converter in CONVERTERS.items()
        for split, records in _merged(environment, converter(data)).items()
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, records in found.items():
            lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
            (folder / name).write_text("".join(lines), "utf-8")
    except OSError as error:
        raise UsageMistake(f"{folder} cannot be written: {error.strerror}") from None
    return {name: len(records) for name, records in found.items()}


def _merged(environment: str, splits: Mapping[str, Sequence[Raw]]) -> Mapping[str, Sequence[Raw]]:
    """The card games of all splits are one file."""
    if environment != "card":
        return splits
    return {"tasks": [record for records in splits.values() for record in records]}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m pytest_smallbench.benchmarks.agentbench.convert",
        description="Writes a folder of published records from a checkout of AgentBench.",
    )
    parser.add_argument("checkout", type=Path, metavar="CHECKOUT")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    options = parser.parse_args(arguments)
    try:
        written = convert(options.checkout, options.folder)
    except UsageMistake as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    for name, count in written.items():
        print(f"{name}: {count} records")
    for environment, reason in NOT_HERE.items():
        print(f"{environment}: not written, {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
