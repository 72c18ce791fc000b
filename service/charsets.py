"""bytes -> the charset whose reading looks like language.

Three things live here: the fixed table of charset labels, reading bytes by a charset's name, and the
likelihood by which readings of the same bytes are compared.

The likelihood is a sum of log2 probabilities over the characters outside ASCII, with penalties for what
no language does: letters of two scripts in one word, a small letter before a capital, a teh marbuta in
the middle of a word. Since every reading explains the same bytes, the sums can be compared as they are.
Letter orders are common knowledge of each language, written down from the most to the least frequent;
the slopes and penalties were tuned by hand on a paragraph of news text in each of 30 languages.
"""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from math import log2
from typing import Final

from webencodings.labels import LABELS

_UNUSED = {"replacement", "x-user-defined"}
_OURS = {
    **dict.fromkeys(("macarabic", "mac-arabic", "x-mac-arabic", "macarabic-legacy"), "x-mac-arabic"),
    **dict.fromkeys(("utf-32", "utf32", "utf-32le", "utf-32-le", "ucs-4le"), "utf-32le"),
    **dict.fromkeys(("utf-32be", "utf-32-be", "ucs-4", "ucs-4be"), "utf-32be"),
    **dict.fromkeys(("utf16", "utf-16-le"), "utf-16le"),
    **dict.fromkeys(("utf16be", "utf-16-be"), "utf-16be"),
    **dict.fromkeys(("1256", "windows1256", "win-1256", "win1256", "ms-arab", "ms1256"), "windows-1256"),
    **dict.fromkeys(("8859-6", "iso8859-6-i", "asmo708"), "iso-8859-6"),
    **dict.fromkeys(("windows1252", "win-1252", "ms1252"), "windows-1252"),
    **dict.fromkeys(("windows1251", "win-1251", "win1251", "ms1251"), "windows-1251"),
    **dict.fromkeys(("utf_8", "utf8mb4"), "utf-8"),
    **dict.fromkeys(("cp949", "uhc", "ms949"), "euc-kr"),
    **dict.fromkeys(("cp936", "ms936"), "gbk"),
    **dict.fromkeys(("cp932", "ms932", "windows-932"), "shift_jis"),
    **dict.fromkeys(("cp950", "ms950"), "big5"),
    **dict.fromkeys(("cp874", "tis620"), "windows-874"),
}
_NAMES: Final = {**_OURS, **{label: name for label, name in LABELS.items() if name not in _UNUSED}}

# Python codecs of the names, where they are called otherwise; tried in order, strictly first. WHATWG's
# gbk decoder is that of gb18030, its euc-kr is cp949; JIS X 0213 brings NEC's circled numbers.
_CODECS: Final[dict[str, tuple[str, ...]]] = {
    "gbk": ("gb18030",), "big5": ("big5hkscs", "cp950"), "shift_jis": ("cp932", "shift_jis_2004"),
    "euc-jp": ("euc_jp", "euc_jis_2004"), "euc-kr": ("cp949",),
    "iso-2022-jp": ("iso2022_jp", "iso2022_jp_ext"),
    "iso-8859-8-i": ("iso8859_8",), "x-mac-cyrillic": ("mac_cyrillic",), "macintosh": ("mac_roman",),
    "x-mac-arabic": ("mac_arabic",), "windows-874": ("cp874",), "ibm866": ("cp866",),
}  # fmt: skip
_MULTIBYTE: Final = frozenset((
    "utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be",
    "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "iso-2022-jp",
))  # fmt: skip

