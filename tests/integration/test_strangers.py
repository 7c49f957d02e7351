"""A stranger's package brings a benchmark, an agent and a sandbox by entry points alone."""

from __future__ import annotations

import json

import pytest

ENTRY_POINTS = """
[smallbench.benchmarks]
theirs = theirs:BENCHMARK
[smallbench.agents]
their-agent = theirs:create
[smallbench.sandboxes]
their-sandbox = theirs:Sandboxes
"""
PACKAGE = '''
from pathlib import Path

from pytest_smallbench import Grade
from pytest_smallbench.sandboxes.process import ProcessSandboxes
from pytest_smallbench.simple import SimpleBenchmark, SimpleEnvironment, tool


class Files(SimpleEnvironment[None]):
    def start(self):
        return None

    @tool
    def write(self, path: str, text: str) -> str:
        """Writes a file."""
        self.sandbox.write(path, text)
        return "written"

    def grade(self):
        found = self.sandbox.run(["cat", "note"], timeout=10.0).text
        return Grade(found == "hello", float(found == "hello"), f"the note says {found!r}")


class Polite:
    def solve(self, environment):
        environment.call("write", {"path": "note", "text": "hello"})


class Sandboxes(ProcessSandboxes):
    name = "their-sandbox"


def create(context):
    return Polite()


BENCHMARK = SimpleBenchmark(
    name="theirs",
    title="Notes to write",
    tasks=Path(__file__).with_name("tasks.jsonl"),
    environment_class=Files,
    sandboxed=True,
)
'''
CALL = {"name": "write", "arguments": {"path": "note", "text": "hello"}}
TASK = {"instruction": "Write hello into the file note.", "reference": [CALL]}


@pytest.fixture
def installed(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """The package as an installer leaves it, on a path of its own."""
    library = pytester.mkdir("library")
    (library / "theirs.py").write_text(PACKAGE)
    tasks = [json.dumps({"id": f"note/{number}", **TASK}) for number in (1, 2)]
    (library / "tasks.jsonl").write_text("\n".join(tasks))
    facts = library / "theirs-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(ENTRY_POINTS)
    monkeypatch.setenv("PYTHONPATH", str(library))
    return pytester


def test_all_three_are_listed_with_where_they_come_from(installed):
    result = installed.runpytest_subprocess("--smallbench-list")
    result.stdout.fnmatch_lines(
        ["  theirs *Notes to write (theirs)", "  their-agent  (theirs)", "  their-sandbox (theirs)"]
    )


@pytest.mark.parametrize("workers", ["0", "2"])
def test_all_three_run_together(installed, workers):
    result = installed.runpytest_subprocess(
        "--smallbench=theirs",
        "--smallbench-agent=their-agent",
        "--smallbench-sandbox=their-sandbox",
        f"-n{workers}",
    )
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*theirs: resolved 2/2 *"])


def test_a_broken_package_hides_no_other_and_is_named(installed):
    (installed.path / "library" / "theirs.py").write_text("raise RuntimeError('too old')")
    listed = installed.runpytest_subprocess("--smallbench-list")
    listed.stdout.fnmatch_lines(
        ["  bcb-agent *", "  theirs *cannot be loaded: RuntimeError: too old (theirs)"]
    )
    doctor = installed.runpytest_subprocess("--smallbench-doctor")
    doctor.stdout.fnmatch_lines(
        [
            "missing sandbox their-sandbox: cannot be loaded: RuntimeError: too old",
            "*mend: pip install --upgrade theirs, or pip uninstall theirs",
            "missing benchmark theirs: cannot be loaded: RuntimeError: too old",
        ]
    )
