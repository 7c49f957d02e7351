"""Where exports go, and what becomes of them when something is amiss."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from html_samples import run
from report_samples import outcomes, report, result

from pytest_smallbench.command_line import main
from pytest_smallbench.exports.files import Export


def folder(tmp_path: Path) -> Path:
    """Three attempts, and a skipped one that never began."""
    began = outcomes(resolved=2, unresolved=1)
    run(tmp_path, *began)
    built = report(*began, result(3, "skipped", trajectory=""))
    (tmp_path / "report.json").write_text(json.dumps(built))
    return tmp_path


def test_a_file_an_attempt_and_a_log_a_benchmark(tmp_path: Path, capsys):
    assert main(["export", str(folder(tmp_path)), "--format=atif,inspect"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [f"written: {tmp_path / name}" for name in ("atif", "inspect")]
    names = sorted(each.name for each in (tmp_path / "atif").iterdir())
    assert names == [f"bcb-agent%3A%3AT%2F{n}.json" for n in range(3)]
    (log,) = (tmp_path / "inspect").iterdir()
    assert len(json.loads(log.read_text())["samples"]) == 3


def test_an_export_may_go_elsewhere(tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    arguments = ["export", str(folder(tmp_path)), "--format=atif", f"--output={elsewhere}"]
    assert main(arguments) == 0
    assert len(list((elsewhere / "atif").iterdir())) == 3
    assert not (tmp_path / "atif").exists()


@pytest.mark.parametrize("given", ["", "x", "atif,x", ","])
def test_an_unknown_format_is_one_line_that_names_the_known(tmp_path: Path, capsys, given: str):
    assert main(["export", str(folder(tmp_path)), f"--format={given}"]) == 4
    said = capsys.readouterr().err
    assert said.endswith(" is not atif or inspect, or several with commas between\n")
    assert said.count("\n") == 1


def test_what_cannot_be_written_is_one_line(tmp_path: Path, capsys):
    (tmp_path / "atif").write_text("in the way")
    assert main(["export", str(folder(tmp_path)), "--format=atif"]) == 4
    assert capsys.readouterr().err.count("\n") == 1


def test_a_run_keeps_its_summary_whatever_an_export_meets(tmp_path: Path):
    export = Export(tmp_path, "atif")
    export.pytest_smallbench_report({"schema": "broken"})  # type: ignore[typeddict-item,typeddict-unknown-key]
    assert not export.written
    assert "could not be written: KeyError" in export.problem
