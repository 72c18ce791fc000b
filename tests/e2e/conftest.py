"""A service, a browser, and a tab that may say nothing on its console.

What is missing is skipped, with a word why: `pip install -e '.[e2e]'` brings the client, and Debian's package
`chromium` the browser; `GHIRBAL_CHROMIUM` names another one.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.server import PATIENCE, Service, serving
from tests.e2e.tab import Tab

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARTEFACTS = Path(__file__).parent / "artefacts"
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("service") / "log.txt") as running:
        yield running


# For a module, not the session: while it runs, nothing else in the process can start an event loop
@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: the extra is e2e")
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("GHIRBAL_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("there is no chromium: apt-get install chromium, or set GHIRBAL_CHROMIUM")
    with api.sync_playwright() as play:
        running = play.chromium.launch(executable_path=found, args=list(SWITCHES), timeout=PATIENCE * 500)
        yield running
        running.close()


@pytest.fixture
def tab(browser: "Browser", service: Service) -> Iterator[Tab]:
    with open_tab(browser, service) as opened:
        yield opened


class open_tab:  # noqa: N801 - a context manager, used as a function
    """A tab on the playground that fails the test if its console held an error."""

    def __init__(
        self,
        browser: "Browser",
        service: Service,
        *,
        width: int = 1440,
        height: int = 1000,
        dark: bool = False,
    ) -> None:
        self._context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
            accept_downloads=True,
        )
        self._context.set_default_timeout(PATIENCE * 500)
        self._service = service

    def __enter__(self) -> Tab:
        self._tab = Tab(self._context.new_page(), self._service)
        self._tab.open()
        return self._tab

    def __exit__(self, kind: object, *_: object) -> None:
        self._context.close()
        if kind is None:
            assert not self._tab.complaints
