"""The docker back: a container a sandbox, on whatever engine the user has chosen."""

from __future__ import annotations

import contextlib
import functools
import socket
import sys
import uuid
from typing import TYPE_CHECKING

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.errors import SandboxError, SandboxUnavailable

from . import container, engine, images
from .client import DockerSandbox
from .labels import labels, state_of
from .leftovers import found, sweep, sweep_run
from .pool import Pool
from .service import Service

if TYPE_CHECKING:
    from docker import APIClient

_CPUS = 2  # of one container; how many programs run at once is the slots' affair


class DockerSandboxes:
    """contracts.SandboxBack."""

    name = "docker"
    default_image = "python:3.12-slim"

    def __init__(self) -> None:
        self._run = ""
        self._client: APIClient | None = None
        self._pool: Pool | None = None
        self._service: Service | None = None
        self._making: set[socket.socket] = set()

    def unavailable(self) -> str:
        return engine.unavailable()

    def found(self) -> str:
        client = engine.connect()
        try:
            with engine.failing_as("asking the engine"):
                about = client.info()
        finally:
            client.close()
        memory = int(about["MemTotal"]) >> 30
        return (
            f"Docker {about['ServerVersion']} on {about['Name']}, API {client.api_version}, "
            f"{about['NCPU']} cores, {memory} GiB"
        )

    def clean(self) -> list[str]:
        client = engine.connect()
        try:
            removed = [f"removed {one.kind} {one.name} of run {one.run}" for one in sweep(client)]
            with engine.failing_as("looking for leftovers"):
                left = [one for one in found(client) if state_of(one.labels) == "unknown"]
        finally:
            client.close()
        kept = "left alone, for another machine or container may be using it"
        return removed + [f"{kept}: {one.kind} {one.name} of run {one.run}" for one in left]

    def start(self, setup: SandboxSetup) -> str:
        """Sweep what dead runs have left, and begin the pool."""
        self.stop()
        self._run = uuid.uuid4().hex[:12]
        client = self._client = engine.connect()
        try:
            sweep(client)
            cores = int(client.info()["NCPU"])
            image = images.pull(client, setup.image, _say)
        except SandboxUnavailable as error:
            another = "name another with --smallbench-base-image=IMAGE"
            raise SandboxUnavailable(f"{error}; {another}") from error
        except SandboxError as error:
            raise SandboxUnavailable(str(error)) from error
        slots = setup.slots or cores
        kind = container.Kind(image.digest, setup, labels(self._run), min(cores, _CPUS))
        self._pool = Pool(functools.partial(container.start, client, kind, self._making), slots)
        self._service = Service(self._pool, slots)
        self._pool.warm_up()
        return self._service.address

    def open(self, address: str, limits: SandboxLimits) -> DockerSandbox:
        return DockerSandbox(address, limits)

    def await_warm(self) -> None:
        """Wait until the pool is full; whoever measures needs that, nobody else."""
        assert self._pool is not None
        self._pool.await_full()

    def stop(self) -> None:
        """End the pool, and remove whatever of this run is left on the engine."""
        service, self._service = self._service, None
        pool, self._pool = self._pool, None
        client, self._client = self._client, None
        if service is not None:
            service.close()
        if pool is not None:
            pool.close(functools.partial(container.abandon, self._making))
        if client is not None:
            # An engine that is gone took them with it.
            with contextlib.closing(client), contextlib.suppress(SandboxError):
                sweep_run(client, self._run)


def _say(line: str) -> None:
    print(f"smallbench: {line}", file=sys.stderr, flush=True)
