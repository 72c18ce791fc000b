"""An artefact's outputs on the repository's seeds, stored beside it so that drift is seen.

`python -m service.training.reference FOLDER` writes `FOLDER/reference.json`.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from service.blocks import text as text_blocks
from service.detector import scan
from service.model.features import NAMES, extract
from service.model.tagger import Tagger, read

SEEDS: Final = Path(__file__).parents[2] / "seeds"


def outputs(tagger: Tagger) -> dict[str, Any]:
    """For each seed: the mean of every feature over its blocks, and P(content) of every block."""
    found = {}
    for path in sorted(SEEDS.glob("*.txt")):
        page = text_blocks.read(path.read_bytes().decode("utf-8"))
        features = extract(page, scan(page))
        means = features.values.mean(axis=0).round(4).tolist()
        found[path.stem] = {
            "features": dict(zip(NAMES, means, strict=True)),
            "content": tagger.probabilities(features).round(4).tolist(),
        }
    return found


def write(folder: Path) -> None:
    """Write `reference.json` of the artefact in a folder."""
    text = json.dumps(outputs(read(folder)), indent=1, ensure_ascii=False)
    (folder / "reference.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
