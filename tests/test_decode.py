"""Bytes become the text their writer saw, whatever the header says."""

import codecs
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.result import EncodingSource
from service.decode import decode, from_text
from service.document import MediaKind

SEEDS = sorted(Path(__file__).parent.parent.joinpath("seeds").glob("*.txt"))
ARABIC = SEEDS[0].read_text(encoding="utf-8")[:1500]

PARAGRAPHS = {
    "French": (
        "Le président a déclaré hier soir à l’Assemblée que les mesures prises à la fin de "
        "l’année seraient prolongées jusqu’en février. « C’est une décision difficile », "
        "a-t-il ajouté. Ça reste à définir."
    ),
    "German": (
        "Die Bundesregierung hat am Montag ein Gesetz über die Förderung erneuerbarer Energien "
        "beschlossen. Für viele Bürger dürfte das höhere Kosten bedeuten. Die Opposition "
        "äußerte scharfe Kritik."
    ),
    "Portuguese": (
        "O governo não confirmou ainda a decisão sobre as eleições municipais. A população da "
        "região está à espera de informações, e muitos cidadãos não acreditam nas promessas."
    ),
    "Russian": (
        "Президент России подписал указ о мерах поддержки населения. По его словам, новые "
        "выплаты получат более пяти миллионов семей, имеющих детей. Эксперты считают, что "
        "этого недостаточно."
    ),
    "Ukrainian": (
        "Президент України підписав указ про заходи підтримки населення. За його словами, нові "
        "виплати отримають понад п'ять мільйонів сімей, які мають дітей."
    ),
    "Greek": (
        "Ο πρωθυπουργός της Ελλάδας ανακοίνωσε χθες νέα μέτρα για την οικονομία. Σύμφωνα με "
        "τον ίδιο, τα μέτρα αυτά θα βοηθήσουν χιλιάδες οικογένειες, ιδιαίτερα στις μεγάλες "
        "πόλεις."
    ),
    "Hebrew": (
        "ראש הממשלה הודיע אתמול על תוכנית כלכלית חדשה. לדבריו, התוכנית תסייע לאלפי משפחות "
        "ברחבי הארץ, במיוחד בערים הגדולות. האופוזיציה מתחה ביקורת על ההחלטה ודרשה הסברים."
    ),
    "Turkish": (
        "Cumhurbaşkanı dün yaptığı açıklamada yeni ekonomik önlemlerin alınacağını söyledi. "
        "İstanbul'da yaşayan birçok kişi için bu değişiklikler büyük önem taşıyor."
    ),
    "Polish": (
        "Prezydent podpisał wczoraj ustawę o wsparciu rodzin wychowujących dzieci. Według "
        "niego nowe świadczenia otrzyma ponad pięć milionów osób. Źródła podają, że ceny "
        "żywności wciąż rosną."
    ),
    "Thai": (
        "นายกรัฐมนตรีประกาศมาตรการทางเศรษฐกิจใหม่เมื่อวานนี้ โดยระบุว่ามาตรการดังกล่าวจะช่วยเหลือครอบครัวหลายล้านครอบครัว"
    ),
    "Chinese": (
        "中国国家主席昨天在北京会见了来访的外国代表团。双方就经济合作和地区安全问题交换了意见，"
        "并签署了多项协议。"
    ),
    "Taiwanese": (
        "總統昨天在臺北會見了來訪的外國代表團。雙方就經濟合作和區域安全問題交換了意見，並簽署了多項協議。"
    ),
    "Japanese": (
        "政府は昨日、新しい経済対策を発表しました。首相によると、この対策は全国の多くの家庭を支"
        "援するものです。"
    ),
    "Korean": (
        "대통령은 어제 새로운 경제 정책을 발표했다. 그는 이번 정책이 전국의 수많은 가정에 "
        "도움이 될 것이라고 말했다."
    ),
    "Persian": (
        "رييس جمهور ايران ديروز اعلام كرد كه برنامه هاي اقتصادي جديدي براي حمايت از خانواده ها "
        "اجرا مي شود. به گفته او، بيش از پنج ميليون نفر كمك مي گيرند. چنين طرحي گران است."
    ),
    "Arabic": ARABIC,
}

