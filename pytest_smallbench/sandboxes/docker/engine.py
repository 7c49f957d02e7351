"""The connection to a Docker engine, and one clear line where there is none.

Which engine: DOCKER_HOST, or DOCKER_CONTEXT, or the context chosen with ``docker context use``,
or the local socket; as the ``docker`` program has it.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pytest_smallbench.errors import SandboxError, SandboxUnavailable

if TYPE_CHECKING:
    from docker import APIClient

OLDEST_API = (1, 40)  # Docker 19.03: the first with all that is asked for here
_ANSWER_S = 60  # an engine under load takes its time over a container
_CONNECTIONS = 64  # kept open to the engine; a build, a pull or an attached container holds one
_START_ONE = "start one (systemctl start docker), or name another with DOCKER_HOST"


def connect() -> APIClient:
    """A client of the engine that the user has chosen. Raises SandboxUnavailable."""
    try:
        from docker import APIClient
    except ImportError:
        raise SandboxUnavailable(
            "Python's package docker is not installed: pip install docker"
        ) from None
    address = _address()
    try:
        _knock(address)
        client = APIClient(
            version="auto", timeout=_ANSWER_S, num_pools=_CONNECTIONS, **_how(address)
        )
    except Exception as error:  # requests', urllib3's, docker's or the socket's, as it happens
        raise SandboxUnavailable(_why(error, address)) from error
    if _parts(client.api_version) < OLDEST_API:
        wanted = ".".join(map(str, OLDEST_API))
        raise SandboxUnavailable(
            f"the Docker engine at {address} speaks API {client.api_version}, and {wanted} is "
            "needed: upgrade it to Docker 19.03 or newer"
        )
    return client


def unavailable() -> str:
    """Why no engine can be used here and what to do; empty where one answers."""
    try:
        connect().close()
    except SandboxUnavailable as reason:
        return str(reason)
    return ""


@contextlib.contextmanager
def failing_as(what: str) -> Iterator[None]:
    """Whatever goes wrong with the engine inside is a SandboxError that says what was tried."""
    from docker.errors import APIError, DockerException
    from requests import RequestException

    try:
        yield
    except APIError as error:
        raise SandboxError(f"{what}: the Docker engine says: {error.explanation}") from error
    except (DockerException, RequestException, OSError) as error:
        raise SandboxError(
            f"{what}: the Docker engine does not answer any more ({cause(error)}); "
            "see its log, start it and run again"
        ) from error


def has_bridge(client: APIClient) -> bool:
    """Whether containers can have the usual network; without it a build uses the host's."""
    return any(network["Name"] == "bridge" for network in client.networks())


def cause(error: BaseException) -> str:
    """The innermost reason, in the system's own words."""
    for inner in _chain(error):
        if isinstance(inner, OSError) and inner.errno and inner.strerror:
            return inner.strerror
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _address() -> str:
    """The address as the user wrote it, for messages too."""
    if host := os.environ.get("DOCKER_HOST"):
        return host
    context = _context()
    return str(context.Host) if context is not None else "unix:///var/run/docker.sock"


def _knock(address: str) -> None:
    """Raise OSError where a local socket does not answer; the package would leave its own open."""
    if address.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(address.removeprefix("unix://"))


def _how(address: str) -> dict[str, Any]:
    from docker.utils import kwargs_from_env

    if os.environ.get("DOCKER_HOST"):
        return dict(kwargs_from_env())
    context = _context()
    tls = context.TLSConfig if context is not None else None
    return {"base_url": address, **({"tls": tls} if tls is not None else {})}


def _context() -> Any:
    """The chosen context, as ``docker context use`` or DOCKER_CONTEXT has it; None: the default."""
    from docker.context import ContextAPI

    name = os.environ.get("DOCKER_CONTEXT")
    context = ContextAPI.get_context(name)
    if context is None and name:
        raise SandboxUnavailable(
            f"DOCKER_CONTEXT={name}: there is no such context; list them with: docker context ls"
        )
    return context if context is not None and context.Host else None


def _why(error: BaseException, address: str) -> str:
    kinds = tuple(type(inner) for inner in _chain(error))
    if PermissionError in kinds:
        return (
            f"no right to use the Docker engine at {address}: join the group that owns the socket "
            "(sudo usermod -aG docker $USER, then log in again), or run as root"
        )
    if FileNotFoundError in kinds:
        return f"no Docker engine at {address}: {_START_ONE}"
    if ConnectionRefusedError in kinds:
        return f"no Docker engine listens at {address}: {_START_ONE}"
    if os.environ.get("DOCKER_HOST"):
        return (
            f"DOCKER_HOST={address}: no Docker engine answers there ({cause(error)}); give "
            "unix:///PATH, tcp://HOST:PORT or ssh://HOST of one that runs"
        )
    return f"the Docker engine at {address} gives no answer ({cause(error)}): {_START_ONE}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it came from; urllib3 keeps some of these in ``args``."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [*one.args, one.__cause__, one.__context__, getattr(one, "reason", None)]


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
