"""Dates: what is found, what is read, and what is left unread because it could mean two days."""

import datetime

import pytest
from babel.dates import format_date, format_datetime
from hypothesis import given, settings
from hypothesis import strategies as st

from service.dates import find_date, local_iso

READ = [
    # Arabic: Levantine, Egyptian and Maghrebi months, double forms, halves of the day
    ("الجمعة 25 مارس 2022 03:04 م", "2022-03-25T15:04:00"),
    ("الجمعة 24 نيسان / أبريل 2020 09:22 مساءً", "2020-04-24T21:22:00"),
    ("10 كانون الأول/ ديسمبر 2020", "2020-12-10"),
    ("3 كانون الثاني 2019", "2019-01-03"),
    ("14 آذار/مارس 2021", "2021-03-14"),
    ("24 نونبر 2021", "2021-11-24"),
    ("30 غشت 2020", "2020-08-30"),
    ("5 يوليوز 2018", "2018-07-05"),
    ("1 شتنبر 2017", "2017-09-01"),
    ("12 جويلية 2015", "2015-07-12"),
    ("9 أوت 2016", "2016-08-09"),
    ("17 جانفي 2014", "2014-01-17"),
    ("الثلاثاء ٢٧ - أكتوبر - ٢٠٠٩ ١٢:٠٠ صباحاً", "2009-10-27T00:00:00"),
    ("20 - 07 - 2022", "2022-07-20"),
    # two calendars: the Gregorian one is read
    ("الخميس 7/3/1429 هـ - الموافق 13/3/2008 م", "2008-03-13"),
    ("18 محرم 1435هـ/21-11-2013م, 07:42 AM", "2013-11-21T07:42:00"),
    # other languages and orders
    ("March 25, 2022 3:04 p.m.", "2022-03-25T15:04:00"),
    ("1er mars 2022 à 20h45", "2022-03-01T20:45:00"),
    ("Sexta-feira, 1º de março de 2019, 8h30", "2019-03-01T08:30:00"),
    ("1.º de marzo de 2022", "2022-03-01"),
    ("1° settembre 2020", "2020-09-01"),
    ("1ης Μαρτίου 2022", "2022-03-01"),
    ("17. Juni 2021, 08:05 Uhr", "2021-06-17T08:05:00"),
    ("20 de julio de 2022", "2022-07-20"),
    ("3 декабря 2020, 18:47", "2020-12-03T18:47:00"),
    ("19 Αυγούστου 2020 9:02 μμ", "2020-08-19T21:02:00"),
    ("יום שני 13 נובמבר, 2006 9:43", "2006-11-13T09:43:00"),
    ("20 ביולי 2022", "2022-07-20"),
    ("2022. július 20. 10:11", "2022-07-20T10:11:00"),
    ("2.9.2020 klo 12.45", "2020-09-02T12:45:00"),
    ("2020年03月12日 20:19:00", "2020-03-12T20:19:00"),
    ("2022년 3월 5일 오후 3:04", "2022-03-05T15:04:00"),
    ("20 tháng 7 năm 2022", "2022-07-20"),
    ("21 ม.ค. 2562", "2019-01-21"),
    ("2022-03-25T15:04:00+03:00", "2022-03-25T15:04:00"),
    ("2022/07/20", "2022-07-20"),
    ("25/03/2022", "2022-03-25"),
    ("03/25/2022", "2022-03-25"),
    ("05/05/2022", "2022-05-05"),
    ("03.04.2022", "2022-04-03"),
    ("Friday 03/04/2022", "2022-03-04"),
    ("31.10.23", "2023-10-31"),  # 2031 is to come
    ("10/31/23", "2023-10-31"),
    ("22.03.99", "1999-03-22"),
    ("10-10-10", "2010-10-10"),
    ("25 March 2022 score 12.50", "2022-03-25"),
    ("12:00 AM, 1 May 2021", "2021-05-01T00:00:00"),
]

UNREAD = [
    "03/04/2022",  # either order
    "05-04-2016, 02:48 PM",
    "25.03.22",  # or March 22, 2025, as in Korean
    "10/11/12",
    "29 июня",  # which year
    "۲۹ بهمن ۱۳۹۸ - ۰۶:۵۵",  # Jalali
    "18 محرم 1435هـ",  # Hijri
    "7/3/1429 هـ",
    "31.02.2022",
    "30 February 2021",
    "2022-13-01",
    "2022-07-20T25:00:00",
    "20 July 2022 10:75",
    "منذ 3 ساعات",
    "",
    "May",
    "version 1.2.3",
    "9" * 400,
]

