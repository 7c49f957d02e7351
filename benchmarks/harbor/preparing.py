"""What is got ready before the first task, on the controller: the engine, and the images."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import SandboxError, SandboxUnavailable, UsageMistake
from pytest_smallbench.sandboxes.docker.engine import connect, failing_as, has_bridge
from pytest_smallbench.sandboxes.docker.leftovers import sweep

from .honouring import Engine, reason_to_skip
from .images import image_of
from .own_settings import OwnSettings
from .task import FolderTask

if TYPE_CHECKING:
    from docker import APIClient

ROLES = ("image", "verifier")
FAILED = "failed"
AT_ONCE = 4  # builds; they wait for the network more than they compute


def prepare(
    tasks: Mapping[str, FolderTask], own: OwnSettings, say: Say
) -> tuple[dict[str, str], dict[str, str]]:
    """What workers must know, and why tasks are skipped, by task. Raises UsageMistake.

    An image that cannot be had is the task's own error: the others run.
    """
    try:
        client = connect()
        sweep(client)
        engine = look_at(client)
    except SandboxError as error:
        raise UsageMistake(f"task folders run on Docker: {error}") from None
    reasons = {name: reason_to_skip(task, engine, own) for name, task in tasks.items()}
    skips = {name: reason for name, reason in reasons.items() if reason}
    state: dict[str, str] = {}

    def have_images(name: str) -> None:
        try:
            for role, place in zip(ROLES, tasks[name].places, strict=False):
                state[key(role, name)] = image_of(client, place, name, say)
        except (SandboxUnavailable, SandboxError, OSError) as error:
            state[key(FAILED, name)] = str(error)
            say(f"{name}: {error}")

    _each_at_once(have_images, (name for name in tasks if name not in skips))
    client.close()
    return state, skips


def key(role: str, task: str) -> str:
    """Where ``Preparation.state`` has a task's image, or why there is none."""
    return f"{role}:{task}"


def clear_up() -> None:
    """At the end: what is left of processes that are gone. A later start has another try."""
    with contextlib.suppress(SandboxError):
        client = connect()
        sweep(client)
        client.close()


def look_at(client: APIClient) -> Engine:
    with failing_as("asking the Docker engine what it has"):
        about: dict[str, Any] = client.info()
        return Engine(has_bridge(client), float(about["NCPU"]), int(about["MemTotal"]) >> 20)


def _each_at_once(work: Callable[[str], None], names: Iterable[str]) -> None:
    """Over a few threads, which Ctrl-C need not wait for."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for name in names:
        waiting.put(name)

    def keep_working() -> None:
        while True:
            try:
                work(waiting.get_nowait())
            except queue.Empty:
                return

    count = min(AT_ONCE, (os.cpu_count() or 1) * 2)
    threads = [threading.Thread(target=keep_working, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
