"""--smallbench-mcp as a run sees it: its servers, their secrets, their tools beside a task's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_smallbench.agents import ASK_NONE
from pytest_smallbench.agents.mcp.config import OPTION, names, read_servers
from pytest_smallbench.agents.mcp_extra import needs_mcp
from pytest_smallbench.contracts import Environment
from pytest_smallbench.errors import InfrastructureError, UsageMistake
from pytest_smallbench.settings import Settings
from pytest_smallbench.trajectory import environment_secrets

if TYPE_CHECKING:
    from pytest_smallbench.agents.mcp.sessions import Sessions


def run_secrets(settings: Settings) -> tuple[str, ...]:
    """What a run may write nowhere, longest first: the environment's and its servers'."""
    found = set(environment_secrets())
    for server in read_servers(settings.mcp):
        found |= server.secrets
    return tuple(sorted(found, key=len, reverse=True))


def server_names(settings: Settings) -> str:
    """For reports: the servers' names and a digest of what they are; empty for none."""
    return names(read_servers(settings.mcp)) if settings.mcp else ""


def check_servers(settings: Settings, agent: str) -> None:
    """Start each server once, before any task. Raises UsageMistake."""
    if not settings.mcp:
        return
    if agent in ASK_NONE:
        raise UsageMistake(f"{OPTION}: agent {agent} uses no tools of others; drop one of the two")
    servers = read_servers(settings.mcp)
    with needs_mcp(OPTION):
        from pytest_smallbench.agents.mcp.sessions import Sessions
    try:
        with Sessions(servers):
            pass
    except InfrastructureError as error:
        raise UsageMistake(str(error)) from None


def with_servers(settings: Settings, environment: Environment) -> Environment:
    """The environment with the servers' tools beside its own; they end when it is closed."""
    if not settings.mcp:
        return environment
    from pytest_smallbench.agents.mcp.beside import beside
    from pytest_smallbench.agents.mcp.sessions import Sessions

    return beside(environment, Sessions(read_servers(settings.mcp)))


class SharedServers:
    """The servers of an attempt that may have several environments: started with the first of
    them, ended by ``close``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sessions: Sessions | None = None

    def beside(self, environment: Environment) -> Environment:
        """The environment with the servers' tools beside its own. Raises InfrastructureError."""
        if not self._settings.mcp:
            return environment
        from pytest_smallbench.agents.mcp.beside import beside_open
        from pytest_smallbench.agents.mcp.sessions import Sessions

        if self._sessions is None:
            self._sessions = Sessions(read_servers(self._settings.mcp)).__enter__()
        return beside_open(environment, self._sessions)

    def close(self) -> None:
        if self._sessions is not None:
            self._sessions.__exit__()