CANDIDATES: Final[dict[str, float]] = {
    "windows-1252": 0, "windows-1251": 0, "windows-1256": 0, "gbk": 0, "shift_jis": 0, "euc-kr": 0, "big5": 0,
    "euc-jp": 0, "windows-1250": -3, "windows-1253": -1, "windows-1254": -3, "windows-1255": -1,
    "windows-874": -1, "windows-1257": -4, "windows-1258": -6, "koi8-r": -3, "koi8-u": -5, "iso-8859-2": -4,
    "iso-8859-5": -6, "iso-8859-6": -2, "iso-8859-7": -3, "iso-8859-8": -4, "iso-8859-15": -5, "ibm866": -6,
    "macintosh": -8, "x-mac-cyrillic": -8, "x-mac-arabic": -8,
}  # fmt: skip
"""Charsets the web used, each with how much rarer than the commonest it is, in bits."""


def known(label: str) -> str | None:
    """The WHATWG name of a charset label, or None for one that is unknown or not to be used.

    Only a fixed table is asked: a label comes from strangers, and Python's codec registry would import
    modules by it.
    """
    label = label.strip("\t\n\f\r \"'")
    return _NAMES.get(label.lower()) if label.isascii() else None


def read(body: bytes, charset: str) -> tuple[str, int]:
    """Bytes as text by a WHATWG name, and how many pieces had to be replaced by U+FFFD.

    Single bytes that a charset leaves undefined become C1 controls where browsers do the same.
    """
    if charset not in _MULTIBYTE:
        text, _ = codecs.charmap_decode(body, "replace", _table(charset))
        return text, text.count("\ufffd")
    names = _CODECS.get(charset, (charset,))
    for name in names:
        try:
            return body.decode(name), 0
        except UnicodeDecodeError:
            continue
    text = body.decode(names[0], "replace")
    return text, text.count("\ufffd")


@cache
def _table(charset: str) -> str:
    """The 256 characters of a single-byte charset; U+FFFE where it has none."""
    codec = _CODECS.get(charset, (charset,))[0]
    chars = []
    for byte in range(256):
        try:
            chars.append(bytes([byte]).decode(codec))
        except UnicodeDecodeError:
            chars.append(chr(byte) if 0x80 <= byte < 0xA0 else "\ufffe")
    return "".join(chars)


_LONG_ASCII = re.compile(rb"[\x00-\x7f]{64,}")
# No charset of the web has these bytes inside a character: a place to cut.
_SAFE_CUT = re.compile(rb"[\x00-\x2f\x3a-\x3f]")


