"""CLDR (through Babel) and a few hand-written names -> service/dates/months.toml.

Run as `python -m service.training.months`. The words are folded the way `service.dates` looks them up.
A word that means different months in different languages is left out, so no reader has to guess.
"""

from collections import defaultdict
from pathlib import Path
from typing import Final

from babel import Locale
from babel.localedata import locale_identifiers

from service.dates import MONTHS_FILE, key

LOCALES: Final = [
    "en",
    "fr",
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "da",
    "nb",
    "nn",
    "fi",
    "pl",
    "cs",
    "sk",
    "hu",
    "ro",
    "bg",
    "ru",
    "uk",
    "be",
    "el",
    "tr",
    "he",
    "fa",
    "ur",
    "hi",
    "bn",
    "mr",
    "ne",
    "gu",
    "pa",
    "ta",
    "te",
    "kn",
    "ml",
    "si",
    "id",
    "ms",
    "jv",
    "th",
    "lo",
    "my",
    "km",
    "hy",
    "ka",
    "az",
    "kk",
    "ky",
    "uz",
    "sq",
    "sr",
    "sr_Latn",
    "sl",
    "mk",
    "lt",
    "lv",
    "et",
    "ca",
    "gl",
    "eu",
    "is",
    "fo",
    "ga",
    "cy",
    "af",
    "sw",
    "ar",
    "ar_MA",
    "ar_DZ",
    "ar_TN",
    "ar_IQ",
    "ar_LB",
    "ar_SY",
    "ps",
    "am",
    "mn",
    "tg",
    "fil",
    "ku",
]
# And months of three letters: elsewhere they look like "pro", "bad", "led".
SHORT_MONTHS: Final = [
    "en",
    "fr",
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "da",
    "nb",
    "pl",
    "tr",
    "id",
    "ru",
    "uk",
    "hu",
    "ro",
    "el",
    "he",
    "hi",
    "th",
    "ar",
    "fa",
    "ur",
]
# Short weekdays are taken from these alone: elsewhere they look like common words (on, son, de).
SHORT_WEEKDAYS: Final = [
    "en",
    "fr",
    "es",
    "it",
    "pt",
    "pl",
    "tr",
    "id",
    "cs",
    "ru",
    "uk",
    "el",
    "he",
    "hi",
    "th",
    "zh",
    "zh_Hant",
    "ja",
    "ko",
]

_MAGHREB: Final = (
    ("جانفي",), ("فيفري", "فبراير"), ("مارس",), ("أفريل", "ابريل"), ("ماي", "مايو", "مايس"),
    ("جوان", "يونيو", "يونيه"), ("جويلية", "جويليه", "يوليوز", "يوليو", "يوليه"),
    ("أوت", "غشت", "أغسطس", "اوغسطس"),
    ("سبتمبر", "شتنبر", "ستنبر"), ("أكتوبر", "اكتوبر"), ("نوفمبر", "نونبر"), ("ديسمبر", "دجنبر", "دسمبر"),
)  # fmt: skip
_LEVANT: Final = (
    ("كانون الثاني",), ("شباط",), ("آذار", "اذار"), ("نيسان",), ("أيار", "ايار"), ("حزيران",),
    ("تموز",), ("آب",), ("أيلول", "ايلول"), ("تشرين الأول", "تشرين أول"), ("تشرين الثاني", "تشرين ثاني"),
    ("كانون الأول", "كانون أول"),
)  # fmt: skip
_SPELLINGS: Final = (
    ("janv", "jän", "janar"), ("févr", "fev", "feb"), ("mär", "mrt", "marts", "märz", "maerz"),
    ("avr", "abr", "apr"),
    ("mai", "maio", "mei", "maj"), ("juin", "jun", "june"), ("juil", "jul", "july"), ("août", "aug", "agu"),
    ("sept", "sep", "set"), ("okt", "oct", "out"), ("nov",), ("déc", "dez", "dec", "dic", "des"),
)  # fmt: skip
_GREEK: Final = (
    ("Γενάρη", "Γενάρης"), ("Φλεβάρη", "Φλεβάρης"), ("Μάρτη", "Μάρτης"), ("Απρίλη", "Απρίλης"),
    ("Μάη", "Μάης"),
    ("Ιούνη", "Ιούνης"), ("Ιούλη", "Ιούλης"), ("Αύγουστο",), ("Σεπτέμβρη", "Σεπτέμβρης"),
    ("Οκτώβρη", "Οκτώβρης"), ("Νοέμβρη", "Νοέμβρης"), ("Δεκέμβρη", "Δεκέμβρης"),
)  # fmt: skip
_JALALI: Final = (
    ("فروردین", "حمل"), ("اردیبهشت", "ثور"), ("خرداد", "جوزا"), ("تیر", "سرطان"), ("مرداد", "امرداد"),
    ("شهریور", "سنبله"), ("مهر",), ("آبان",), ("آذر",), ("دی",), ("بهمن",), ("اسفند",),
)  # fmt: skip
_HIJRI: Final = (
    ("محرم", "muharram"), ("صفر", "safar"), ("ربيع الأول", "ربيع أول"), ("ربيع الآخر", "ربيع الثاني"),
    ("جمادى الأولى", "جمادى الأول"), ("جمادى الآخرة", "جمادى الثانية", "جمادى الآخر"), ("رجب", "rajab"),
    ("شعبان", "shaban"), ("رمضان", "ramadan"), ("شوال", "shawwal"), ("ذو القعدة", "ذي القعدة"),
    ("ذو الحجة", "ذي الحجة"),
)  # fmt: skip
_WEEKDAYS: Final = (
    ("الإثنين", "الاثنين", "اثنين", "Mon", "Mo", "یکم"), ("الثلاثاء", "الثلاثا", "Tue", "Tues", "Di"),
    ("الأربعاء", "الاربعا", "Wed", "Mi"), ("الخميس", "Thu", "Thur", "Thurs", "Do"), ("الجمعة", "Fri", "Fr"),
    ("السبت", "Sat", "Sa"), ("الأحد", "Sun", "So"),
)  # fmt: skip
_AM: Final = (
    "am", "a.m", "a. m", "ص", "صباحا", "صباحاً", "ق.ظ", "صبح", "לפנה״צ", "π.μ", "πμ", "öö", "午前", "上午",
    "凌晨", "早上", "오전", "पूर्वाह्न", "SA", "sáng", "dop", "de",
)  # fmt: skip
_PM: Final = (
    "pm", "p.m", "p. m", "م", "مساء", "مساءً", "مساءا", "ظهرا", "ب.ظ", "بعدازظهر", "عصر", "אחה״צ",
    "μ.μ", "μμ", "ös",
    "午後", "下午", "晚上", "오후", "अपराह्न", "CH", "chiều", "tối", "odp", "du",
)  # fmt: skip


