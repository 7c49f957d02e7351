"""Files of records, and data sets on the hub: (where, raw record) pairs for any benchmark.

``where`` names file and line, so that a broken record can be told by its place. Whatever is
wrong raises UsageMistake in one line; nothing ever falls back.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.selection import natural_key

SUFFIXES = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True)
class OpenedSource:
    """``revision`` is a hub data set's commit, empty for local files; ``pairs`` can be read
    once."""

    name: str
    revision: str
    pairs: Iterator[tuple[str, object]]


def open_source(source: str, others: str, say: Say) -> OpenedSource:
    """A local file or folder, or else a hub id (``@revision`` may follow).

    ``others`` says what else could be given. Raises UsageMistake, also while it is read.
    """
    if not Path(source).expanduser().exists():
        hub = hub_id(source)
        if hub is not None:
            return _open_hub(HubSource(hub[0], hub[1] or "main", others=others), say)
        if not source.endswith(SUFFIXES) and os.sep not in source:
            raise UsageMistake(
                f"--smallbench-dataset={source}: no such file, and no hub id (owner/name); "
                f"give {others}"
            )
    files = local_files(source)
    pairs = (pair for name, data in files for pair in parsed_lines(name, data))
    return OpenedSource(source, "", pairs)


def _open_hub(source: HubSource, say: Say) -> OpenedSource:
    source = pinned(source)
    say(f"fetching {source.id} (revision {source.revision[:12]}) from the hub")
    return OpenedSource(source.id, source.revision, iter(hub_rows(source)))


# -- local files ------------------------------------------------------------------


def local_files(source: str) -> list[tuple[str, bytes]]:
    """(name, bytes after decompression) of the file, or of each in the folder, sorted."""
    path = Path(source).expanduser()
    if not path.is_dir():
        return [(source, content(path, source))]
    found = [child for child in path.iterdir() if child.name.endswith(SUFFIXES)]
    if not found:
        raise UsageMistake(f"dataset folder {path} holds no .jsonl or .jsonl.gz file")
    found.sort(key=lambda child: natural_key(child.name))
    return [(str(child), content(child, str(child))) for child in found]


def content(path: Path, name: str) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.name.endswith(".gz") else data
    except FileNotFoundError:
        raise UsageMistake(f"dataset {name}: no such file or folder") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UsageMistake(f"dataset {name} is not a whole gzip file: {error}") from None
    except OSError as error:
        raise UsageMistake(f"dataset {name} cannot be read: {error.strerror}") from None


def parsed_lines(name: str, data: bytes) -> Iterator[tuple[str, object]]:
    """(``file:line``, parsed JSON) of each line that is not blank. Raises UsageMistake."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            where = f"{name}:{number}"
            yield where, _parsed(where, line)


def _parsed(where: str, line: bytes) -> object:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageMistake(
            f"{where}: not UTF-8 text (byte {error.start + 1} of the line)"
        ) from None
    except json.JSONDecodeError as error:
        raise UsageMistake(f"{where}: not JSON: {error.msg} (column {error.colno})") from None
    except RecursionError:
        raise UsageMistake(f"{where}: not a record: JSON nested too deeply") from None


# -- the hub ----------------------------------------------------------------------


@dataclass(frozen=True)
class HubSource:
    """A hub data set at one revision: a commit, or a branch or tag (see ``pinned``).

    ``split`` is read, or every split where it is empty; ``others`` says what else
    --smallbench-dataset takes, for the error where the hub cannot be reached."""

    id: str
    revision: str
    split: str = ""
    others: str = ""

    def __str__(self) -> str:
        return f"{self.id}@{self.revision}"


def hub_id(text: str) -> tuple[str, str] | None:
    """``owner/name`` or ``owner/name@revision`` in two; None if it is neither."""
    match = re.fullmatch(r"([\w.-]+/[\w.-]+?)(?:@([\w./-]+))?", text)
    if match is None or text.endswith(SUFFIXES) or text.startswith((".", "/")):
        return None
    return match[1], match[2] or ""


def pinned(source: HubSource) -> HubSource:
    """The source at a commit: a branch moves, and what is cached must not."""
    if re.fullmatch(r"[0-9a-f]{40}", source.revision):
        return source
    _offline_if_unreachable()
    try:
        from huggingface_hub import HfApi  # comes with datasets, and is as slow to import

        found = HfApi().dataset_info(source.id, revision=source.revision).sha
    except Exception as error:  # whatever the hub client raises
        raise UsageMistake(_unreachable(source, error)) from error
    return replace(source, revision=found or source.revision)


def hub_rows(source: HubSource) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The rows of a hub data set, through ``datasets``, which keeps a cache of its own. Where
    every split is read, a row without a field ``split`` gets it.

    Raises UsageMistake when it cannot be had, whatever the reason; never falls back.
    """
    _offline_if_unreachable()
    try:
        # Seconds and 150 MB: only where a set is fetched, on the controller.
        import datasets  # type: ignore[import-untyped]  # it brings no types

        split = source.split or None
        found = datasets.load_dataset(source.id, revision=source.revision, split=split)
    except Exception as error:  # the hub client's own, its transport's, pyarrow's, OSError ...
        raise UsageMistake(_unreachable(source, error)) from error
    parts = {source.split: found} if source.split else found
    for name, rows in parts.items():
        within = "" if source.split else f" {name}"
        for number, row in enumerate(rows):
            yield f"{source}{within} row {number}", row if source.split else {"split": name, **row}


def _offline_if_unreachable() -> None:
    """The hub's client would retry for half a minute and print each try; told that it is
    offline it takes the copy that it may have, or says no at once."""
    if not _reachable():
        os.environ.setdefault("HF_HUB_OFFLINE", "1")


def _reachable() -> bool:
    """Whether the hub answers at all; any HTTP status is an answer."""
    import urllib.error  # these two bring http, ssl and email along, which no worker needs
    import urllib.request

    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
    try:
        with urllib.request.urlopen(endpoint, timeout=10):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False


def _unreachable(source: HubSource, error: Exception) -> str:
    said = " ".join(str(error).split())[:160]
    split = f", split {source.split}" if source.split else ""
    return (
        f"dataset {source.id} (revision {source.revision[:12]}{split}) cannot be had "
        f"from the hub: {type(error).__name__}: {said}; use --smallbench-dataset= with "
        f"{source.others}"
    )
