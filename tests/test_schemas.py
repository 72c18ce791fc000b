"""The contract keeps its own rules, and the files made from it are fresh."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

import schemas
from schemas import LABELS, Group, Label, LabelInfo, export
from schemas.base import Input, Output

# Fields whose name and type say all there is to say.
OBVIOUS = {"description", "example", "group", "label", "profiles", "schemaVersion", "status"}


def models(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for module in pkgutil.iter_modules(schemas.__path__):
        for value in vars(importlib.import_module(f"schemas.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, kind) and value is not kind:
                yield value


OUTPUTS = sorted(set(models(Output)), key=lambda model: model.__name__)
INPUTS = sorted(set(models(Input)), key=lambda model: model.__name__)


@pytest.mark.parametrize("model", OUTPUTS)
def test_output_fields_have_no_defaults(model: type[BaseModel]) -> None:
    assert [name for name, field in model.model_fields.items() if not field.is_required()] == []


@pytest.mark.parametrize("model", OUTPUTS + INPUTS)
def test_models_are_frozen_closed_and_documented(model: type[BaseModel]) -> None:
    assert model.model_config["frozen"]
    assert model.model_config["extra"] == "forbid"
    assert model.__doc__
    unexplained = [name for name, field in model.model_fields.items() if not field.description]
    assert set(unexplained) <= OBVIOUS


def test_no_word_is_excused_that_no_field_has() -> None:
    fields = {
        name
        for model in OUTPUTS + INPUTS
        for name, field in model.model_fields.items()
        if not field.description
    }
    assert fields == OBVIOUS


def test_every_label_is_explained_once() -> None:
    assert [info.label for info in LABELS] == list(Label)
    for info in LABELS:
        assert isinstance(info, LabelInfo)
        assert info.description.endswith(".")
        assert info.example
        assert info.label.is_content == (info.group is Group.CONTENT)


def test_every_exported_name_exists() -> None:
    for name in schemas.__all__:
        assert hasattr(schemas, name)


def test_the_json_schemas_are_fresh() -> None:
    """`python -m schemas.export` makes them so."""
    stored = {path.name: path.read_text(encoding="utf-8") for path in export.FOLDER.glob("*.json")}
    assert stored == export.export()
