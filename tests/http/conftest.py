"""Doors with the default limits, and with small ones."""

import pytest

from tests.http.door import Door


@pytest.fixture(scope="session")
def door() -> Door:
    return Door()


@pytest.fixture(scope="session")
def small_door() -> Door:
    """Takes 1000 bytes."""
    return Door(max_body_bytes=1000)