LEGACY = [
    ("Arabic", "cp1256", "windows-1256"),
    ("Arabic", "iso8859_6", "iso-8859-6"),
    ("Arabic", "mac_arabic", "x-mac-arabic"),
    ("Persian", "cp1256", "windows-1256"),
    ("French", "cp1252", "windows-1252"),
    ("German", "cp1252", "windows-1252"),
    ("Portuguese", "cp1252", "windows-1252"),
    ("Russian", "cp1251", "windows-1251"),
    ("Russian", "koi8_r", "koi8-r"),
    ("Russian", "cp866", "ibm866"),
    ("Ukrainian", "cp1251", "windows-1251"),
    ("Greek", "cp1253", "windows-1253"),
    ("Hebrew", "cp1255", "windows-1255"),
    ("Turkish", "cp1254", "windows-1254"),
    ("Polish", "iso8859_2", "iso-8859-2"),
    ("Polish", "cp1250", "windows-1250"),
    ("Thai", "cp874", "windows-874"),
    ("Chinese", "gbk", "gbk"),
    ("Taiwanese", "big5", "big5"),
    ("Japanese", "cp932", "shift_jis"),
    ("Japanese", "euc_jp", "euc-jp"),
    ("Korean", "cp949", "euc-kr"),
]
legacy = pytest.mark.parametrize(("language", "codec", "name"), LEGACY)


def in_legacy(language: str, codec: str) -> tuple[bytes, str]:
    """A paragraph in a legacy charset, and what of it that charset can show."""
    body = PARAGRAPHS[language].encode(codec, "ignore")
    return body, body.decode(codec)


@legacy
def test_a_paragraph_without_a_charset_is_read_by_the_right_one(language: str, codec: str, name: str) -> None:
    body, text = in_legacy(language, codec)
    decoded = decode(body)
    assert decoded.text == text
    # where the bytes are the same in both, the commoner charset may be named
    assert decoded.encoding.charset == name or text.encode(codec) == text.encode("iso8859_6")
    assert decoded.encoding.source is EncodingSource.DETECTED
    assert decoded.encoding.declared is None


@legacy
def test_a_header_that_says_latin_1_is_not_believed(language: str, codec: str, name: str) -> None:
    body, text = in_legacy(language, codec)
    decoded = decode(body, content_type="text/html; charset=ISO-8859-1")
    assert decoded.text == text
    assert decoded.encoding.declared == "ISO-8859-1"
    honest = name == "windows-1252"
    assert decoded.encoding.source is (EncodingSource.DECLARED if honest else EncodingSource.DETECTED)


@legacy
def test_a_header_that_is_right_is_named_as_the_evidence(language: str, codec: str, name: str) -> None:
    body, text = in_legacy(language, codec)
    decoded = decode(body, charset=name)
    assert (decoded.text, decoded.encoding.charset) == (text, name)
    assert decoded.encoding.source is EncodingSource.DECLARED


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16le"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16be"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32le"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32be"),
    ],
)
def test_a_byte_order_mark_goes_before_everything_and_is_removed(mark: bytes, codec: str, name: str) -> None:
    decoded = decode(mark + ARABIC.encode(codec), content_type="text/plain; charset=windows-1256")
    assert decoded.text == ARABIC
    assert (decoded.encoding.charset, decoded.encoding.source) == (name, EncodingSource.BOM)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [ARABIC, "Plain English, nothing else.", PARAGRAPHS["Russian"]])
def test_utf_16_and_32_without_a_mark_are_known_by_their_nuls(codec: str, text: str) -> None:
    decoded = decode(text.encode(codec))
    assert decoded.text == text
    assert decoded.encoding.source is EncodingSource.NUL_PATTERN
    assert decoded.kind is MediaKind.TEXT
    assert decode(text.encode(codec), charset=codec).encoding.source is EncodingSource.DECLARED


def test_valid_utf_8_goes_before_what_was_declared() -> None:
    decoded = decode(ARABIC.encode(), content_type='text/html; charset="windows-1256"')
    assert decoded.text == ARABIC
    assert decoded.encoding.source is EncodingSource.VALID_UTF8
    assert decoded.encoding.declared == "windows-1256"


def test_iso_2022_jp_is_valid_utf_8_and_yet_read_as_declared() -> None:
    text = PARAGRAPHS["Japanese"]
    decoded = decode(text.encode("iso2022_jp"), charset="ISO-2022-JP")
    assert (decoded.text, decoded.encoding.charset) == (text, "iso-2022-jp")


