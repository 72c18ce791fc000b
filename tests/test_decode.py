"""Bytes become the text their writer saw, whatever the header says."""

from pathlib import Path

import pytest

from schemas.result import EncodingSource
from service.decode import decode

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
