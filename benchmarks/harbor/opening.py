"""Opens a task's environment on a worker: its container, healthy and ready for the agent."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

from pytest_smallbench.contracts import Bench, Task
from pytest_smallbench.errors import SandboxError, SandboxUnavailable
from pytest_smallbench.sandboxes.docker.engine import connect

from . import own_settings
from .container import Box, Container
from .environment import FolderEnvironment
from .grader import Grader
from .honouring import agents_network, verifiers_network
from .preparing import FAILED, ROLES, key
from .programs import by_shell
from .task import FolderTask, Healthcheck, Network, Place
from .variables import filled

if TYPE_CHECKING:
    from docker import APIClient


@cache
def engine() -> APIClient:
    """One client a process: its connections serve all attempts."""
    return connect()


def open_environment(bench: Bench, folder_task: FolderTask, task: Task) -> FolderEnvironment:
    """Raises SandboxError where the container cannot be had."""
    state, own = bench.preparation.state, own_settings.checked(bench.settings.values)
    if reason := state.get(key(FAILED, task.id)):
        raise SandboxUnavailable(reason)

    def opened(role: str, place: Place, network: Network) -> Container:
        box = _box(place, state[key(role, task.id)], network, own.host_env)
        container = Container(engine(), box)
        try:
            if not healthy(container, place.healthcheck):
                raise SandboxError(f"the healthcheck of {task.id}'s container failed")
        except BaseException:
            container.close()
            raise
        return container

    def settle(container: Container) -> bool:
        return healthy(container, folder_task.place.healthcheck)

    def verifiers_own() -> Container:
        assert folder_task.verifier.place is not None
        network = verifiers_network(folder_task, own)
        return opened(ROLES[1], folder_task.verifier.place, network)

    env = filled(folder_task.verifier.env, own.host_env)
    container = opened(ROLES[0], folder_task.place, agents_network(folder_task, own))
    try:
        return FolderEnvironment(
            task,
            folder_task,
            container,
            Grader(folder_task, env, verifiers_own, settle, own.keep_processes),
            filled(folder_task.solution_env, own.host_env),
        )
    except BaseException:
        container.close()
        raise


def _box(place: Place, image: str, network: Network, host_env: tuple[str, ...]) -> Box:
    return Box(
        image=image,
        network="bridge" if network == "public" else "none",
        cpus=place.cpus,
        memory_mb=place.memory_mb,
        env=tuple(filled(place.env, host_env).items()),
        workdir=place.workdir,
    )


def healthy(container: Container, check: Healthcheck | None) -> bool:
    """Whether the check has succeeded, once it does or has failed too often; failures during
    the start period do not count."""
    if check is None:
        return True
    began, failures = time.monotonic(), 0
    while True:
        done = container.run(by_shell(check.command), timeout=check.timeout_s)
        if not done.exit_code:
            return True
        starting = time.monotonic() - began < check.start_period_s
        failures += not starting
        if failures >= check.retries:
            return False
        time.sleep(check.start_interval_s if starting else check.interval_s)
