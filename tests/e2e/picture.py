"""The picture of the README: `python -m tests.e2e.picture` takes it anew."""

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import SWITCHES, open_tab
from tests.e2e.server import serving

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "playground.png"
SEED = "004"


def main() -> None:
    """Show a seed with a cut picked, and save what is seen."""
    chromium = os.environ.get("GHIRBAL_CHROMIUM") or shutil.which("chromium")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "log.txt") as service,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        with open_tab(browser, service, width=1280, height=960) as tab:
            tab.pick_seed(SEED)
            tab.find("#page del").filter(has_text=".jpeg").first.click()
            tab.page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
