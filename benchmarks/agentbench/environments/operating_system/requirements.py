"""What a record needs that this machine may not have: its tasks are skipped, with the name.

A system root shows the host's programs, so a task whose scripts call one that the host lacks
cannot be done here, nor one that wants another user where pytest has only one.
"""

from __future__ import annotations

import os
import re
import shutil

from ...worlds import Record
from .task import parse

# Programs that the published tasks or ours call and that a small system may lack.
PROGRAMS = (
    "apt",
    "awk",
    "bash",
    "bc",
    "chpasswd",
    "curl",
    "file",
    "find",
    "free",
    "gcc",
    "getent",
    "git",
    "groupadd",
    "groups",
    "jq",
    "ps",
    "python3",
    "runuser",
    "su",
    "sudo",
    "tree",
    "unzip",
    "useradd",
    "usermod",
    "vim",
    "wget",
    "who",
    "zip",
)
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
# Where a command may begin: at a line's start, after an operator or a word that opens one.
_BEGINS = r"(?:^|[|;&(`!{]|\b(?:then|do|else|sudo|xargs|-exec|env|exec)\s)\s*"
_CALLS = re.compile(_BEGINS + rf"({'|'.join(PROGRAMS)})(?=\s|$|[|;&)])", re.MULTILINE)
_USERS = re.compile(r"\b(?:useradd|usermod|groupadd|adduser|chown|chgrp|runuser|su)\s")
_NETWORK = re.compile(r"\b(?:apt|apt-get|pip|npm)\s+(?:-\w+\s+)*(?:update|install|remove)\b")

# Published records that nobody can resolve, whatever the system (specification, section 1).
UNSOLVABLE = {
    "os/dev-008": "its comparator takes whole numbers only, and du prints 4.0K",
    "os/std-4-Q09-000": "its init script fails: 'echo 123321>FILE' names a descriptor",
    "os/std-5-new-005": "its comparator takes whole numbers only, and du prints one like 5.8G",
}


def unmet(record: Record, sandbox: str = "process") -> str:
    """Why this record cannot be graded here, in one line; empty where it can.

    ``sandbox`` is the name of the back in use: of another one's programs nothing is known.
    """
    if record.id in UNSOLVABLE:
        return f"nobody can resolve it: {UNSOLVABLE[record.id]}"
    code = "\n".join(parse(record.data).scripts)
    if _NETWORK.search(code):
        return "it installs packages, and a sandbox has no network"
    if sandbox == "docker":
        return "its code is root in a system of its own: run with --smallbench-sandbox=process"
    if sandbox != "process":
        return ""
    if os.getuid() != 0 and _USERS.search(code):
        return "it needs users of its own: run pytest as root, or in a container"
    missing = sorted({name for name in _CALLS.findall(code) if not _has(name)})
    return f"it needs {' and '.join(missing)}, which this machine does not have" if missing else ""


def _has(program: str) -> bool:
    """Whether a system root has it: /usr/local is the sandbox's own, unless Python is there."""
    if shutil.which("python3", path=_PATH):
        return bool(shutil.which(program, path=_PATH))
    return bool(shutil.which(program, path=f"/usr/local/bin:{_PATH}"))
