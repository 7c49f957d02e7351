"""The cookbook's commands run as a reader types them, and its examples as they stand there."""

from __future__ import annotations

import os
import re
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "cookbook-benchmark.md").read_text()
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))
COMMANDS = re.search(r"<!-- commands: start -->\n```console\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """A folder and a fresh virtual environment, which finds what is installed here and needs
    no network for it."""
    folder = tmp_path_factory.mktemp("reader")
    venv.create(folder / "venv", with_pip=True)
    (library,) = (folder / "venv" / "lib").glob("python*/site-packages")
    for seeded in library.glob("setuptools*"):  # older Pythons bring one that is too old
        shutil.rmtree(seeded)
    (library / "here.pth").write_text(
        "".join(f"import site; site.addsitedir({path!r})\n" for path in site.getsitepackages())
    )
    bins = [str(folder / "venv" / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]]
    quiet = {"PIP_NO_BUILD_ISOLATION": "false", "PIP_NO_INDEX": "1"}
    return folder, {**os.environ, **quiet, "PATH": os.pathsep.join(bins)}


def test_the_commands_of_the_start_run_as_they_stand(reader):
    folder, environment = reader
    commands = "\n".join(line.removeprefix("$ ") for line in COMMANDS.splitlines())
    # The new environment has no command pytest of its own, only the module.
    typed = commands.replace("\npytest", "\npython -m pytest")
    done = subprocess.run(
        ["sh", "-ec", typed],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert " passed, 1 skipped in " in done.stdout
    assert "my-bench: resolved 4/4 " in done.stdout


def test_the_benchmark_of_functions_keeps_its_promises(pytester):
    for name, text in EXAMPLES.items():
        (pytester.path / name).write_text(text)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=17)


def test_every_check_is_explained_on_the_page():
    from pytest_smallbench.testing.benchmark_checks import CHECKS

    assert [check.name for check in CHECKS if f"`{check.name}`" not in PAGE] == []
