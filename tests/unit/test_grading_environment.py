"""Grading environments, built from wheels that the tests write themselves: no network."""

from __future__ import annotations

import ast
import contextlib
import fcntl
import functools
import gzip
import json
import os
import select
import subprocess
import sys
import threading
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bcb_samples import real_file
from pytest_smallbench.benchmarks.bcb_agent.grading_environment import (
    GradingEnvironment,
    GradingPython,
)
from pytest_smallbench.benchmarks.bcb_agent.images import corpora, find_lock, installer
from pytest_smallbench.benchmarks.bcb_agent.images.installer import cause_of, uv_environment
from pytest_smallbench.benchmarks.bcb_agent.images.interpreters import (
    safe_to_hold,
    try_imports,
)
from pytest_smallbench.benchmarks.bcb_agent.program import parsed

from pytest_smallbench.errors import UsageMistake

Ensure = Callable[..., GradingPython]


class Said(list[str]):
    """Collects the lines of progress."""

    def __call__(self, line: str) -> None:
        self.append(line)

    @property
    def builds(self) -> int:
        return sum(line.startswith("building") for line in self)


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes a wheel into the only place where uv may look for one."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))

    def write(name: str, version: str = "1.0", code: str = "") -> None:
        info = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}.py", code)
            wheel.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            )
            wheel.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            wheel.writestr(f"{info}/RECORD", "")

    return write


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def lock(tmp_path: Path, wheels: Callable[..., None]) -> Path:
    wheels("rsa")
    path = tmp_path / "tiny.txt"
    path.write_text("# a lock\nrsa==1.0  # direct\n")
    return path


@pytest.fixture
def ensure(tmp_path: Path, said: Said) -> Ensure:
    def call(lock: Path | str, base_python: str | None = None) -> GradingPython:
        cache = tmp_path / "cache"
        return GradingEnvironment.ensure(str(lock), base_python=base_python, cache=cache, say=said)

    return call


def test_builds_an_interpreter_that_imports_what_the_lock_pins(ensure: Ensure, lock: Path) -> None:
    built = ensure(lock)
    subprocess.run([built.python, "-c", "import rsa"], check=True)
    assert built.lock == "tiny"
    assert built.broken == ()
    assert built.python_version in built.fingerprint


def test_bytecode_is_made_while_building(ensure: Ensure, lock: Path) -> None:
    library = Path(ensure(lock).python).parent.parent / "lib"
    assert list(library.glob("python*/site-packages/__pycache__/rsa.*.pyc"))


def test_is_built_once(ensure: Ensure, lock: Path, said: Said) -> None:
    assert ensure(lock) == ensure(lock)
    assert said.builds == 1


def test_a_comment_in_the_lock_changes_nothing(ensure: Ensure, lock: Path) -> None:
    first = ensure(lock)
    lock.write_text("rsa==1.0  # via something else\n")
    assert ensure(lock).fingerprint == first.fingerprint


def test_a_pin_changes_the_fingerprint(
    ensure: Ensure, lock: Path, wheels: Callable[..., None]
) -> None:
    first = ensure(lock)
    wheels("rsa", "1.1")
    lock.write_text("rsa==1.1\n")
    assert ensure(lock).fingerprint != first.fingerprint


def test_what_a_killed_run_left_is_replaced(
    ensure: Ensure, lock: Path, said: Said, tmp_path: Path
) -> None:
    built = ensure(lock)
    home = tmp_path / "cache" / "environments"
    (home / built.fingerprint).rename(home / f".{built.fingerprint}.building")
    assert ensure(lock) == built
    assert said.builds == 2
    assert not list(home.glob(".*building"))


BUILDER = """
import sys
from pathlib import Path
from pytest_smallbench.benchmarks.bcb_agent.grading_environment import GradingEnvironment

GradingEnvironment.ensure(
    sys.argv[1], base_python=None, cache=Path(sys.argv[2]), say=print
)
"""


def test_a_run_killed_while_it_builds_leaves_nothing_that_a_next_run_would_use(
    ensure: Ensure, lock: Path, wheels: Callable[..., None], said: Said, tmp_path: Path
) -> None:
    # The last step of a build is to import what was installed: this import waits for ever.
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    waits = f"import os\nos.path.exists({str(gate)!r}) and open({str(gate)!r}).read()"
    wheels("xlwt", code=waits)
    lock.write_text("rsa==1.0\nxlwt==1.0\n")
    command = [sys.executable, "-c", BUILDER, str(lock), str(tmp_path / "cache")]
    # Not in the checkout, which would be imported instead of the wheel.
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tmp_path) as build:
        held = opened_by_a_reader(gate, build)
        build.kill()
    os.close(held)
    gate.unlink()
    assert not list((tmp_path / "cache").rglob("environment.json"))
    built = ensure(lock)
    subprocess.run([built.python, "-c", "import rsa, xlwt"], check=True)
    assert said.builds == 1
    assert not list((tmp_path / "cache" / "environments").glob(".*building"))


