"""What a user of the playground does and sees."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.e2e.server import Service

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SEEDS = Path(__file__).parents[2] / "seeds"
IDS = sorted(path.name[:3] for path in SEEDS.glob("*.txt"))

# Every segment as it is drawn: its words, its classes, its colours
_SEGMENTS = """() => {
  const found = new Map();
  for (const piece of document.querySelectorAll("#page [data-i]")) {
    const style = getComputedStyle(piece);
    const one = found.get(piece.dataset.i) ?? {
      text: "", classes: [...piece.classList], colour: style.color, ground: style.backgroundColor,
      line: style.textDecorationLine, shadow: style.boxShadow, dir: style.direction, tag: piece.localName,
    };
    one.text += piece.textContent;
    found.set(piece.dataset.i, one);
  }
  return [...found.values()];
}"""
_INK = """(name) => {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}"""


def seed(name: str) -> Path:
    """The file of a seed."""
    (path,) = SEEDS.glob(f"{name}_*.txt")
    return path


class Tab:
    """One tab on the playground."""

    def __init__(self, page: "Page", service: Service) -> None:
        self.page = page
        self.service = service
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None
        )

    def open(self) -> None:
        self.page.goto(self.service.url)
        self.page.wait_for_selector("body.ready")

    def paste(self, text: str) -> None:
        """Put text on the clipboard and press Ctrl+V in the field, over whatever it holds."""
        self._forget()
        self.page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
        self.find("#text").focus()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Control+V")
        self.settled()

    def pick_seed(self, name: str) -> None:
        """Press the button of a seed."""
        self._forget()
        self.find(f'[data-seed^="{name}"]').click()
        self.settled()

    def choose_file(self, name: str, content: bytes) -> None:
        """Open a file."""
        self._forget()
        self.page.set_input_files(
            "#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )

    def run(self) -> None:
        """Press the button."""
        self._forget()
        self.find("#run").click()
        self.settled()

    def settled(self) -> None:
        """Wait until a page is drawn to its end."""
        self.page.wait_for_selector("#page[data-complete]")

    def segments(self) -> list[dict[str, Any]]:
        """Every segment of the raw page, as drawn."""
        found: list[dict[str, Any]] = self.page.evaluate(_SEGMENTS)
        return found

    def colour(self, name: str) -> str:
        """A colour of the current theme, as the browser writes it."""
        return str(self.page.evaluate(_INK, name))

    def find(self, selector: str, **which: Any) -> "Locator":
        """Elements; `which` as in Playwright's locator."""
        return self.page.locator(selector, **which)

    def words(self, selector: str) -> str:
        """The text of an element, shown or not."""
        return self.find(selector).text_content() or ""

    def clipboard(self) -> str:
        return str(self.page.evaluate("() => navigator.clipboard.readText()"))

    def copied(self, button: str) -> str:
        """What a copy button puts on the clipboard."""
        self.page.evaluate("() => navigator.clipboard.writeText('')")
        self.find(button).click()
        self.page.wait_for_function("(b) => document.querySelector(b).textContent === 'Copied'", arg=button)
        return self.clipboard()

    def marks(self) -> dict[str, float]:
        """When what happened, in milliseconds; the last of each name."""
        told = self.page.evaluate(
            "() => JSON.stringify(performance.getEntriesByType('mark').map((m) => [m.name, m.startTime]))"
        )
        return dict(json.loads(told))

    def _forget(self) -> None:
        self.page.evaluate("() => { delete document.getElementById('page').dataset.complete; }")
