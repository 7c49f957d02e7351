"""The host's side of a guest: what its container starts with, and what is sent to it first.

    container:  python3 -I -c START
    to stdin:   _letter()                    our modules; then the interpreter starts anew
    from stdout: {"ready": true}             every module is loaded, the sandbox is laid

From then on it is the protocol of process/protocol.py. When its standard input ends, the
guest ends everything and exits.
"""

from __future__ import annotations

import functools
import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.errors import SandboxError, SandboxUnavailable

from ..process import environment, protocol, root

FOLDER = "/run/guest"  # must be there, writable to root alone
CAPABILITIES = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETPCAP", "SETUID")
"""What the guest needs: to become the user that code runs as, to end that user's processes,
and to lay, pack and clear its files. Code itself gets none of them."""

MEMORY = 512 << 20
"""What the guest takes with the modules that it holds preloaded, beside what code may have."""

# Whoever lists processes inside sees this, so it is short: what it reads is _UNPACK.
START = """\
import os
def take(size):
    data = b""
    while len(data) < size: data += os.read(0, size - len(data)) or os._exit(1)
    return data
exec(take(int.from_bytes(take(4), "big")))
"""
# In a container whose folders nobody has laid: first those that are expected, then nothing else
# that everybody may write to.
BARE_START = """\
import os
for path, mode in {laid}: os.makedirs(path, exist_ok=True); os.chmod(path, mode)
for path in {shut}: os.path.isdir(path) and not os.path.islink(path) and os.chmod(path, 0o755)
{start}""".format(
    laid=[(FOLDER, 0o700), (root.RUN, 0o755), *((path, 0o755) for path in root.FOLDERS.values())],
    shut=["/dev/mqueue", "/run/lock", "/var/lock", "/var/tmp"],
    start=START,
)
_UNPACK = b"""\
import json, sys
told = json.loads(take(int.from_bytes(take(4), "big")))
for name, text in told["files"].items():
    path = os.path.join(told["folder"], name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
variables = told["variables"]
variables["PATH"] = os.path.dirname(sys.executable) + ":" + variables["PATH"]
launch = os.path.join(told["folder"], "guest", "launch.py")
os.execve(sys.executable, [sys.executable, launch], variables)
"""

_PROCESS = (
    "child",
    "collect",
    "environment",
    "files",
    "ground",
    "keeper",
    "linux",
    "memory",
    "privileges",
    "program",
    "protocol",
    "root",
    "seccomp",
    "shell",
    "skeleton",
    "slots",
    "snapshots",
    "supervise",
    "system_root",
    "zygote",
)
_GUEST = ("container", "folders", "launch", "main", "meter", "runs")


def check(limits: SandboxLimits, back: str) -> None:
    """Raise SandboxUnavailable for what no sandbox with a guest can be."""
    if limits.root == "system":
        raise SandboxUnavailable(
            f"the {back} sandbox has no system root: run these tasks with "
            "--smallbench-sandbox=process"
        )


def greet(
    wire: protocol.Connection,
    setup: SandboxSetup,
    limits: SandboxLimits,
    last_words: Callable[[], bytes],
) -> None:
    """Send the guest in, and wait until it says that it is ready. Raises SandboxError, with
    what a guest that has ended wrote to its standard error last."""
    try:
        wire.sendall(_letter(setup.python_path))
        protocol.send(wire, {"limits": asdict(limits), "preload": list(setup.preload)})
        answer = protocol.receive_header(wire)
    except (OSError, EOFError) as error:
        said = last_words().decode("utf-8", "replace").strip().splitlines()
        reason = said[-1] if said else "it ended without a word"
        raise SandboxError(f"the container did not get ready: {reason}") from error
    if "error" in answer:
        raise SandboxError(f"the container did not get ready: {answer['error']}")


def _letter(python_path: Sequence[str]) -> bytes:
    """What START waits for."""
    variables = environment.variables("/usr/bin/python3", python_path)
    text = json.dumps({"folder": FOLDER, "files": _files(), "variables": variables}).encode()
    return b"".join(struct.pack(">I", len(part)) + part for part in (_UNPACK, text))


@functools.cache
def _files() -> dict[str, str]:
    here = Path(__file__).parent
    names = [f"guest/{name}.py" for name in _GUEST] + [f"process/{name}.py" for name in _PROCESS]
    packages = {"guest/__init__.py": "", "process/__init__.py": ""}
    return packages | {name: (here.parent / name).read_text("utf-8") for name in names}
