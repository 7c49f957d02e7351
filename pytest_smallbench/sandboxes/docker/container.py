"""One container: made, started, and its guest spoken to for the first time."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup

from ..guest import folders, sending
from ..process import root
from .engine import failing_as
from .stream import Attached, plain

if TYPE_CHECKING:
    from docker import APIClient

_OUR_PROCESSES = 5  # docker-init, guest, zygote, hammer, and the helper for files
_READY_S = 300  # at most for the modules to be loaded, on a machine that is busy
_RUN_SIZE = 64 << 20


@dataclass(frozen=True)
class Kind:
    """What the containers of a run have in common."""

    image: str
    setup: SandboxSetup
    labels: Mapping[str, str]
    cpus: int


@dataclass(frozen=True)
class Container:
    """One that is ready for requests: its modules are loaded, its files are laid."""

    id: str
    connection: socket.socket

    def lives(self) -> bool:
        """It says nothing of itself: anything to be heard from it is its end."""
        return not select.select([self.connection], [], [], 0)[0]

    def discard(self) -> None:
        self.connection.close()


def start(
    client: APIClient, kind: Kind, making: set[socket.socket], limits: SandboxLimits
) -> Container:
    """A container whose guest is ready; its connection is in ``making`` until it is. Raises
    SandboxError; nothing is left then."""
    with failing_as("starting a container"), contextlib.ExitStack() as undone:
        id = str(client.create_container(**_description(client, kind, limits))["Id"])
        undone.callback(_remove, client, id)
        connection = plain(_attached(client, id))
        undone.callback(connection.close)
        making.add(connection)
        try:
            client.start(id)
            _greet(connection, kind.setup, limits)
        finally:
            making.discard(connection)
        undone.pop_all()
    return Container(id, connection)


def abandon(making: set[socket.socket]) -> None:
    """Hang up on those that are being made. To remove them would not do: the engine takes no
    more of what is on its way to a container that is gone, and its sender waits for minutes."""
    for connection in tuple(making):
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def _remove(client: APIClient, id: str) -> None:
    with contextlib.suppress(Exception):  # it may be gone, and what went wrong is told anyway
        client.remove_container(id, force=True)


def _greet(connection: socket.socket, setup: SandboxSetup, limits: SandboxLimits) -> None:
    wire = Attached(connection)
    connection.settimeout(_READY_S)
    sending.greet(wire, setup, limits, last_words=lambda: wire.errors)
    connection.settimeout(None)


def _attached(client: APIClient, id: str) -> Any:
    wanted = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
    return client.attach_socket(id, wanted)


def _description(client: APIClient, kind: Kind, limits: SandboxLimits) -> dict[str, Any]:
    from docker.types import LogConfig

    memory = limits.memory + sending.MEMORY
    return {
        "image": kind.image,
        "entrypoint": [kind.setup.python],
        "command": ["-I", "-c", sending.START],
        "environment": {"PYTHONHASHSEED": "0"},
        "user": "0:0",
        "working_dir": "/",
        "hostname": "sandbox",
        "stdin_open": True,  # and it closes when we hang up, in whatever way
        "labels": dict(kind.labels),
        "host_config": client.create_host_config(
            network_mode="none",
            ipc_mode="private",
            read_only=True,
            init=True,
            auto_remove=True,
            cap_drop=["ALL"],
            cap_add=list(sending.CAPABILITIES),
            security_opt=["no-new-privileges"],
            mem_limit=memory,
            memswap_limit=memory,  # the sum of both: no swap
            pids_limit=limits.processes + _OUR_PROCESSES,
            nano_cpus=kind.cpus * 10**9,
            tmpfs=_mounts(limits.disk),
            # What goes over standard output is the wire: nobody is to keep a copy.
            log_config=LogConfig(type="none"),
            dns=["127.0.0.1"],  # or it would be told the host's
        ),
    }


def _mounts(disk: int) -> dict[str, str]:
    """Programs may be run from the code's folders: what an agent builds is run."""
    found = {path: f"{size},exec,nosuid,nodev" for path, size in folders.sizes(disk).items()}
    found[root.RUN] = f"size={_RUN_SIZE},mode=755,nosuid,nodev,noexec"
    found[sending.FOLDER] = f"size={_RUN_SIZE},mode=700,nosuid,nodev,noexec"
    return found
