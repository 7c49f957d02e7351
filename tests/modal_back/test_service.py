"""What the back asks of Modal, and what it says when Modal refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_smallbench.contracts import OnAnEngine, Sandbox, SandboxLimits, SandboxSetup
from pytest_smallbench.errors import SandboxError, SandboxUnavailable
from pytest_smallbench.sandboxes import modal
from pytest_smallbench.sandboxes.docker.images import Recipe
from pytest_smallbench.sandboxes.docker.labels import OWNER, RUN, labels, owner
from pytest_smallbench.sandboxes.modal import LIFETIME, NO_ACCOUNT, ModalSandboxes, build

pytest.importorskip("modal")

from grpclib import Status
from modal_proto import api_pb2

if TYPE_CHECKING:
    from modal_service import ModalService

SETUP = SandboxSetup(python="python3", image="python:3.12-slim")


def test_what_is_asked_for(modal_service: ModalService) -> None:
    back = ModalSandboxes()
    assert isinstance(back, OnAnEngine)
    address = back.start(SETUP)
    sandbox = back.open(address, SandboxLimits(memory=1 << 30))
    (kept,) = modal_service.living.values()
    blocked = api_pb2.NetworkAccess.NetworkAccessType.BLOCKED
    assert kept.definition.network_access.network_access_type == blocked
    assert kept.definition.resources.memory_mb_max == 1536  # the guest has its own 512
    assert kept.definition.resources.milli_cpu_max == 2000
    assert kept.definition.timeout_secs == LIFETIME
    assert kept.definition.image_id.startswith("im-")
    sandbox.close()
    assert not modal_service.living
    back.stop()


def test_the_end_of_a_run_ends_its_sandboxes(modal_service: ModalService) -> None:
    back = ModalSandboxes()
    sandbox = back.open(back.start(SETUP), SandboxLimits())
    back.stop()
    assert not modal_service.living
    with pytest.raises(SandboxError, match=r"is gone: it was ended, .*; run the task again"):
        sandbox.run("true", timeout=5)
    sandbox.close()


def test_what_dead_runs_have_left_is_ended(modal_service: ModalService) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""], cwd="/")
    gone.wait()
    machine, boot, namespace, *_ = owner().split("/")
    dead = {RUN: "old", OWNER: f"{machine}/{boot}/{namespace}/{gone.pid}/1"}
    left, alive = (opened(tags) for tags in (dead, labels("new")))
    (first, second) = modal_service.living
    assert ModalSandboxes().clean() == [f"ended sandbox {first} of run old"]
    assert list(modal_service.living) == [second]
    left.close()
    alive.close()


def test_trouble_that_passes_is_waited_for(modal_service: ModalService) -> None:
    modal_service.refuse("SandboxCreateV2", Status.UNAVAILABLE, times=2)
    opened().close()
    assert modal_service.refusals["SandboxCreateV2"] == []


def test_a_crowd_waits_as_long_as_modal_says(modal_service: ModalService) -> None:
    later = api_pb2.RPCRetryPolicy(retry_after_secs=0.1)
    modal_service.refuse("SandboxCreateV2", Status.RESOURCE_EXHAUSTED, 9, details=[later])
    opened().close()
    assert modal_service.refusals["SandboxCreateV2"] == []


@pytest.mark.parametrize("status", [Status.RESOURCE_EXHAUSTED, Status.UNAVAILABLE])
def test_trouble_that_stays_is_one_line(modal_service: ModalService, status: Status) -> None:
    modal_service.refuse("SandboxCreateV2", status, 99, "no room\nanywhere")
    with pytest.raises(SandboxError) as caught:
        opened()
    modal_service.refusals.clear()
    assert str(caught.value) == "Modal, creating a sandbox: no room anywhere"


def test_an_image_is_built_from_the_same_dockerfile(modal_service: ModalService) -> None:
    files = {"Dockerfile": b"FROM debian\nCOPY lock.txt /\nUSER sandbox", "lock.txt": b"a==1"}
    before = len(modal_service.images)
    image = build(Recipe("grading", files, args={"BASE": "b"}))
    sent, *layers = modal_service.images[before:]
    lines = ["FROM debian", "COPY lock.txt /", "USER sandbox"]
    assert [line for line in sent.dockerfile_commands if line] == lines
    assert dict(sent.build_args) == {"BASE": "b"}
    assert b"a==1" in modal_service.files
    assert "USER root" in layers[-1].dockerfile_commands
    assert image.digest.startswith("im-")


def test_an_image_without_python_is_said_before_any_task(modal_service: ModalService) -> None:
    with pytest.raises(SandboxUnavailable, match=r"the container did not get ready: .*no-python"):
        ModalSandboxes().start(SandboxSetup(python="no-python", image="debian"))
    assert not modal_service.living


def test_a_system_root_is_not_to_be_had() -> None:
    with pytest.raises(SandboxUnavailable, match="no system root"):
        ModalSandboxes().open("{}", SandboxLimits(root="system"))


def test_no_token_is_one_line(modal_service: ModalService, tmp_path: Path) -> None:
    code = (
        "from pytest_smallbench.sandboxes.modal import ModalSandboxes\n"
        "print(ModalSandboxes().unavailable())"
    )
    environment = {"HOME": str(tmp_path), "MODAL_SERVER_URL": modal_service.address}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == f"Modal, looking for the app: {NO_ACCOUNT}\n"


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    modal.app.cache_clear()
    monkeypatch.setitem(sys.modules, "modal", None)
    assert ModalSandboxes().unavailable() == modal.MISSING


def opened(tags: dict[str, str] | None = None) -> Sandbox:
    address = json.dumps({"setup": asdict(SETUP), "tags": tags or {}})
    return ModalSandboxes().open(address, SandboxLimits())
