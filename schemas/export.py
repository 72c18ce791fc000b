"""Models -> JSON Schema files in `schemas/json/`: `python -m schemas.export` writes them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from schemas.about import Version
from schemas.labels import LabelInfo
from schemas.problem import BatchProblem, Problem
from schemas.request import CleanOptions, CleanRequest
from schemas.result import BatchResult, Result

FOLDER: Final = Path(__file__).with_name("json")
MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "batch-problem": BatchProblem,
    "batch-result": BatchResult,
    "clean-options": CleanOptions,
    "clean-request": CleanRequest,
    "label-info": LabelInfo,
    "problem": Problem,
    "result": Result,
    "version": Version,
}


def export() -> dict[str, str]:
    """File name and content of each schema: JSON Schema 2020-12, as it stands in answers."""
    texts = {}
    for name, model in MODELS.items():
        mode = "validation" if issubclass(model, CleanOptions | CleanRequest) else "serialization"
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **model.model_json_schema(mode=mode),  # type: ignore[arg-type]
        }
        texts[f"{name}.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return texts


def main() -> None:
    """Write the files, and remove those no model stands behind."""
    texts = export()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.json"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
