"""What holds for every page, whatever is on it."""

import pickle
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.labels import Action, Label
from schemas.request import Profile
from schemas.result import Result
from service import clean
from service.decode import decode
from service.pipeline import analyse

# Words and seams that detectors, cuts and decoders look for, so that random pages are not mere noise
SHREDS = [
    "اقرأ أيضا: خبر آخر من الأرشيف", "كلمات مفتاحية", "شارك",
    "هذا الموقع يستخدم ملفات تعريف الارتباط",
    "Read also: the minister resigns", "Share on Facebook", "Accept all cookies", "© 2022 Example",
    "IMG_2041.jpeg",
    "قال الوزير يوم الاثنين إن الميزانية ستعرض على البرلمان قبل نهاية الشهر الجاري، وإن التصويت سيتم بعدها.",
    "The council voted on Tuesday to close the bridge for repairs that will last until the end of the year.",
    "部长星期一表示，预算将在本月底之前提交议会审议，随后将进行表决。", "AAوقال الوزير", "20 - 07 - 2022",
    "\xa0\xa0\xa0\xa0", "    ", "\t", " | ", " • ", "\n", "\n\n", "\r\n", "\u2028", " ", "\u200f",
    "\u202e", "\x00", "\x85",
    "א", "ह", "ก", "🙂", "\U000e0041", "{{title}}", "…", "المصدر | وكالات", "Tags: a, b", "#1",
]  # fmt: skip
pages = st.lists(st.sampled_from(SHREDS) | st.text(max_size=20), max_size=40).map("".join)
profiles = st.sampled_from(list(Profile))


def check(result: Result, text: str) -> None:
    at = 0
    chars = dict.fromkeys(Action, 0)
    for segment in result.segments:
        assert at <= segment.start < segment.end <= len(text)
        assert not text[at : segment.start].strip()
        assert not text[segment.start].isspace()
        assert not text[segment.end - 1].isspace()
        chars[segment.action] += segment.end - segment.start
        assert segment.reasons or segment.action is Action.KEPT, "whatever is not simply kept is explained"
        assert (segment.field is not None) == (segment.action is Action.LIFTED)
        if segment.duplicateOf is not None:
            assert result.segments[segment.duplicateOf].action is not Action.REMOVED
        at = segment.end
    assert not text[at:].strip()
    count = result.accounting
    assert count.length == len(text)
    assert (count.kept, count.lifted, count.removed, count.flagged) == tuple(
        chars[a] for a in (Action.KEPT, Action.LIFTED, Action.REMOVED, Action.FLAGGED)
    )
    assert count.kept + count.lifted + count.removed + count.flagged + count.whitespace == count.length


def squeezed(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c)[0] != "C")


@given(pages, profiles)
def test_segments_and_white_space_rebuild_the_page(text: str, profile: Profile) -> None:
    decoded = decode(text.encode(), content_type="text/plain; charset=utf-8")
    result, page_text, _ = analyse(decoded, profile=profile)
    assert page_text == decoded.text
    check(result, page_text)


@given(st.binary(max_size=300) | pages.map(str.encode) | pages.map(lambda t: t.encode("utf-16-le")))
def test_any_bytes_give_a_result(body: bytes) -> None:
    result = clean(body)
    decoded = decode(body)
    check(result, analyse(decoded)[1])
    assert clean(body) == result
    assert pickle.loads(pickle.dumps(result)) == result
    result.model_dump_json().encode("utf-8")


@given(pages)
def test_the_body_is_the_kept_text_and_nothing_else(text: str) -> None:
    result = clean(text.encode(), content_type="text/plain")
    page = decode(text.encode(), content_type="text/plain").text
    kept = "".join(
        page[s.start : s.end] for s in result.segments if s.action in (Action.KEPT, Action.FLAGGED)
    )
    assert squeezed(result.article.articleBody) == squeezed(kept)


@given(pages)
def test_no_control_characters_or_overrides_reach_the_body(text: str) -> None:
    body = clean(text.encode(), content_type="text/plain").article.articleBody
    for char in body:
        assert char in "\n\t" or unicodedata.category(char) != "Cc"
        assert not 0x202A <= ord(char) <= 0x202E
        assert not 0xE0000 <= ord(char) <= 0xE007F


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=200))
@settings(max_examples=50)
def test_html_rendering_is_covered_too(text: str) -> None:
    body = f"<!doctype html><html><body><p>{text}</p><ul><li>a<li>b</ul></body></html>".encode()
    result = clean(body, content_type="text/html")
    assert result.renderedText is not None
    check(result, result.renderedText)


def test_unknown_profile_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="bold"):
        clean(b"text", profile="bold")


def test_labels_of_kept_text_are_content_labels() -> None:
    result = clean(b"The council voted on Tuesday to close the bridge for repairs this year.\n")
    assert [s.label for s in result.segments] == [Label.PARAGRAPH]