def sample(body: bytes, size: int = 6144) -> bytes:
    """At most about `size` bytes rich in bytes outside ASCII: from the start, the middle and the end."""
    if len(body) <= size:
        return body
    dense = _LONG_ASCII.sub(lambda m: m[0][:24] + b"\n" + m[0][-24:], body)
    if len(dense) <= size:
        return dense
    third = size // 3
    parts = [dense[:third]]
    for at in (len(dense) // 2, len(dense) - third):
        cut = _SAFE_CUT.search(dense, at, at + third)
        if cut:
            parts.append(dense[cut.start() : at + third])
    return b"\n".join(_end_whole(part) for part in parts)


def _end_whole(part: bytes) -> bytes:
    """A part without the character that the cut at its end may have broken."""
    for length in range(len(part), max(0, len(part) - 200), -1):
        if _SAFE_CUT.match(part, length - 1):
            return part[:length]
    return part


# Languages by script: letters from the most to the least frequent. Latin ones list what is not ASCII.
_ORDERS: Final[dict[str, tuple[str, ...]]] = {
    "ARABIC": (
        "اليمنورتبةعدسهفكقحجأشصطىخإذزءضغثئآظؤ",
        "ارنيدمهتسبوكشلزفعخقگپحجآچطصغضذثظژئءیک",
        "ایکرےنہوسمتلدپبجئعگفقھچٹحطشںصخضزذآڑڈغظثيكه",
    ),
    "CYRILLIC": (
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        "оаинвіертскдлупмязгьбчхїйжєшюцщфґ",
        "аоиентрсвлкдпмзгъяубчцжщхшйфюь",
        "аоиенртсвкудлпмјзгбчхцшжљњфћђџѓќѕ",
        "аенітоырлксвядмупзцбьгчйўшёжхюэф",
    ),
    "GREEK": ("αοιετνσηρπκμλςυάίόέγδθήωχύφβώξζψϊΐϋΰ",),
    "HEBREW": ("יוהלארתבשמנםדחקפעכסטגצןזךףץ",),
    "THAI": ("านรกอเง่มล้ยวัดทสิตีะบป์คหแำจพื็ชขใไุูโึซธผณศถภษฐฟๆญฉฝฎฆฤฬฏฒฮฌฯ",),
    "LATIN": (
        "éèàêçôîûâùëïœüæÿ", "üäößé", "óíáéñúü", "ãçáéíóêõâúàôü", "àèùòìéî", "àéèíòóçúïü", "ëéïöü", "äöåé",
        "øåæéöü", "ðáíþóæöúéý", "ęłóążśćńź", "íáěéýřčžšůúťďňó", "áíéýčžšúôľťňďóäŕĺ", "áéöőüóíúű", "ăîâşţșțé",
        "čšžćđ", "ıüşğçöâîû", "ėšųžįūčęą", "āīēšūļņžķģč", "äõüöšž", "ëç", "áíóúé", "đàáâăêôơưéèíóúìòù",
    ),
}  # fmt: skip
_HANS = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当"
    "没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物"
    "手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认"
    "条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则"
    "听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
)
_HANT = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當"
    "沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物"
    "手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認"
    "條平系氣題活爾更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則"
    "聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運"
)
_KANJI = (
    "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木食車何南万毎白天母火"
    "右読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品"
    "計死特私始朝運終台広住真有口少町料工建急止送切転研足究起着店病質待試族銀早映親験医仕去味写字答夜音注政議民経対定部県市関相内最法連全性戦務調制表"
    "指要現保結区受期化成実数取"
)
_HANGUL = (
    "이다는을의에가고를하은한지기로사도서들어자나리대인아시일정수스있해그으장제라보전부구원주상과면성여했것만와게트국유경조선비안동관오계회중내영산드공마화"
    "세모문용년방미신개위할치무바습니요까물실업거러소생없연발말때같월당진행적본학민저난남된될될되크심음결재분심후외운체최데단약양율호"
)
_HIRAGANA = (
    "のにたいはをとるがしでてなっれらもすりこだまさきめくあけどろえよつやそわちみせうばおじか"
    "んべびほげむごへずゆふぐ"
)
_UNKNOWN = -12.0  # a letter no language of its script uses
_CAPITAL = -1.5
_NOISE = 5.0  # bits of an ASCII byte in no particular place
_RARE_HAN = -20.0


def _slope(order: str, first: float, ratio: float) -> dict[str, float]:
    return {c: log2(first * ratio**rank) for rank, c in enumerate(dict.fromkeys(order))}


def _harmonic(order: str) -> dict[str, float]:
    return {c: log2(0.022 / (1 + rank * 0.12)) for rank, c in enumerate(dict.fromkeys(order))}


@cache
def _profiles() -> dict[str, tuple[dict[str, float], ...]]:
    """For each script, per language the log2 probability of its letters among non-ASCII characters."""
    steps = {"LATIN": (0.3, 0.72), "THAI": (0.08, 0.94)}
    return {
        script: tuple(_slope(order, *steps.get(script, (0.11, 0.92))) for order in orders)
        for script, orders in _ORDERS.items()
    }


@cache
def _han_profiles() -> tuple[tuple[dict[str, float], str, int], ...]:
    """Common characters of Chinese (twice), Japanese and Korean; a legacy codec and its last common row."""
    kana = {c: log2(0.02 * 0.96**r) for r, c in enumerate(_HIRAGANA)}
    katakana = {chr(c): log2(0.0025) for c in range(0x30A1, 0x30FD)}
    return (
        (_harmonic(_HANS), "gb2312", 0xD7),
        (_harmonic(_HANT), "big5", 0xC6),
        ({**_harmonic(_KANJI), **katakana, **kana}, "euc_jp", 0xCF),
        (_harmonic(_HANGUL), "euc_kr", 0xC8),
    )