def opened_by_a_reader(gate: Path, build: subprocess.Popen[bytes]) -> int:
    """The gate's writing end, once somebody reads; a build that has ended never will."""
    ended = os.pidfd_open(build.pid)
    try:
        while not select.select([ended], [], [], 0.01)[0]:
            with contextlib.suppress(OSError):
                return os.open(gate, os.O_WRONLY | os.O_NONBLOCK)
    finally:
        os.close(ended)
    raise AssertionError("the build ended before it imported what it had installed")


def test_nobody_builds_where_the_uv_of_a_killed_run_is_still_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, uv, lock = tmp_path / "gate", tmp_path / "uv", tmp_path / "lock"
    os.mkfifo(gate)
    uv.write_text(f"#!/bin/sh\nread line < {gate}\n")
    uv.chmod(0o755)
    monkeypatch.setattr(installer, "_uv", lambda: str(uv))
    with lock.open("w") as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)
        run = threading.Thread(target=finishes, args=(tmp_path / "log", mine.fileno()))
        run.start()
        at_work = gate.open("w")
    with lock.open("w") as next_run:  # what we held is closed, as when we are killed
        with pytest.raises(BlockingIOError):
            fcntl.flock(next_run, fcntl.LOCK_EX | fcntl.LOCK_NB)
        at_work.write("go on\n")
        at_work.close()
        run.join()
        fcntl.flock(next_run, fcntl.LOCK_EX | fcntl.LOCK_NB)


def finishes(log: Path, held: int) -> None:
    installer.run_uv("venv", log=log, say=print, held=held)


def test_is_built_anew_when_the_python_below_it_is_gone(
    ensure: Ensure, lock: Path, said: Said
) -> None:
    python = Path(ensure(lock).python)
    python.unlink()
    python.symlink_to("/nowhere/python")
    assert Path(ensure(lock).python).exists()
    assert said.builds == 2


