"""The process back keeps its promises for an ordinary user too, in a user namespace."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_smallbench
from pytest_smallbench.sandboxes.process import ProcessSandboxes

UNAVAILABLE = ProcessSandboxes().unavailable()
CONTRACT = Path(__file__).with_name("test_sandbox_process.py")
SYSTEM_ROOT = Path(__file__).with_name("test_sandbox_system_root.py")

# A test run by root may have its interpreter in a home that nobody else may enter: shown
# to the ordinary user in a mount namespace of this process, where that home is another.
AS_NOBODY = """
import os, sys
from pytest_smallbench.sandboxes.process import linux
def closed(path):
    parents = [path]
    while parents[0] != "/":
        parents.insert(0, os.path.dirname(parents[0]))
    return next((one for one in parents if not os.stat(one).st_mode & 1), None)
linux.unshare(linux.CLONE_NEWNS)
linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
stash = "/mnt"
linux.mount("stash", stash, "tmpfs")
os.mkdir("/mnt/tmp")
os.chmod("/mnt/tmp", 0o1777)
homes = {}
for number, path in enumerate(sys.argv[1].split(":")):
    if home := closed(path):
        os.mkdir(f"{stash}/{number}")
        linux.mount(path, f"{stash}/{number}", None, linux.MS_BIND)
        homes.setdefault(home, []).append((path, f"{stash}/{number}"))
for home, kept in homes.items():
    linux.mount("home", home, "tmpfs", 0, "mode=755")
    for path, place in kept:
        os.makedirs(path, exist_ok=True)
        linux.mount(place, path, None, linux.MS_BIND)
os.setgroups([])
os.setresgid(65534, 65534, 65534)
os.setresuid(65534, 65534, 65534)
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
@pytest.mark.skipif(bool(UNAVAILABLE), reason=UNAVAILABLE)
@pytest.mark.parametrize(("tests", "skips"), [(CONTRACT, ""), (SYSTEM_ROOT, "4 skipped")])
def test_the_contract_holds_for_an_ordinary_user(tests: Path, skips: str) -> None:
    package = Path(pytest_smallbench.__file__).parent.parent
    needed = (sys.base_prefix, sys.prefix, str(package), str(tests.parent.parent.parent))
    pytest_arguments = ["-m", "pytest", "-p", "no:cacheprovider", "-q", str(tests)]
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, ":".join(needed), *pytest_arguments],
        env={
            "PATH": os.environ["PATH"],
            "HOME": "/mnt/tmp",
            "TMPDIR": "/mnt/tmp",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        cwd="/",  # python -m would import the checkout's package rather than the installed one
        capture_output=True,
        text=True,
    )
    print(done.stdout, done.stderr)
    assert done.returncode == 0
    assert " passed" in done.stdout
    assert skips in done.stdout
    assert skips or " skipped" not in done.stdout
