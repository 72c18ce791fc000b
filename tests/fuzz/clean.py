"""Any bytes through the whole of a request: `python -m tests.fuzz.clean -max_total_time=60`.

atheris changes the bytes and watches which branches of `service` they reach. What holds for every answer is
checked on each: strict UTF-8 JSON without control characters, and every character of the page accounted for.
"""

import json
import re
import sys

import atheris

with atheris.instrument_imports(include=["service"]):
    from schemas.request import CleanOptions, OffsetUnit, Profile, SegmentChoice
    from service.errors import ServiceError
    from service.http.accept import Coding, Form
    from service.http.answer import Sent, answer_envelope, answer_page
    from service.http.envelope import JsonLimits

LIMIT = 20_000
"""Bytes of a page; small ones reach as much and take less time."""
TYPES = (None, "text/plain", "text/html")
CHARSETS = (None, "utf-8", "windows-1256", "utf-16", "iso-8859-1", "shift_jis")
CODINGS: tuple[tuple[Coding, ...], ...] = ((), (), (), (Coding.GZIP,), (Coding.ZSTD,), (Coding.BROTLI,))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def check(data: bytes) -> None:
    """One request. The first two bytes choose how the rest is sent."""
    how, data = int.from_bytes(data[:2], "big"), data[2 : LIMIT + 2]
    options = CleanOptions(
        segments=SegmentChoice.ALL,
        rendered=True,
        offsets=tuple(OffsetUnit)[how % 3],
        profile=tuple(Profile)[how // 3 % 4],
    )
    kind, charset, codings = TYPES[how // 12 % 3], CHARSETS[how // 36 % 6], CODINGS[how // 216 % 6]
    sent = Sent(data, kind, charset, "https://example.org/a", 200, codings, 10 * LIMIT)
    try:
        if how // 1296 % 2:
            body = answer_envelope(sent, options, Form.JSON, JsonLimits(depth=32, values=1000)).body
        else:
            body = answer_page(sent, options, Form.JSON).body
    except ServiceError as error:
        assert error.status < 500  # noqa: PT017
        return
    told = json.loads(body.decode(), parse_constant=_never)
    assert not _CONTROL.search(json.dumps(told, ensure_ascii=False))
    count = told["accounting"]
    assert count["length"] == sum(
        count[name] for name in ("kept", "lifted", "removed", "flagged", "whitespace")
    )
    assert 0 <= told["quality"]["score"] <= 1
    ends = [0]
    for segment in told["segments"]:
        assert ends[-1] <= segment["start"] < segment["end"] <= count["length"]
        ends.append(segment["end"])


def _never(name: str) -> None:
    raise AssertionError(name)


if __name__ == "__main__":
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