def test_two_runs_at_once_build_one(ensure: Ensure, lock: Path, said: Said) -> None:
    together = threading.Barrier(2)
    found = []

    def run() -> None:
        together.wait()
        found.append(ensure(lock))

    runs = [threading.Thread(target=run) for _ in range(2)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert found[0] == found[1]
    assert said.builds == 1


def test_a_package_that_cannot_be_had_is_named_with_the_log(
    ensure: Ensure, lock: Path, tmp_path: Path
) -> None:
    lock.write_text("rsa==9.9\n")
    with pytest.raises(UsageMistake, match=r"rsa==9\.9") as mistake:
        ensure(lock)
    log = next((tmp_path / "cache").rglob("*.log"))
    assert str(log) in str(mistake.value)
    assert "rsa==9.9" in log.read_text()
    assert "\n" not in str(mistake.value)
    assert not list((tmp_path / "cache").rglob("environment.json"))


def test_a_library_that_does_not_import_is_named_in_every_run(
    ensure: Ensure, lock: Path, wheels: Callable[..., None], said: Said
) -> None:
    wheels("xlwt", code="raise OSError('libfoo.so is missing')")
    lock.write_text("rsa==1.0\nxlwt==1.0\n")
    assert ensure(lock).broken == ("xlwt: OSError: libfoo.so is missing",)
    said.clear()
    ensure(lock)
    assert len(said) == 1
    assert said[0].startswith(
        "grading environment tiny: cannot import xlwt: OSError: libfoo.so is missing; "
    )
    assert "install what it lacks, delete " in said[0]


def test_an_environment_where_most_fails_is_refused(
    ensure: Ensure, lock: Path, wheels: Callable[..., None]
) -> None:
    wheels("rsa", code="1/0")
    with pytest.raises(UsageMistake, match="1 of 1 libraries cannot be imported, first rsa"):
        ensure(lock)


def test_another_list_of_modules_to_hold_needs_no_new_build(
    ensure: Ensure, lock: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = "pytest_smallbench.benchmarks.bcb_agent.grading_environment"
    monkeypatch.setattr(f"{owner}.PRELOAD", ("csv", "no_such_module"))
    assert ensure(lock).preload == ("csv",)
    monkeypatch.setattr(f"{owner}.PRELOAD", ("csv", "rsa"))
    assert ensure(lock).preload == ("csv", "rsa")
    assert said.builds == 1


def test_the_wrong_base_python_is_a_usage_mistake(ensure: Ensure) -> None:
    reference = "current" if sys.version_info < (3, 11) else "reference"
    with pytest.raises(UsageMistake, match=rf"--smallbench-base-python={sys.executable} is Python"):
        ensure(reference, base_python=sys.executable)


def test_a_base_python_that_is_none_is_a_usage_mistake(ensure: Ensure) -> None:
    with pytest.raises(UsageMistake, match="--smallbench-base-python=/bin/false"):
        ensure("reference", base_python="/bin/false")


def test_without_a_fitting_python_the_three_ways_out_are_named(
    ensure: Ensure, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = "pytest_smallbench.benchmarks.bcb_agent.images"
    monkeypatch.setattr(f"{images}.interpreters.candidates", lambda minor: iter(()))
    with pytest.raises(UsageMistake) as mistake:
        ensure("reference")
    for way in ("base-python=PATH", "environment=current", "python=PATH"):
        assert f"--smallbench-{way}" in str(mistake.value)


def test_an_unknown_environment_names_those_there_are(ensure: Ensure) -> None:
    with pytest.raises(
        UsageMistake, match=r"no grading environment 'refrence'.*current.*reference"
    ):
        ensure("refrence")


def test_an_existing_environment_is_taken_as_it_is(tmp_path: Path, said: Said) -> None:
    venv.create(tmp_path / "mine")
    python = str(tmp_path / "mine" / "bin" / "python")
    found = GradingEnvironment.existing(python, cache=tmp_path, say=said)
    assert found.python == python
    assert found.fingerprint.startswith("custom-")
    assert "sqlite3" in found.preload
    assert "numpy" not in found.preload


def test_what_is_installed_changes_an_existing_environments_fingerprint(
    tmp_path: Path, said: Said
) -> None:
    venv.create(tmp_path / "mine")
    python = str(tmp_path / "mine" / "bin" / "python")
    first = GradingEnvironment.existing(python, cache=tmp_path, say=said)
    info = next(tmp_path.glob("mine/lib/python*/site-packages")) / "more-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: more\nVersion: 1.0\n")
    second = GradingEnvironment.existing(python, cache=tmp_path, say=said)
    assert second.fingerprint != first.fingerprint


@pytest.mark.parametrize("path", ["/bin/false", "/no/such/python", "/"])
def test_an_existing_environment_must_be_a_python(path: str, tmp_path: Path, said: Said) -> None:
    with pytest.raises(UsageMistake, match=f"--smallbench-python={path}: .*name a Python 3.10"):
        GradingEnvironment.existing(path, cache=tmp_path, say=said)


def test_an_existing_environment_must_not_be_too_old(tmp_path: Path, said: Said) -> None:
    old = tmp_path / "python3.9"
    facts = {"version": "3.9.18", "implementation": "cpython", "platform": "linux-x86_64"}
    old.write_text(f"#!/bin/sh\necho '{json.dumps(facts)}'\n")
    old.chmod(0o755)
    with pytest.raises(UsageMistake, match=r"is Python 3\.9\.18"):
        GradingEnvironment.existing(str(old), cache=tmp_path, say=said)


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An interpreter that has the modules ``deadly``, ``threaded`` and ``noisy``."""
    venv.create(tmp_path / "odd")
    folder = next(tmp_path.glob("odd/lib/python*/site-packages"))
    (folder / "deadly.py").write_text("import os; os.abort()")
    (folder / "noisy.py").write_text("print('= 7'); print('! no')")
    (folder / "threaded.py").write_text(
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    return str(tmp_path / "odd" / "bin" / "python")


def test_a_module_that_kills_the_interpreter_is_named_and_the_rest_are_tried(modules: str) -> None:
    results = try_imports(modules, ["json", "deadly", "csv"])
    assert [bool(result.cause) for result in results] == [False, True, False]
    assert "ended the interpreter" in results[1].cause


def test_what_a_module_prints_is_not_taken_for_a_report(modules: str) -> None:
    assert [result.cause for result in try_imports(modules, ["noisy", "csv"])] == ["", ""]


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="needs /proc to count threads")
def test_a_module_that_leaves_a_thread_is_not_held_imported(modules: str) -> None:
    assert safe_to_hold(modules, ["csv", "threaded", "json", "no_such"]) == ("csv", "json")


@pytest.fixture
def with_nltk(wheels: Callable[..., None], lock: Path) -> Callable[[str], Path]:
    """A lock whose nltk has a downloader of which ``index`` and ``download`` are given."""

    def write(methods: str) -> Path:
        downloader = (
            "import sys, types, os\n"
            "class Downloader:\n"
            "    def __init__(self, index_url, download_dir): pass\n"
            f"{methods}\n"
            "sys.modules['nltk.downloader'] = types.ModuleType('nltk.downloader')\n"
            "sys.modules['nltk.downloader'].Downloader = Downloader\n"
            "__path__ = []\n"
        )
        wheels("nltk", code=downloader)
        lock.write_text("rsa==1.0\nnltk==1.0\n")
        return lock

    return write


def test_corpora_that_cannot_be_fetched_are_one_line_and_no_failure(
    ensure: Ensure, with_nltk: Callable[[str], Path], said: Said
) -> None:
    lock = with_nltk("    def index(self): raise OSError('no route to host')")
    built = ensure(lock)
    told = [line for line in said if "corpora cannot be fetched" in line]
    assert len(told) == 1
    assert "OSError: no route to host" in told[0]
    assert corpora.MARK not in built.fingerprint
    assert ensure(lock) == built
    assert said.builds == 1


def test_corpora_show_in_the_fingerprint_and_not_in_the_folders_name(
    ensure: Ensure, with_nltk: Callable[[str], Path]
) -> None:
    built = ensure(with_nltk("    def index(self): raise OSError('not yet')"))
    folder = Path(built.python).parent.parent
    (folder / "nltk_data" / "corpora" / "words").mkdir(parents=True)
    some = ensure(folder.parents[2] / "tiny.txt")
    assert some.fingerprint.startswith(f"{built.fingerprint}{corpora.MARK}-")
    assert some.python == built.python
    (folder / "nltk_data" / "corpora" / "stopwords.zip").touch()
    assert ensure(folder.parents[2] / "tiny.txt").fingerprint != some.fingerprint


def test_a_server_that_does_not_answer_is_left_in_the_end(
    ensure: Ensure,
    with_nltk: Callable[[str], Path],
    said: Said,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(corpora, "FETCH_TIMEOUT_S", 0.5)
    ensure(with_nltk("    def index(self): __import__('threading').Event().wait()"))
    assert any("corpora cannot be fetched (not finished within 0.5 s)" in line for line in said)


def test_pips_settings_reach_uv_where_it_has_none() -> None:
    given = {"PIP_INDEX_URL": "https://index.invalid/", "PIP_CERT": "/ca.pem"}
    passed = uv_environment(given)
    assert passed["UV_DEFAULT_INDEX"] == "https://index.invalid/"
    assert passed["SSL_CERT_FILE"] == "/ca.pem"
    own = uv_environment(given | {"UV_INDEX_URL": "https://own.invalid/"})
    assert "UV_DEFAULT_INDEX" not in own


def test_settings_that_would_bend_a_lock_do_not_reach_uv() -> None:
    assert "UV_EXCLUDE_NEWER" not in uv_environment({"UV_EXCLUDE_NEWER": "2020-01-01"})


def test_uvs_cause_becomes_one_line() -> None:
    drawn = ["Using Python 3.10", "  \u00d7 No solution found:", "  ╰─▶ Because a", "      needs b"]
    assert cause_of(drawn) == "No solution found: Because a needs b"


@pytest.mark.parametrize("name", ["reference", "current"])
def test_a_bundled_lock_pins_everything_and_names_no_place(name: str) -> None:
    lock = find_lock(name)
    assert all("==" in pin for pin in lock.requirements())
    assert not any(word in lock.path.read_text() for word in ("://", "file:", "-r "))
    assert {"numpy", "pandas", "tensorflow", "bs4"} <= set(lock.modules())


@pytest.mark.parametrize("name", ["reference", "current"])
def test_a_bundled_lock_is_checked_for_all_that_the_tasks_import(name: str) -> None:
    checked = {module.partition(".")[0] for module in find_lock(name).modules()}
    checked |= set(sys.stdlib_module_names) | {"mpl_toolkits"}  # comes with matplotlib
    assert imported_by_the_tasks() <= checked


@functools.cache
def imported_by_the_tasks() -> set[str]:
    with gzip.open(real_file(), "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return {
        module
        for record in records
        for part in (record["complete_prompt"] + record["canonical_solution"], record["test"])
        for module in imports(part)
    }


def imports(source: str) -> set[str]:
    tree = parsed(source)
    assert tree is not None
    nodes = list(ast.walk(tree))
    plain = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    from_ = {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}
    return {name.partition(".")[0] for name in plain | from_}
