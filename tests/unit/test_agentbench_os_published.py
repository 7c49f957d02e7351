"""The published records: read, refused where broken, skipped where they cannot be graded."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from agentbench_os_host import (
    OpenWorld,
    answer,
    needs_sandbox,
    opened_worlds,  # noqa: F401 - a fixture
    play_reference,
    real_host,  # noqa: F401 - a fixture
)
from pytest_smallbench.benchmarks.agentbench.environments.operating_system import requirements
from pytest_smallbench.benchmarks.agentbench.environments.operating_system.published import read
from pytest_smallbench.benchmarks.agentbench.worlds import Record

from pytest_smallbench.errors import UsageMistake

SCRIPT = {"lang": "bash", "code": "ls | wc -l"}
RAW = {
    "id": "os-std-4-Q01-000",
    "description": "How many files are there?",
    "init": [{"lang": "bash", "code": "touch a"}],
    "start": None,
    "example": SCRIPT,
    "evaluation": {"kind": "check", "steps": [{"use": "example"}, {"use": "script", **SCRIPT}]},
}
# One of each kind of evaluation, check script and start, and what needs users or processes.
SAMPLE = (
    "os/dev-001",
    "os/dev-003",
    "os/dev-010",
    "os/dev-020",
    "os/dev-024",
    "os/dev-025",
    "os/std-2-environment-004",
    "os/std-4-Q47-000",
    "os/std-5-new-002",
    "os/std-6-new-002",
    "os/std-6-new-003",
    "os/std-7-bootstrap-000",
)


def written(folder: Path, *records: object, name: str = "os_std.jsonl") -> Path:
    (folder / name).write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return folder


def one(**data: Any) -> Record:
    return Record("os/x-1", "os", "Do it.", None, data)


class TestRead:
    def test_a_record(self, tmp_path: Path) -> None:
        (record,) = read(written(tmp_path, RAW))
        assert (record.id, record.split, record.environment) == ("os/std-4-Q01-000", "test", "os")
        assert record.instruction == RAW["description"]
        assert record.expected_output is None
        assert set(record.data) == {"init", "example", "evaluation"}

    def test_what_is_expected_where_it_is_known(self, tmp_path: Path) -> None:
        match = {**RAW, "evaluation": {"kind": "match", "match": {"answer": "yes"}}}
        known = {**RAW, "evaluation": {**RAW["evaluation"], "expected": 5}}  # type: ignore[dict-item]  # a dict
        records = read(written(tmp_path, match, known))
        assert [record.expected_output for record in records] == ["yes", "5"]

    def test_files_and_records_come_in_natural_order(self, tmp_path: Path) -> None:
        written(
            tmp_path, {**RAW, "id": "os-dev-10"}, {**RAW, "id": "os-dev-9"}, name="os_dev.jsonl"
        )
        with gzip.open(tmp_path / "os_std.jsonl.gz", "wt") as file:
            file.write(json.dumps(RAW))
        written(tmp_path, RAW, name="db_dev.jsonl")
        found = [record.id for record in read(tmp_path)]
        assert found == ["os/dev-9", "os/dev-10", "os/std-4-Q01-000"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"id": 5}, "id"),
            ({"description": " "}, "description"),
            ({"init": "touch a"}, "init"),
            ({"init": [{"lang": "bash"}]}, "init[0]"),
            ({"init": [{"lang": "perl", "code": ""}]}, "init[0].lang"),
            ({"start": "ls"}, "start"),
            ({"example": None}, "example"),
            ({"cwd": "home"}, "cwd"),
            ({"evaluation": {"kind": "magic"}}, "evaluation.kind"),
            ({"evaluation": {"kind": "match", "match": {}}}, "evaluation.match"),
            ({"evaluation": {"kind": "check", "steps": []}}, "evaluation.steps"),
            ({"evaluation": {"kind": "check", "steps": [{"use": "x"}]}}, "evaluation.steps[0].use"),
            (
                {"evaluation": {"kind": "check", "steps": [{"use": "script"}]}},
                "evaluation.steps[0]",
            ),
        ],
    )
    def test_a_broken_one_is_named(
        self, tmp_path: Path, changes: dict[str, object], field: str
    ) -> None:
        with pytest.raises(UsageMistake) as caught:
            list(read(written(tmp_path, RAW, {**RAW, **changes})))
        assert f"os_std.jsonl:2: {field}" in str(caught.value)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("text", ["{", "[]", "1"])
    def test_what_is_no_record_is_named(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "os_dev.jsonl").write_text(text)
        with pytest.raises(UsageMistake, match=r"os_dev\.jsonl:1"):
            list(read(tmp_path))

    def test_half_a_gzip_file_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "os_dev.jsonl.gz").write_bytes(gzip.compress(b"{}" * 100)[:20])
        with pytest.raises(UsageMistake, match=r"os_dev\.jsonl\.gz"):
            list(read(tmp_path))


class TestUnmet:
    def test_nothing_is_unmet_by_what_every_system_has(self) -> None:
        assert requirements.unmet(one(init=[{"code": "echo 1 | cat > a"}])) == ""

    def test_a_missing_program_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "which", lambda name, path: None)
        record = one(init=[{"code": "touch a && python3 -c 1; x=$(jq . f)"}])
        assert "needs jq and python3" in requirements.unmet(record)
        assert requirements.unmet(record, sandbox="another") == ""

    def test_containers_have_no_root_for_it(self) -> None:
        record = one(init=[{"code": "touch a"}])
        assert "--smallbench-sandbox=process" in requirements.unmet(record, sandbox="docker")

    def test_a_program_that_is_only_asked_about_is_not_needed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda name, path: None)
        record = one(example={"code": '[ -x "$(command -v jq)" ] && echo "jq; it is"'})
        assert requirements.unmet(record) == ""

    def test_users_need_root(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "getuid", lambda: 1000)
        assert "root" in requirements.unmet(one(example={"code": "chown daemon a"}))

    def test_the_network_is_nowhere(self) -> None:
        record = one(init=[{"code": "apt update && apt install sudo -y"}])
        assert "network" in requirements.unmet(record, sandbox="docker")


@pytest.fixture(scope="module")
def published() -> dict[str, Record]:
    folder = os.environ.get("SMALLBENCH_TEST_DATA")
    if not folder:
        pytest.skip("SMALLBENCH_TEST_DATA does not name a folder with the real data")
    return {record.id: record for record in read(Path(folder) / "agentbench")}


def test_all_of_them_are_read(published: dict[str, Record]) -> None:
    splits = [record.split for record in published.values()]
    assert (splits.count("dev"), splits.count("test")) == (26, 144)
    assert set(requirements.UNSOLVABLE) <= set(published)


@needs_sandbox
@pytest.mark.parametrize("id", SAMPLE)
def test_their_references_are_right_and_nonsense_is_not(
    published: dict[str, Record], opened: OpenWorld, id: str
) -> None:
    if reason := requirements.unmet(published[id]):
        pytest.skip(reason)
    assert play_reference(opened(published[id]))
    assert not answer(opened(published[id]), "98765 is nonsense")