LANGUAGES = [
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
    "fi",
    "cs",
    "sk",
    "hu",
    "ro",
    "bg",
    "ru",
    "uk",
    "el",
    "tr",
    "he",
    "ur",
    "hi",
    "id",
    "vi",
    "zh",
    "ja",
    "ko",
    "hy",
    "ka",
    "lv",
    "kk",
    "ar",
    "ar_LB",
    "ar_MA",
]


@pytest.mark.parametrize(("raw", "iso"), READ)
def test_read(raw: str, iso: str) -> None:
    assert local_iso(raw) == iso


@pytest.mark.parametrize("raw", UNREAD)
def test_unread(raw: str) -> None:
    assert local_iso(raw) is None


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("نشر في لكم يوم 20 - 07 - 2022", "20 - 07 - 2022"),
        ("تم نشره الجمعة 24 نيسان / أبريل 2020 09:22 مساءً", "الجمعة 24 نيسان / أبريل 2020 09:22 مساءً"),
        ("3 декабря 2020, 18:47 • Алексей Супрун • 3375", "3 декабря 2020, 18:47"),
        ("Published on Apr 13, 2020", "Apr 13, 2020"),
        ("30.11.2020 18:14 | Son Güncelleme: 30.11.2020 18:14", "30.11.2020 18:14"),
        ("Czwartek, 29 grudnia 2011 (12:14)", "Czwartek, 29 grudnia 2011 (12:14)"),
    ],
)
def test_found(text: str, raw: str) -> None:
    span = find_date(text)
    assert span is not None
    assert text[span[0] : span[1]] == raw


@pytest.mark.parametrize("text", ["", "no date here", "July 2022", "4 of 12", "Psalm 23", "x" * 10_000])
def test_nothing_found(text: str) -> None:
    assert find_date(text) is None


days = st.dates(datetime.date(1990, 1, 1), datetime.date(2060, 12, 31))


@given(day=days, language=st.sampled_from(LANGUAGES), width=st.sampled_from(["long", "full"]))
@settings(max_examples=400, deadline=None)
def test_every_language_comes_back(day: datetime.date, language: str, width: str) -> None:
    assert local_iso(format_date(day, width, locale=language)) == day.isoformat()


@given(moment=st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2060, 1, 1)))
@settings(max_examples=200, deadline=None)
def test_times_come_back(moment: datetime.datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    for pattern, language in (
        ("d MMMM y h:mm a", "ar"),
        ("d MMMM y HH:mm", "fr"),
        ("MMMM d, y h:mm a", "en"),
    ):
        assert local_iso(format_datetime(moment, pattern, locale=language)) == moment.isoformat()


@given(st.text(max_size=200))
def test_never_raises(raw: str) -> None:
    local_iso(raw)
    span = find_date(raw)
    assert span is None or 0 <= span[0] < span[1] <= len(raw)


@given(st.text(alphabet="0123456789٠١٢٣۴۵ -/.:,年月日مهـ AMPMصuJanmar", max_size=60))
def test_what_is_read_is_a_real_day(raw: str) -> None:
    iso = local_iso(raw)
    if iso is not None:
        assert datetime.datetime.fromisoformat(iso)


@pytest.mark.parametrize(
    ("raw", "language", "iso"),
    [
        ("03/04/2022", "en", None),
        ("03/04/2022", "en-US", None),  # what templates come with
        ("03/04/2022", "en-GB", "2022-04-03"),
        ("03/04/2022", "ar", "2022-04-03"),
        ("03/04/2022", "pt_BR", "2022-04-03"),
        ("03/04/2022", "es-PR", "2022-03-04"),
        ("03/04/2022", "fr-CA", None),
        ("03/04/2022", "xx", None),
        ("23.09.22", "de", "2022-09-23"),
        ("23.09.22", "ko", "2023-09-22"),
        ("Friday 03/04/2022", "es", "2022-03-04"),  # a weekday knows better
        ("2566-09-02", "th", "2023-09-02"),  # the Buddhist year of a Thai page
        ("02/09/2566 10:30 น.", "th-TH", "2023-09-02T10:30:00"),
        ("2566-09-02", "en", None),
        ("9999-09-02", "th", None),
    ],
)
def test_what_a_language_writes_first_settles_an_order(raw: str, language: str, iso: str | None) -> None:
    assert local_iso(raw, language) == iso