# English is written both ways; and many a page says en-US because its template came with that
_NO_ONES: Final = ("en", "en-US")
_PARTS: Final = {"day": "d", "month": "M", "year": "y"}


def main() -> None:
    """Write the table that `service.dates` reads."""
    MONTHS_FILE.write_text(_render(), encoding="utf-8")


def _render() -> str:
    parts = [
        "# Names of months, weekdays and halves of the day, folded. Generated: service/training/months.py"
    ]
    gregorian = _unique(_cldr_months(), (_MAGHREB, _LEVANT, _SPELLINGS, _GREEK))
    weekdays = _unique(_cldr_weekdays(), (_WEEKDAYS,))
    for name, table in (
        ("gregorian", gregorian),
        ("jalali", _unique({}, (_JALALI,))),
        ("hijri", _unique({}, (_HIJRI,))),
        ("weekday", weekdays),
    ):
        rows = (f"{number} = [{_quoted(words)}]" for number, words in sorted(table.items()))
        parts.append(f"\n[{name}]\n" + "\n".join(rows))
    parts.append(f"\n[half]\nam = [{_quoted(_AM)}]\npm = [{_quoted(_PM)}]")
    orders = "\n".join(f"{first} = [{_quoted(tags)}]" for first, tags in sorted(_orders().items()))
    parts.append(f"\n# What a date in numbers begins with, by language and region\n[order]\n{orders}\n")
    return "\n".join(parts)


def _orders() -> dict[str, list[str]]:
    """Languages, and regions that differ from their language's order; English has none of its own."""
    first: dict[str, str] = {}
    for code in sorted(locale_identifiers()):
        locale = Locale.parse(code)
        pattern = locale.date_formats["short"].pattern
        places = {name: pattern.find(letter) for name, letter in _PARTS.items()}
        begins = min(places, key=lambda name: places[name])
        if min(places.values()) < 0 or locale.variant or locale.script:
            continue
        tag = locale.language + (f"-{locale.territory}" if locale.territory else "")
        if tag not in _NO_ONES and first.get(locale.language) != begins:
            first.setdefault(tag, begins)
    found: dict[str, list[str]] = defaultdict(list)
    for tag, begins in first.items():
        found[begins].append(tag.lower())
    return found


def _quoted(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _cldr_months() -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for code in LOCALES:
        locale = Locale.parse(code)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    word = key(name)
                    short = len(word) <= 3 and width == "abbreviated" and code not in SHORT_MONTHS
                    if len(word) > 1 and not short and not any(c.isdigit() for c in word):
                        found[word].add(number)
                        if code == "he":
                            found[key("ב" + name)].add(number)
    return found


def _cldr_weekdays() -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for code in [*LOCALES, "zh", "zh_Hant", "ja", "ko", "vi"]:
        locale = Locale.parse(code)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated") if code in SHORT_WEEKDAYS else ("wide",):
                for number, name in locale.days[context][width].items():
                    word = key(name)
                    if len(word) > 1 and not word.isdigit():
                        found[word].add(number + 1)
    return found


def _unique(
    found: dict[str, set[int]], extra: tuple[tuple[tuple[str, ...], ...], ...]
) -> dict[int, list[str]]:
    """Words by number; a word of two numbers is dropped, unless it is written by hand."""
    settled = {word: next(iter(numbers)) for word, numbers in found.items() if len(numbers) == 1}
    for table in extra:
        for number, names in enumerate(table, 1):
            settled.update(dict.fromkeys(map(key, names), number))
    words: dict[int, list[str]] = defaultdict(list)
    for word, number in sorted(settled.items()):
        words[number].append(word)
    return words


if __name__ == "__main__":
    main()
    print(Path(MONTHS_FILE).stat().st_size)