@pytest.mark.parametrize("charset", [None, "utf-8"])
def test_iso_2022_jp_is_told_by_its_escapes(charset: str | None) -> None:
    page = f"<title>{PARAGRAPHS['Japanese'][:12]}</title><p>{PARAGRAPHS['Japanese']}</p>"
    decoded = decode(page.encode("iso2022_jp"), charset=charset)
    assert (decoded.text, decoded.encoding.charset) == (page, "iso-2022-jp")
    assert decoded.encoding.source is EncodingSource.DETECTED


@pytest.mark.parametrize(
    "text",
    [
        "Terminals are told to write \x1b[1mbold\x1b[0m letters.",
        "A stray \x1b$B in the middle of a text",
        "日本語 \x1b$B$3$s\x1b(B",
    ],
)
def test_other_escapes_leave_utf_8_alone(text: str) -> None:
    decoded = decode(text.encode())
    assert (decoded.text, decoded.encoding.charset) == (text, "utf-8")


@pytest.mark.parametrize("missing", [1, 2])
def test_utf_8_cut_inside_its_last_character_stays_utf_8(missing: int) -> None:
    body = "Ein Text, der zu früh endet: €".encode()
    decoded = decode(body[:-missing], charset="latin1")
    assert decoded.text == "Ein Text, der zu früh endet: \ufffd"
    assert decoded.encoding.charset == "utf-8"
    assert decoded.encoding.repairs == ("replaced-invalid-bytes",)


def test_one_stray_byte_does_not_make_a_utf_8_page_anything_else() -> None:
    body = ARABIC.encode() * 20
    decoded = decode(body[:5000] + b"\xa0" + body[5000:], charset="windows-1252")
    assert decoded.encoding.charset == "utf-8"
    assert decoded.text.count("\ufffd") in {1, 2, 3}
    assert decoded.encoding.repairs == ("replaced-invalid-bytes",)


@pytest.mark.parametrize(
    "head",
    [
        '<html><head><meta charset="windows-1256">',
        "<html><head><meta http-equiv=Content-Type content='text/html; charset=windows-1256'>",
        '<?xml version="1.0" encoding="windows-1256"?><html>',
        "<!-- <meta charset=koi8-r> --><html><meta charset=windows-1256 >",
    ],
)
def test_a_page_declares_its_own_charset(head: str) -> None:
    decoded = decode((head + "<p>نعم").encode("cp1256"))
    assert decoded.text == head + "<p>نعم"
    assert decoded.encoding.source is EncodingSource.DECLARED
    assert decoded.encoding.declared == "windows-1256"
    assert decoded.kind is MediaKind.HTML


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("no-such-charset", "no-such-charset"),
        ("replacement", "replacement"),
        ("x-user-defined", "x-user-defined"),
        ("rot13", "rot13"),
        ("zlib_codec", "zlib_codec"),
        ("\x00wild\ud800" + "x" * 500, "wild" + "x" * 60),
        ("", None),
        ("   ", None),
    ],
)
def test_unknown_labels_are_reported_and_otherwise_ignored(label: str, shown: str | None) -> None:
    decoded = decode(ARABIC.encode("cp1256", "ignore"), charset=label)
    assert decoded.text == ARABIC.encode("cp1256", "ignore").decode("cp1256")
    assert decoded.encoding.declared == shown


def test_characters_a_charset_lacks_are_replaced_and_reported() -> None:
    body = PARAGRAPHS["Korean"].encode("cp949")
    decoded = decode(body + b"\xff", charset="euc-kr")
    assert decoded.text == PARAGRAPHS["Korean"] + "\ufffd"
    assert decoded.encoding.repairs == ("replaced-invalid-bytes",)


def test_bytes_that_are_nothing_in_particular_are_windows_1252() -> None:
    decoded = decode(b"\xd7\xf7 \xb1\xb6 \xa6x\xacy\x81")
    assert decoded.encoding.charset == "windows-1252"
    assert decoded.encoding.source is EncodingSource.FALLBACK


def test_an_empty_body_is_empty_text() -> None:
    decoded = decode(b"", content_type="text/html")
    assert (decoded.text, decoded.encoding.source) == ("", EncodingSource.VALID_UTF8)


