"""Runs a task's verifier when the agent has finished, and makes a grade of what it wrote.

Before it runs, every process that the agent left is ended and the folders that the verifier
reads and writes are emptied. In a container of its own the verifier sees nothing of the
agent's but the artifacts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing, suppress

from pytest_smallbench.contracts import Completed, Grade
from pytest_smallbench.errors import GradingError, Unresolved

from . import artifacts
from .container import Container, StepFailed, Stopped
from .programs import by_shell
from .rewards import in_words, read_rewards, resolved, score
from .task import FolderTask

LOGS = "/logs/verifier"
REWARD_LIMIT = 1 << 20  # bytes read of a reward file
SHOWN = 200  # characters of the verifier's last line in a grade's explanation
_EMPTIED = f'rm -rf {LOGS} "$@" && mkdir -p {LOGS} && chmod 777 {LOGS}'


class Grader:
    """``verifiers_own`` opens the container of a separate verifier; ``env`` is the verifier's,
    with the host's variables in it; ``settle`` waits for a container that was started again."""

    def __init__(
        self,
        task: FolderTask,
        env: Mapping[str, str],
        verifiers_own: Callable[[], Container],
        settle: Callable[[Container], object],
        keep_processes: bool,
    ) -> None:
        self._task = task
        self._env = env
        self._verifiers_own = verifiers_own
        self._settle = settle
        self._keep_processes = keep_processes
        self.rewards: dict[str, float] = {}

    def grade(self, agents: Container) -> Grade:
        """Raises GradingError or SandboxError where there is no verdict, Unresolved where the
        agent left nothing that could be graded."""
        self._collect(agents)
        ended = self._end_processes(agents)
        if self._task.verifier.place is None:
            try:
                return self._verify(agents, ended)
            except StepFailed as failed:
                raise Unresolved(f"the agent left nothing to grade: {failed}") from None
        with closing(self._verifiers_own()) as own:
            artifacts.carry(self._task.artifacts, agents, own)
            return self._verify(own, 0)

    def _collect(self, agents: Container) -> None:
        """While the agent's processes still run: their state may be what is to be kept."""
        with suppress(Stopped):
            for collect in self._task.verifier.collect:
                argv = by_shell(collect.command)
                agents.run(argv, timeout=collect.timeout_s, user=collect.user)

    def _end_processes(self, agents: Container) -> int:
        """How many there were. A container that has stopped is started in any case."""
        if self._keep_processes and agents.running():
            return 0
        count = agents.processes()
        agents.end_processes()
        self._settle(agents)
        return count

    def _verify(self, container: Container, ended: int) -> Grade:
        verifier = self._task.verifier
        container.as_root(_EMPTIED, *(() if verifier.bundled else ("/tests",)))
        if not verifier.bundled:
            for source, target in self._task.tests:
                if source.exists():
                    container.put_tree(source, target)
        container.as_root('chmod a+rx "$1"', verifier.script)
        done = container.run(
            by_shell(verifier.script),
            timeout=verifier.timeout_s,
            user=verifier.user,
            env=self._env,
        )
        if done.timed_out:
            raise GradingError(f"the verifier did not end within {verifier.timeout_s:g} s")
        return self._judged(container, done, ended)

    def _judged(self, container: Container, done: Completed, ended: int) -> Grade:
        said = _last_line(done)
        if self._task.verifier.by_exit:
            self.rewards = {"reward": float(done.exit_code == 0)}
        else:
            try:
                self.rewards = read_rewards(_files(container))
            except GradingError as error:
                raise GradingError(
                    f"{error} (it exited with {done.exit_code}{', saying: ' if said else ''}{said})"
                ) from None
        solved = resolved(self.rewards)
        told = "" if solved else _why(said, ended)
        return Grade(
            solved,
            score(self.rewards),
            f"{in_words(self.rewards)}{told}",
            output=done.text.strip(),
        )


def _files(container: Container) -> dict[str, bytes | None]:
    return {
        name: container.get_file(f"{LOGS}/{name}", REWARD_LIMIT)
        for name in ("reward.json", "reward.txt")
    }


def _why(said: str, ended: int) -> str:
    why = f": {said}" if said else ""
    if ended:
        many = "1 process" if ended == 1 else f"{ended} processes"
        why += (
            f" ({many} of the agent's ended before the verifier; "
            "--smallbench-set=processes=keep leaves them)"
        )
    return why


def _last_line(done: Completed) -> str:
    lines = done.text.strip().splitlines()
    return " ".join(lines[-1].split())[:SHOWN] if lines else ""
