"""Modal as a service: what it refuses in one line, what may pass asked again, images."""

from __future__ import annotations

import contextlib
import importlib.util
import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from pytest_smallbench.errors import SandboxError, SandboxUnavailable

if TYPE_CHECKING:
    import modal

APP = "pytest-smallbench"
MISSING = "the modal sandbox needs the package modal: pip install 'pytest-smallbench[modal]'"
TOKEN = "run `modal token new`, or set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET"
PAUSES = [1.0, 4.0, 15.0]  # seconds before a further try, beyond the package's own few
LIFETIME = 4 * 3600  # seconds after which Modal ends a sandbox that nobody else has ended

T = TypeVar("T")


def unavailable() -> str:
    """Why Modal cannot be used from here; empty when it answers."""
    if importlib.util.find_spec("modal") is None:
        return MISSING
    import modal

    try:
        with failing_as("saying hello"):
            modal.Client.from_env().hello()
    except SandboxError as error:
        return str(error)
    return ""


@contextlib.contextmanager
def failing_as(doing: str) -> Iterator[None]:
    """Whatever Modal, or the way there, refuses is a SandboxError of one line."""
    from modal import exception

    try:
        yield
    except exception.AuthError as error:
        raise SandboxUnavailable(f"Modal knows no such account: {TOKEN}") from error
    except (exception.Error, OSError) as error:
        said = (str(error) or type(error).__name__).strip().splitlines()
        raise SandboxError(f"Modal, {doing}: {' '.join(said)}") from error


def patiently(ask: Callable[[], T]) -> T:
    """Ask again where the trouble may pass. Nothing of an agent's is lost by it."""
    from modal import exception

    passing = (
        exception.ServiceError,
        exception.InternalError,
        exception.ResourceExhaustedError,
        exception.ConnectionError,
        exception.TimeoutError,
        OSError,
    )
    for pause in PAUSES:
        try:
            return ask()
        except passing:
            time.sleep(pause * random.uniform(0.5, 1.5))  # workers fail at the same moment
    return ask()


def app() -> modal.App:
    """The app that all sandboxes of ours belong to."""
    import modal

    with failing_as("looking for the app"):
        return patiently(lambda: modal.App.lookup(APP, create_if_missing=True))


def image(name: str, app: modal.App) -> str:
    """The id of an image that a registry has; one of Modal's own is known by its id already."""
    import modal

    if name.startswith("im-"):
        return name
    with failing_as(f"getting the image {name}"):
        return patiently(lambda: modal.Image.from_registry(name).build(app)).object_id


def create(app: modal.App, image: str, memory: int, tags: Mapping[str, str]) -> modal.Sandbox:
    """A sandbox that does nothing yet: without a network, with at most ``memory`` bytes."""
    import modal

    with failing_as("creating a sandbox"):
        return patiently(
            lambda: modal.Sandbox.create(
                "sleep",
                str(LIFETIME),
                app=app,
                image=modal.Image.from_id(image),
                block_network=True,
                cpu=(1.0, 2.0),
                memory=(min(1024, memory >> 20), memory >> 20),
                timeout=LIFETIME,
                tags=dict(tags),
            )
        )


def end(sandbox: modal.Sandbox) -> None:
    """End it, now; what is gone already is well."""
    with contextlib.suppress(SandboxError), failing_as("ending a sandbox"):
        sandbox.terminate()
        sandbox.detach()
