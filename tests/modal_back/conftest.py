"""A stand-in for Modal's service, and the settings by which Modal's own package finds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pytest_smallbench.sandboxes import modal as back

if TYPE_CHECKING:
    from modal_service import ModalService


@pytest.fixture(scope="module")
def modal_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModalService]:
    pytest.importorskip("modal")
    import modal
    from modal_service import TOKEN, ModalService

    if os.getuid():
        pytest.skip("the stand-in for Modal makes its sandboxes as root")
    service = ModalService(tmp_path_factory.mktemp("modal"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODAL_SERVER_URL", service.start())
        patch.setenv("MODAL_TOKEN_ID", TOKEN[0])
        patch.setenv("MODAL_TOKEN_SECRET", TOKEN[1])
        patch.setenv("SMALLBENCH_TEST_SECRET", "indigo-7261")
        yield service
        modal.Client.from_env().close()
    back.app.cache_clear()  # it belongs to the client that is closed now
    service.stop()
