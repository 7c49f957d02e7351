"""``smallbench new KIND NAME``: a package to go on from, which passes its own tests."""

from __future__ import annotations

import argparse
from pathlib import Path

from pytest_smallbench.registry import installed
from pytest_smallbench.scaffold import writing
from pytest_smallbench.scaffold.names import named


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    new = commands.add_parser("new", help="Write a package that brings a benchmark of your own")
    new.add_argument("kind", choices=writing.kinds(), help="What the package brings")
    new.add_argument("name", metavar="NAME", help="Its name, such as my-bench")
    new.add_argument(
        "--output", type=Path, metavar="DIR", help="Folder to write (default: NAME here)"
    )
    new.set_defaults(run=run)


def run(given: argparse.Namespace) -> list[str]:
    """Raises UsageMistake for a bad name and for a folder that is there already."""
    names = named(given.name, frozenset(installed().names(given.kind)))
    folder = given.output or Path(names.name)
    written = writing.write(given.kind, names, folder)
    return [
        *(str(folder / path) for path in written),
        "",
        f"next: cd {folder} && pip install -e . && pytest",
    ]
