"""Requests made from the OpenAPI description, sent to the running service: it does what it says."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.http.wire import Server

schemathesis = pytest.importorskip("schemathesis")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")
# the tool has no way to write NDJSON; batches have tests of their own
DESCRIBED = schemathesis.pytest.from_fixture("described").exclude(path_regex="batch$")


@pytest.fixture(scope="module")
def described() -> Iterator[Any]:
    server = Server()
    yield schemathesis.openapi.from_url(f"http://127.0.0.1:{server.port}/openapi.json")
    code, log = server.stop()
    assert code == 0
    assert "Traceback" not in log


@DESCRIBED.parametrize()  # type: ignore[untyped-decorator,unused-ignore]
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_service_does_what_it_says(case: Any) -> None:
    # no schema can say that a body must be what its Content-Encoding claims, or what headers may hold
    case.call_and_validate(excluded_checks=[checks.positive_data_acceptance, checks.negative_data_rejection])
