"""A look at the agent's system with tools that the agent has not touched.

It is a sealed fork (contracts.Sandbox.fork) of the system as the agent left it: its files,
users and new commands are there, none of its processes is, and neither a replaced program
nor a start-up file, an alias, PATH or a preloaded library has a say in what is found.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_smallbench.contracts import Completed, Sandbox
from pytest_smallbench.errors import SandboxError

from .task import OsTask, Script

CHECK_S = 60.0
COMMAND_S = 10.0
_SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
_PATH = f"{_SYSTEM_PATH}:/usr/local/sbin:/usr/local/bin"
_NOBODY_S = "/sys"  # a folder that nobody can put anything into

# Published checks read a start-up file of the agent's, and become users whose shells and
# start-up files are the agent's. The first may only change PATH, the second have no say.
_BEFORE_CHECKS = f"""
source() {{
  local path
  path=$(/bin/bash --norc --noprofile -c 'builtin source "$1" > /dev/null 2>&1
builtin printf %s "$PATH"' bash "$1") && PATH={_SYSTEM_PATH}:$path
}}
runuser() {{
  if [ "$#/$1/$3" != "4/-l/-c" ]; then command runuser "$@"; return; fi
  command runuser -u "$2" -- /bin/bash --norc --noprofile -c "$4"
}}
"""


class Unfit(Exception):
    """The agent has left files that no copy can be made of (too many, too deep)."""


class Inspection:
    """A context manager. The fork is made with the first look, which may raise Unfit."""

    def __init__(self, sandbox: Sandbox, task: OsTask) -> None:
        self._agents, self._task = sandbox, task
        self._sandbox: Sandbox | None = None

    def __enter__(self) -> Inspection:
        return self

    def __exit__(self, *_: object) -> None:
        if self._sandbox:
            self._sandbox.close()

    @property
    def sandbox(self) -> Sandbox:
        if self._sandbox is None:
            self._sandbox = self._agents.fork(self._snapshot(), sealed=True)
        return self._sandbox

    def _snapshot(self) -> str:
        try:
            return self._agents.snapshot()
        except SandboxError as error:
            self._agents.run(["/bin/true"], timeout=COMMAND_S)  # raises where it is gone
            raise Unfit(f"the system cannot be looked at as it was left: {error}") from error

    def check(self, script: Script, parameters: Sequence[str]) -> Completed:
        """Run a published check script."""
        return self.run(script.argv(*parameters, before=_BEFORE_CHECKS), CHECK_S, _NOBODY_S)

    def run(
        self, argv: list[str], timeout: float = COMMAND_S, cwd: str = "/tmp", stdin: bytes = b""
    ) -> Completed:
        """Run one program. What the system came with is found before what the agent added."""
        variables = {"HOME": self._task.home, "PATH": _PATH, "PYTHONNOUSERSITE": "1"}
        return self.sandbox.run(argv, timeout=timeout, stdin=stdin, env=variables, cwd=cwd)

    def files(self, folder: str) -> dict[str, tuple[str, ...]]:
        """Path below ``folder`` -> kind (f, d, l), mode in octal, uid, gid, bytes of a file."""
        form = "%P\\t%y\\t%m\\t%U\\t%G\\t%s\\0"
        done = self.run(["/usr/bin/find", folder, "-printf", form])
        rows = [row.split("\t") for row in done.text.split("\0") if row.count("\t") >= 5]
        # A name may hold a tab; the fields that come after it hold none.
        found = {"\t".join(row[:-5]): tuple(row[-5:]) for row in rows}
        return {path: (*row[:4], row[4] if row[0] == "f" else "") for path, row in found.items()}

    def accounts(self, path: str) -> dict[str, list[str]]:
        """/etc/passwd or /etc/group: name -> its other fields. Of a name that is there twice
        the first counts, as it does for the system."""
        found: dict[str, list[str]] = {}
        try:
            lines = self.sandbox.read_text(path).splitlines()
        except OSError:
            return found
        for line in lines:
            name, *fields = line.split(":")
            found.setdefault(name, fields)
        return found
