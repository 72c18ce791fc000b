"""What all schemas share."""

from pydantic import BaseModel, ConfigDict


class Output(BaseModel):
    """An answer: frozen, closed, and without defaults, so that no field can be forgotten."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Input(BaseModel):
    """A request: frozen, and an unknown field is refused rather than ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