# Punctuation and symbols, in bits; anything that is neither here nor a letter is rarer.
_COMMON_SIGNS = "\u00a0“”‘’–—…«»،؛؟、。，：「」・（）！？；"
_SIGNS = {
    **dict.fromkeys(_COMMON_SIGNS, log2(0.02)),
    **dict.fromkeys("„‚‹›·•©®°€£§¿¡º\u200c\u200f\u200e\u00ad％～《》【】『』ー", log2(0.004)),
    **dict.fromkeys("±¼½¾²³µ×÷¥™№ªˮ״׳", log2(0.001)),
    "\ufffd": -24.0,
}


@lru_cache(maxsize=4096)
def _nature(char: str) -> tuple[str, float]:
    """The script that scores a character, or "" and its bits where scripts do not matter."""
    if char in _SIGNS:
        return "", _SIGNS[char]
    if "\uff61" <= char <= "\uff9f":  # half-width katakana: what Shift_JIS makes of anybody's bytes
        return "", -14.0
    category = unicodedata.category(char)
    if category[0] not in "LM":
        return "", _bits_of_sign(char, category)
    name = unicodedata.name(char, "?").split(" ")[0]
    if name in {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"}:
        return "HAN", 0.0
    return (name, 0.0) if name in _ORDERS else ("", -9.0 if name == "COMBINING" else -16.0)


def _bits_of_sign(char: str, category: str) -> float:
    if category in {"Cc", "Cn", "Co", "Cs"}:
        return -20.0
    if category == "Nd":
        return -8.0
    return -16.0 if "\u2500" <= char < "\u25a0" else -12.0  # box drawing: DOS charsets


@lru_cache(maxsize=4096)
def _row_common(char: str, codec: str, last: int) -> bool:
    try:
        lead = char.encode(codec)[0]
    except UnicodeEncodeError:
        return False
    return (0xA4 if codec == "big5" else 0xB0) <= lead <= last


# What no language writes, with its price in bits for each time it happens.
_AR = "ء-يٱ-ے"
_PRICES: Final[tuple[tuple[re.Pattern[str], float], ...]] = tuple(
    (re.compile(pattern), price)
    for pattern, price in (
        # two scripts in one word
        (r"[A-Za-zÀ-ɏ][Ͱ-ϿЀ-ӿא-תء-ےก-๙]|[Ͱ-ϿЀ-ӿא-תء-ےก-๙][A-Za-zÀ-ɏ]", -6.0),
        # a small letter before a capital, one of them outside ASCII
        (r"[a-zà-öø-ÿα-ώа-џ][À-ÖØ-ÞΑ-ΫЀ-Я]|[à-öø-ÿα-ώа-џ][A-Z]", -4.0),
        # a sign or a control between two letters, or Latin accents in a row
        (r"(?<=[^\W\d_])[\x80-\x9f¢-©¬®-¶¸»-¿×÷ƒ†‡ˆ˜‰‹›€™•„‚](?=[^\W\d_])", -4.0),
        (r"(?<=[À-ɏ])[À-ɏ](?!\w{0,3}[ạ-ỹ̀-̣])", -3.0),
        (r"[\x80-\x9f]", -4.0),
        (r"[À-ÖØ-öø-ɏЀ-џ](?=\d)", -4.0),
        # letters that only end a word, or never begin one
        (rf"ة(?=[{_AR}])", -6.0),
        # words kept together by NO-BREAK SPACE: MacArabic's right-to-left space, read as another charset
        (rf"(?<=[{_AR}])\xa0(?=[{_AR}])", -6.0),
        (rf"ى(?=[{_AR}])", -3.0),
        (r"ς(?=[α-ώ])|σ(?![α-ώ'’])", -5.0),
        (r"[ךםןףץ](?=[א-ת])", -4.0),
        (r"(?<![А-џ])[ъьыЪЬЫ]", -5.0),
        (r"(?<![ก-๙])[ะ-ฺ็-๎]", -6.0),
        (r"ß(?=[A-Z])|(?<![A-Za-zÀ-ɏ])ß", -4.0),
        # the article opens one Arabic word in four
        (rf"(?<![{_AR}])[وفبك]?ال(?=[{_AR}]{{2}})", 3.0),
    )
)


def likelihood(text: str) -> float:
    """Log2 probability of the characters outside ASCII, to compare readings of the same bytes.

    Linear in the text; give it a sample. 0 for pure ASCII, falls with every character.
    """
    counts = Counter(text)
    by_script: dict[str, list[tuple[str, int]]] = {}
    bits = 0.0
    for char, count in counts.items():
        if char < "\x80":
            continue
        script, price = _nature(char)
        if script:
            by_script.setdefault(script, []).append((char, count))
        else:
            bits += price * count
    for script, chars in by_script.items():
        bits += _han_bits(chars) if script == "HAN" else _script_bits(script, chars)
    bits -= 4.0 * max(0, len(by_script) - 1)
    if not text.isascii():
        bits += sum(price * sum(1 for _ in pattern.finditer(text)) for pattern, price in _PRICES)
    return bits


def _script_bits(script: str, chars: Iterable[tuple[str, int]]) -> float:
    """The letters by the language of this script that likes them best."""
    lowered = [(c.lower() if len(c.lower()) == 1 else "i", c, n) for c, n in chars]
    return max(
        sum((profile.get(low, _UNKNOWN) + (_CAPITAL if low != c else 0.0)) * n for low, c, n in lowered)
        for profile in _profiles()[script]
    )


def _han_bits(chars: Iterable[tuple[str, int]]) -> float:
    found = list(chars)
    return max(
        sum(
            (profile[c] if c in profile else -15.0 if _row_common(c, codec, last) else _RARE_HAN) * n
            for c, n in found
        )
        for profile, codec, last in _han_profiles()
    )


def rank(stretch: bytes, declared: Iterable[str] = ()) -> list[tuple[float, str]]:
    """Readings of a sample, best first: bits per byte outside ASCII, and the charset's name.

    What was declared is believed unless another reading is clearly better: it gets a head start that a
    handful of letters can make good, since a wrong header is common and a wrong letter is not.
    """
    heads = {name: 10.0 - 2.0 * i for i, name in enumerate(dict.fromkeys(declared))}
    names = [*heads, *(name for name in CANDIDATES if name not in heads)]
    if len(stretch) > 2 * _COARSE:
        names = [name for _, name in _ranked(_end_whole(stretch[:_COARSE]), names, heads)[:8]]
        names += [name for name in heads if name not in names]
    return _ranked(stretch, names, heads)


def _ranked(stretch: bytes, names: Iterable[str], heads: Mapping[str, float]) -> list[tuple[float, str]]:
    high = len(stretch) - len(stretch.translate(None, _HIGH))
    scored = []
    for name in names:
        text, _ = read(stretch, name)
        # an ASCII byte that became part of a wider character is explained by it, in other readings it is
        # noise; MacArabic's second, right-to-left set of ASCII signs is the reverse
        inside = len(stretch) - high - (len(text) - sum(c >= "\x80" for c in text))
        bits = likelihood(text) + _NOISE * inside + heads.get(name, CANDIDATES.get(name, -8.0))
        scored.append((bits / max(1, high), name))
    return sorted(scored, key=lambda pair: -pair[0])


_COARSE: Final = 1200  # bytes that settle which charsets are worth a closer look
_HIGH: Final = bytes(range(0x80, 0x100))
