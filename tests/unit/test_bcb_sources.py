"""The hub as a source: what names it, what is said when it cannot be had."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from bcb_samples import raw
from pytest_smallbench.benchmarks.bcb_agent import dataset, sources
from pytest_smallbench.benchmarks.bcb_agent.sources import HubSource, hub_source

COMMIT = "b74c0d0bf70d2c0bc459be537895cca163007f1a"
# Nothing listens there: the hub's client is refused at once.
NO_HUB = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_DISABLE_TELEMETRY": "1"}


def test_the_default_is_pinned() -> None:
    assert hub_source("bigcode/bigcodebench") == HubSource(
        "bigcode/bigcodebench", COMMIT, sources.SPLIT, sources.OTHERS
    )
    assert dataset.DEFAULT_SOURCE == "bigcode/bigcodebench"


def test_a_revision_may_follow() -> None:
    assert str(hub_source("own/set@v2")) == "own/set@v2"
    assert str(hub_source("own/set")) == "own/set@main"


@pytest.mark.parametrize(
    "text", ["mini", "./own/set", "a/b.jsonl", "a/b/c", "/a/b", "a/b.jsonl.gz"]
)
def test_what_is_no_hub_id(text: str) -> None:
    assert hub_source(text) is None


def test_a_hub_out_of_reach_is_one_line_that_names_the_others(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from pytest_smallbench.benchmarks.bcb_agent.dataset import open_dataset\n"
        "open_dataset('bigcode/bigcodebench', Path(sys.argv[1]), lambda line: print('SAID', line))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        env={**NO_HUB, "HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        cwd=tmp_path,  # in the checkout python -c would import the sources, not the wheel
    )
    said = done.stderr.strip().splitlines()[-1]
    assert done.stdout.startswith("SAID fetching bigcode/bigcodebench (revision b74c0d0bf70d")
    assert "UsageMistake: dataset bigcode/bigcodebench" in said
    assert "cannot be had from the hub" in said
    assert "a local .jsonl or .jsonl.gz file, or 'mini'" in said


def test_rows_of_the_hub_are_cached_by_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[HubSource] = []

    def rows(source: HubSource) -> list[tuple[str, dict[str, object]]]:
        fetched.append(source)
        return [("row 0", raw("BigCodeBench/0"))]

    monkeypatch.setattr(sources, "hub_rows", rows)
    said: list[str] = []
    for _ in range(2):
        data = dataset.open_dataset(f"own/set@{COMMIT}", tmp_path, said.append)
    assert data.revision == COMMIT
    assert data.source == "own/set"
    assert len(said) == 1
    assert str(fetched[0]) == f"own/set@{COMMIT}"
