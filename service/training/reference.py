"""An artefact's outputs on the repository's seeds, stored beside it so that drift is seen.

`python -m service.training.reference FOLDER` writes `FOLDER/reference.json`.
"""

import json
import sys
from html import escape
from pathlib import Path
from typing import Any, Final

from service import blocks
from service.decode import from_text
from service.detector import scan
from service.model.features import HTML_NAMES, extract
from service.model.tagger import Tagger, read

SEEDS: Final = Path(__file__).parents[2] / "seeds"


def as_html(text: str) -> str:
    """A page of one paragraph a line."""
    lines = (f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    return f"<!doctype html><html><body><main>{''.join(lines)}</main></body></html>"


def outputs(tagger: Tagger) -> dict[str, Any]:
    """For each seed: the mean of every feature over its blocks, and P(content) of every block."""
    found = {}
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_bytes().decode("utf-8")
        html = tuple(tagger.config["features"]) == HTML_NAMES
        page = blocks.read(from_text(as_html(text) if html else text, html=html))
        features = extract(page, scan(page))
        means = features.values.mean(axis=0).round(4).tolist()
        found[path.stem] = {
            "features": dict(zip(tagger.config["features"], means, strict=True)),
            "content": tagger.label(features)[0].round(4).tolist(),
        }
    return found


def write(folder: Path) -> None:
    """Write `reference.json` of the artefact in a folder."""
    text = json.dumps(outputs(read(folder)), indent=1, ensure_ascii=False)
    (folder / "reference.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