def test_line_breaks_and_nuls_stay_as_they_were() -> None:
    text = "one\r\ntwo\rthree\x00four\n" + "five " * 30
    assert decode(text.encode()).text == text


# Binary and HTML.

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR"


@pytest.mark.parametrize(
    "body",
    [
        PNG,
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"GIF89a\x01\x00",
        b"\x1f\x8b\x08\x00\x00",
        b"PK\x03\x04\x14\x00",
        b"RIFF\x24\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x18ftypmp42",
        b"WARC/1.0\r\nWARC-Type: response\r\n",
        zlib.compress(bytes(range(256)) * 8)[2:] * 3,
        bytes(range(256)) * 4,
    ],
)
@pytest.mark.parametrize("content_type", [None, "text/plain", "text/html; charset=utf-8"])
def test_binary_is_binary_whatever_the_header_says(body: bytes, content_type: str | None) -> None:
    decoded = decode(body, content_type=content_type)
    assert decoded.kind is MediaKind.BINARY
    assert decoded.encoding.source is EncodingSource.FALLBACK
    assert decoded.text


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><title>x</title>",
        "  \n<!-- saved -->\n<HTML lang=ar>",
        "<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x'>",
        "<div class=a>text</div>",
        "text first, " + "<p>then <a href=x>tags</a></p>" * 10,
    ],
)
@pytest.mark.parametrize("content_type", [None, "", "application/octet-stream", "nonsense"])
def test_html_is_known_by_its_looks(page: str, content_type: str | None) -> None:
    assert decode(page.encode(), content_type=content_type).kind is MediaKind.HTML
    assert decode(page.encode(), content_type="text/plain").kind is MediaKind.TEXT


@pytest.mark.parametrize(
    "text",
    [
        ARABIC,
        "if a < b and c > d: print(a)",
        "Use the <p> element for paragraphs, and close it with </p>.",
        "<3 is a heart",
        "<?xml version='1.0'?><rss><channel/></rss>",
    ],
)
def test_text_is_not_taken_for_html(text: str) -> None:
    assert decode(text.encode()).kind is MediaKind.TEXT
    assert decode(text.encode(), content_type="application/xhtml+xml").kind is MediaKind.HTML


# Characters instead of bytes.


def test_text_needs_no_decoding() -> None:
    decoded = from_text(ARABIC, html=False)
    assert (decoded.text, decoded.kind) == (ARABIC, MediaKind.TEXT)
    assert (decoded.encoding.source, decoded.encoding.charset) == (EncodingSource.TEXT, "utf-8")
    assert from_text("<p>x", html=True).kind is MediaKind.HTML


def test_lone_surrogates_are_replaced_and_reported() -> None:
    decoded = from_text("a\ud800b\udfff", html=False)
    assert decoded.text == "a\ufffdb\ufffd"
    assert decoded.encoding.repairs == ("replaced-lone-surrogates",)


# What holds for everything.

labels = st.none() | st.text(max_size=40) | st.sampled_from([name for _, _, name in LEGACY])
types = st.none() | st.text(max_size=60) | st.sampled_from(["text/html", "text/plain; charset=gbk"])
pieces = st.sampled_from(
    [t.encode(c, "ignore")[:60] for t in PARAGRAPHS.values() for c in ("utf-8", "cp1256")]
)
bodies = st.binary(max_size=200) | st.lists(st.binary(max_size=8) | pieces, max_size=8).map(b"".join)


@settings(max_examples=150, deadline=None)
@given(bodies, types, labels)
def test_nothing_makes_it_fail(body: bytes, content_type: str | None, charset: str | None) -> None:
    decoded = decode(body, content_type=content_type, charset=charset)
    decoded.text.encode("utf-8")
    assert decoded == decode(body, content_type=content_type, charset=charset)
    declared = decoded.encoding.declared
    assert declared is None or (len(declared) <= 64 and declared.isprintable())


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff"), max_size=300))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    decoded = decode(text.encode())
    if decoded.kind is not MediaKind.BINARY and not decoded.encoding.repairs:
        assert decoded.text == text


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=100))
def test_any_text_is_accepted(text: str) -> None:
    from_text(text, html=False).text.encode("utf-8")
