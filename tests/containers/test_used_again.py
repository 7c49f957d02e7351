"""A container serves another sandbox only when nothing of the last one is left in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from container_samples import BASE

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.sandboxes.docker import DockerSandboxes
from pytest_smallbench.sandboxes.docker.client import DockerSandbox

if TYPE_CHECKING:
    from docker import APIClient

LONG = 120.0
LITTER = """
mkdir -p a/b; echo colour=indigo-7261 > a/b/c; echo x > /tmp/x; echo y > /dev/shm/y; echo z > ~/z
chmod 000 a; (setsid sleep 1000 &); sleep 1000 &
"""
LOOK = "find /work /tmp /dev/shm ~ -mindepth 1; ps -u 1000 -o comm= | grep sleep"


@pytest.fixture
def address(client: APIClient) -> Iterator[str]:
    back = DockerSandboxes()
    yield back.start(SandboxSetup(python="python3", image=BASE))
    back.stop()


def opened(address: str) -> DockerSandbox:
    return DockerSandboxes().open(address, SandboxLimits())


def opened_until(address: str, container: str) -> DockerSandbox | None:
    """A sandbox in that container, if it is among the next few."""
    for _ in range(8):
        sandbox = opened(address)
        if sandbox.container == container:
            return sandbox
        sandbox.close()
    return None


def test_nothing_of_a_sandbox_is_left_for_the_next(address: str) -> None:
    sandbox = opened(address)
    sandbox.shell().run(LITTER, timeout=LONG)
    sandbox.snapshot()
    sandbox.close()
    again = opened_until(address, sandbox.container)
    assert again is not None
    assert again.run(LOOK, timeout=LONG).text == ""
    assert again.run("pwd; ls -ld /work | cut -c1-10", timeout=LONG).text == "/work\ndrwxr-xr-x\n"
    again.close()


@pytest.mark.parametrize("call", ["shmget(7, 4096, 0o1666)", "semget(7, 1, 0o1666)"])
def test_where_something_stays_in_the_kernel_the_container_is_ended(
    address: str, call: str
) -> None:
    sandbox = opened(address)
    done = sandbox.python(f"import ctypes; print(ctypes.CDLL(None).{call} >= 0)", timeout=LONG)
    assert done.text == "True\n"
    sandbox.close()
    assert opened_until(address, sandbox.container) is None


def test_a_broken_off_request_ends_the_container(address: str) -> None:
    sandbox = opened(address)
    with pytest.raises(TypeError):
        sandbox.write("a", 7)  # type: ignore[arg-type]  # what a mistake of ours would be
    sandbox.close()
    assert opened_until(address, sandbox.container) is None
