"""What the service says of itself."""

from typing import Literal

from schemas.base import Output
from schemas.request import Profile


class Version(Output):
    """The answer to `GET /v1/version`."""

    version: str
    """The engine's version: the same bytes, options and version give the same answer."""
    model: str | None
    """The model's version; null where rules work alone."""
    schemaVersion: Literal["1"]
    profiles: tuple[Profile, ...]


class Health(Output):
    """The answer to `GET /livez` and `GET /readyz`."""

    status: Literal["ok"]
