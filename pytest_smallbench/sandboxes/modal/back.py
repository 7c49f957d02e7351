"""The modal back: images and sandboxes in the user's own account."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.errors import SandboxError, SandboxUnavailable

from ..docker.labels import RUN, labels, state_of
from . import service
from .client import ModalSandbox

if TYPE_CHECKING:
    import modal


class ModalSandboxes:
    """contracts.SandboxBack, and OnAnEngine."""

    name = "modal"
    default_image = "python:3.12-slim"

    def __init__(self) -> None:
        self._run = ""

    def unavailable(self) -> str:
        return service.unavailable()

    def found(self) -> str:
        import modal

        return f"Modal answers, package modal {modal.__version__}"

    def clean(self) -> list[str]:
        ended = _end_all(lambda tags: state_of(tags) == "dead")
        return [f"ended sandbox {id} of run {run}" for id, run in ended]

    def start(self, setup: SandboxSetup) -> str:
        """End what dead runs have left, and open one sandbox to see that it can be done."""
        self.stop()
        if reason := service.unavailable():
            raise SandboxUnavailable(reason)
        try:
            _end_all(lambda tags: state_of(tags) == "dead")
            self._run = uuid.uuid4().hex[:12]
            setup = replace(setup, image=service.image(setup.image, service.app()), readable=())
            address = json.dumps({"setup": asdict(setup), "tags": labels(self._run)})
            self.open(address, SandboxLimits()).close()
        except SandboxError as error:
            self.stop()
            raise SandboxUnavailable(str(error)) from error
        return address

    def open(self, address: str, limits: SandboxLimits) -> ModalSandbox:
        return ModalSandbox(address, limits)

    def stop(self) -> None:
        """End whatever of this run is still there."""
        run, self._run = self._run, ""
        if run:
            with contextlib.suppress(SandboxError):  # Modal ends them in time
                _end_all(lambda tags: tags.get(RUN) == run)


def _end_all(wanted: Callable[[Mapping[str, str]], bool]) -> list[tuple[str, str]]:
    """End the sandboxes whose tags are wanted: the id and the run of each."""
    ended = []
    for sandbox, tags in _ours():
        if wanted(tags):
            service.end(sandbox)
            ended.append((sandbox.object_id, tags.get(RUN, "")))
    return ended


def _ours() -> Iterator[tuple[modal.Sandbox, Mapping[str, str]]]:
    """Every living sandbox of the app, and its tags."""
    import modal

    with service.failing_as("looking for sandboxes"):
        for sandbox in modal.Sandbox.list(app_id=service.app().app_id):
            yield sandbox, sandbox.get_tags()
