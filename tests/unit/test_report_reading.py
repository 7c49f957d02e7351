"""A report.json that is read back: whatever field is damaged, it is one line that names it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from html_samples import run
from report_samples import outcomes, result

from pytest_smallbench.command_line import main
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.reports.reading import read_report

ODD: list[Any] = [None, -1, "odd", []]
MISSING = object()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with several attempts' fields, trajectories and a git state."""
    found = tmp_path_factory.mktemp("run")
    built: Any = run(found, *outcomes(resolved=1, unresolved=1), result(2, tags=("csv",)))
    built["run"]["git"] = {"commit": "c0ffee", "branch": "main", "dirty": False}
    (found / "whole.json").write_text(json.dumps(built))
    return found


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every field of the report, but of the results only the first's."""
    if at:
        yield at
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*at, key))
    elif isinstance(value, list):
        for number in range(min(len(value), 1)):
            yield from places(value[number], (*at, number))


def with_odd(whole: Any, at: tuple[Any, ...], odd: Any) -> Any:
    damaged = copy.deepcopy(whole)
    holder = damaged
    for key in at[:-1]:
        holder = holder[key]
    if odd is MISSING:
        del holder[at[-1]]
    else:
        holder[at[-1]] = odd
    return damaged


def damaged_reports(folder: Path) -> Iterator[tuple[str, Any]]:
    whole = json.loads((folder / "whole.json").read_text())
    for at in places(whole):
        for odd in (MISSING, *ODD):
            yield f"{at} = {odd!r}", with_odd(whole, at, odd)


def one_line_or_nothing(status: int, told: Any, what: str) -> None:
    assert status in (0, 4), what
    assert told.err.count("\n") == (0 if status == 0 else 1), (what, told.err)
    assert "Traceback" not in told.err, what


def test_a_whole_report_is_read(folder: Path):
    assert read_report(folder / "whole.json")["schema"] == "smallbench-report/1"


@pytest.mark.parametrize(
    ("at", "odd", "told"),
    [
        (("run", "seed"), "0", "run.seed is not a whole number"),
        (("results", 0, "tokens", "prompt"), MISSING, "results[0].tokens.prompt is missing"),
        (("results", 0, "score"), "1", "results[0].score is not a number"),
        (("results", 0, "tags"), [7], "results[0].tags[0] is not a text"),
        (("results", 0, "benchmark"), "no", "results[0].benchmark is none of the report's"),
        (("benchmarks", "bcb-agent", "summary"), None, "benchmarks.bcb-agent.summary is not an"),
        (("benchmarks", "bcb-agent", "groups", "tag"), [], "benchmarks.bcb-agent.groups.tag"),
        (("run", "git", "dirty"), 1, "run.git.dirty is not true or false"),
        (("run", "git"), 1, "run.git is not an object"),
    ],
)  # fmt: skip
def test_the_field_is_named(folder: Path, tmp_path: Path, at: tuple[Any, ...], odd: Any, told: str):
    whole = json.loads((folder / "whole.json").read_text())
    path = tmp_path / "report.json"
    path.write_text(json.dumps(with_odd(whole, at, odd)))
    with pytest.raises(UsageMistake) as mistake:
        read_report(path)
    assert f"{path} is damaged: {told}" in str(mistake.value)


@pytest.mark.parametrize("text", ["", "[", "[]", "{}", "7", '{"schema": 1}', "[" * 100_000])
def test_what_is_no_report_is_one_line(tmp_path: Path, text: str):
    path = tmp_path / "report.json"
    path.write_text(text)
    with pytest.raises(UsageMistake, match=r"report\.json"):
        read_report(path)


def test_no_damage_shows_a_traceback_in_a_transcript(folder: Path, capsys: Any):
    for what, damaged in damaged_reports(folder):
        (folder / "report.json").write_text(json.dumps(damaged))
        status = main(["show", str(folder), "--task", "T/0"])
        one_line_or_nothing(status, capsys.readouterr(), what)


@pytest.mark.parametrize("side", ["old", "new"])
def test_no_damage_shows_a_traceback_in_a_comparison(
    folder: Path, tmp_path: Path, capsys: Any, side: str
):
    damaged_file = tmp_path / "report.json"
    files = {"old": folder / "whole.json", "new": folder / "whole.json", side: damaged_file}
    for what, damaged in damaged_reports(folder):
        damaged_file.write_text(json.dumps(damaged))
        status = main(["compare", str(files["old"]), str(files["new"])])
        one_line_or_nothing(status, capsys.readouterr(), what)


def test_no_damage_that_fits_the_shape_breaks_the_summary_or_the_page(folder: Path, capsys: Any):
    """A page is slow to draw: only for what reading lets pass, and of that a spread."""
    path, passed = folder / "report.json", []
    for what, damaged in damaged_reports(folder):
        path.write_text(json.dumps(damaged))
        try:
            read_report(path)
        except UsageMistake:
            continue
        passed.append((what, damaged))
    for what, damaged in passed[::40]:
        path.write_text(json.dumps(damaged))
        one_line_or_nothing(main(["show", str(folder)]), capsys.readouterr(), what)


@pytest.mark.parametrize("odd", [b"\xff\xff", b"[" * 100_000])
def test_a_damaged_trajectory_is_one_line(folder: Path, capsys: Any, odd: bytes):
    whole = json.loads((folder / "whole.json").read_text())
    (folder / "report.json").write_text(json.dumps(whole))
    (folder / whole["results"][0]["trajectory"]).write_bytes(odd)
    assert main(["show", str(folder), "--task", "T/0"]) == 4
    assert "is damaged" in capsys.readouterr().err
