"""The columns of both tables, made from the contract, so that no field of it is forgotten."""

import types
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import pyarrow as pa
from pydantic import BaseModel

from schemas.article import Article
from schemas.quality import Quality
from schemas.request import CleanOptions, SegmentChoice
from schemas.result import Accounting, Encoding, Engine, ValidationMessage
from schemas.segment import Segment
from schemas.verdict import Verdict

_PLAIN: Final[Mapping[type, pa.DataType]] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
}
PROVENANCE: Final = (
    ("file", pa.string()),
    ("offset", pa.int64()),
    ("record", pa.int64()),
    ("id", pa.string()),
)
PROBLEMS: Final = pa.schema(
    [
        *PROVENANCE,
        ("url", pa.string()),
        ("type", pa.string()),
        ("title", pa.string()),
        ("status", pa.int64()),
        ("detail", pa.string()),
    ]
)


@cache
def pages(options: CleanOptions) -> pa.Schema:
    """The columns of a page's row under these options."""
    fields: list[tuple[str, pa.DataType]] = [
        *PROVENANCE,
        ("dateDownloaded", pa.string()),
        ("digest", pa.string()),
        *((name, arrow_type(field.annotation)) for name, field in Article.model_fields.items()),
        ("decision", pa.string()),
        ("pageType", pa.string()),
        ("score", pa.float64()),
        ("expectedF1", pa.float64()),
        ("grade", pa.string()),
        ("verdict", arrow_type(Verdict)),
        ("quality", arrow_type(Quality)),
        ("validation", pa.list_(arrow_type(ValidationMessage))),
        ("encoding", arrow_type(Encoding)),
        ("accounting", arrow_type(Accounting)),
        ("engine", arrow_type(Engine)),
    ]
    if options.segments is not SegmentChoice.NONE:
        fields.append(("segments", pa.list_(arrow_type(Segment))))
    if options.rendered:
        fields.append(("renderedText", pa.string()))
    return pa.schema(fields)


def arrow_type(kind: Any) -> pa.DataType:
    """The Arrow type of what a model's field may hold."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return arrow_type(inside[0])
    if origin is Literal:
        return _PLAIN[type(inside[0])]
    if origin in (Union, types.UnionType):
        (only,) = (one for one in inside if one is not types.NoneType)
        return arrow_type(only)
    if origin is tuple:
        return pa.list_(arrow_type(inside[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return pa.map_(pa.string(), arrow_type(inside[1]))
    if issubclass(kind, BaseModel):
        return pa.struct([(name, arrow_type(field.annotation)) for name, field in kind.model_fields.items()])
    return pa.string() if issubclass(kind, StrEnum) else _PLAIN[kind]
