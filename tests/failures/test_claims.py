"""What a page is called, and who signed it: notices above a site's teasers, and articles about notices."""

import pytest

from schemas.verdict import PageType
from service import clean
from service.failures import claims
from tests.failures.test_failures import FAILED

TEASERS = (
    (
        "Ferry timetable changes in autumn",
        (
            "From September the last boat to the island leaves at nine, an hour earlier than now,"
            " because half the crew of the evening shift retires."
        ),
    ),
    (
        "Library to open on Sundays",
        (
            "The town library tries Sunday hours for half a year, and will then count how many readers came "
            "before it decides whether to go on with them."
        ),
    ),
    (
        "Choir looks for tenors",
        (
            "The harbour choir, which sings at the quay each midsummer, has more altos than "
            "chairs and not one tenor left since the baker moved to the capital."
        ),
    ),
    (
        "Old mill sold to a potter",
        (
            "After eleven years of standing empty the mill on the river has been bought by a "
            "potter who plans to fire her kilns with wood from the weir."
        ),
    ),
    (
        "School garden wins prize",
        (
            "Pupils of the lower school have grown forty kinds of beans on a strip of ground behind the "
            "gymnasium, and a jury of gardeners was delighted."
        ),
    ),
)
SOLID = (
    (
        "The street lamps on the northern quay will be switched off at midnight from next week, "
        "the council has decided after a long debate."
    ),
    (
        "Seven members were in favour and four against, among them the mayor, who had asked for a"
        " trial on two streets before the whole quarter goes dark."
    ),
    (
        "Fishermen who land their catch before dawn say that they need the light, and want to bring lamps of "
        "their own should the council not give way."
    ),
    (
        "The switch saves about eleven thousand a year, a sum that the treasurer wants to spend "
        "on the repair of the slipway, which has been closed since the storm."
    ),
)


def _page(title: str, main: str, head: str = "") -> str:
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "News", "Sport", "Contact"))
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body><nav><ul>{menu}</ul>'
        f"</nav><main>{main}</main><footer><p>© 2023 Quay Courier</p></footer></body></html>"
    )


def _teasers() -> str:
    return "<h2>Latest</h2>" + "".join(
        f'<h3><a href="/{i}">{name}</a></h3><p>{text}</p>' for i, (name, text) in enumerate(TEASERS)
    )


def _paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def _kind(page: str, status: int | None = None) -> PageType:
    return clean(page.encode(), content_type="text/html; charset=utf-8", status=status).verdict.pageType


@pytest.mark.parametrize("status", [None, 404])
@pytest.mark.parametrize(
    "notice",
    [
        "<h1>Page not found</h1><p>Sorry, the page you were looking for does not exist.</p>",
        (
            "<h1>404</h1><h2>Oops! That page can’t be found.</h2><p>Nothing was found here. Maybe try"
            " a search?</p>"
        ),
        "<h1>Page not found</h1>",
    ],
)
def test_teasers_do_not_save_a_page_that_is_called_by_its_notice(notice: str, status: int | None) -> None:
    page = _page("Page not found - Quay Courier", notice + _teasers())
    assert _kind(page, status) is PageType.ERROR_PAGE


def test_they_do_not_save_it_as_text_either() -> None:
    notice = "Page not found\n\nSorry, the page you were looking for does not exist."
    teasers = "\n\n".join(f"{name}\n\n{text}" for name, text in TEASERS)
    page = f"Home\nNews\nSport\n\n{notice}\n\nLatest news\n\n{teasers}\n\n© 2023 Quay Courier\n"
    assert clean(page.encode(), content_type="text/plain").verdict.pageType is PageType.ERROR_PAGE
    solid = "\n\n".join(SOLID)
    page = f"{notice}\n\nQuay goes dark at midnight from next week\n\n{solid}\n"
    assert clean(page.encode(), content_type="text/plain").verdict.pageType not in FAILED


def test_a_real_headline_that_could_be_a_notice_is_none_for_its_status() -> None:
    page = _page("Lost in space | Quay Courier", "<h1>Lost in space</h1>" + _paragraphs(SOLID))
    assert _kind(page, 404) not in FAILED


def test_teasers_alone_are_no_error() -> None:
    assert _kind(_page("Quay Courier", "<h1>Today on the quay</h1>" + _teasers())) not in FAILED


@pytest.mark.parametrize("status", [None, 404])
def test_an_article_under_a_title_that_is_a_notice_stays(status: int | None) -> None:
    """Programs that fill a page often leave the title of the error they began with."""
    body = "<h1>Quay goes dark at midnight from next week</h1>" + _paragraphs(SOLID)
    assert _kind(_page("Page not found | Quay Courier", body), status) not in FAILED


@pytest.mark.parametrize("heading", ["404 Not Found", "The history of the 404 error"])
def test_an_explanation_of_an_error_stays(heading: str) -> None:
    body = (
        (
            "A server answers 404 Not Found when it knows no page by the address that it was "
            "asked for, and does not want to tell whether there ever was one."
        ),
        (
            "The number was chosen in 1992, with the first digit for a mistake of the client and "
            "the others counted up; there never was a room of that number at the laboratory."
        ),
        (
            "Owners of a site may draw the page as they like. Many offer a search, others show a "
            "game, and some a poem that somebody once wrote about what is lost."
        ),
        (
            "When a page is gone for good, code 410 is the better answer, since search engines "
            "then forget the address at once, and do not come back to ask for it."
        ),
    )
    page = _page(f"{heading} | Quay Handbook", f"<h1>{heading}</h1>" + _paragraphs(body))
    assert _kind(page) not in FAILED


def test_an_article_about_errors_stays_with_its_date_and_author() -> None:
    body = (
        "The page you requested could not be found. Every visitor has met this sentence, and most leave.",
        "A good notice says what happened, offers a search and links to the homepage. It never scolds.",
        "Look at your server's logs once a week, and redirect addresses that have moved.",
    )
    main = "<h1>How to repair “404 Not Found” pages</h1><p>By Nora Lindqvist, March 3, 2023</p>"
    page = _page("How to repair “404 Not Found” pages", f"<article>{main}{_paragraphs(body)}</article>")
    assert _kind(page) not in FAILED


def test_a_report_of_works_is_no_page_under_maintenance() -> None:
    body = (
        (
            "The footbridge at Mill Lane is closed for scheduled maintenance until Sunday. We "
            "apologise for any inconvenience."
        ),
        "Please use the road bridge by the church and try again later in the month.",
    )
    declared = '<meta property="og:type" content="article">'
    heading = "Footbridge closed until the weekend"
    article = f"<article><h1>{heading}</h1>{_paragraphs(body)}</article>"
    assert _kind(_page(heading, article, declared)) not in FAILED


def test_a_site_under_maintenance_is_told_whatever_it_declares() -> None:
    body = (
        "Our website is down for scheduled maintenance until Sunday. We apologise for any inconvenience.",
        "Please try again later. We will be back soon.",
    )
    declared = '<meta property="og:type" content="article">'
    article = f"<article><h1>Site under maintenance</h1>{_paragraphs(body)}</article>"
    assert _kind(_page("Site under maintenance", article, declared)) is PageType.ERROR_PAGE


def test_an_article_about_checks_is_none() -> None:
    body = (
        (
            "“Verify you are human” is a sentence we meet every day. Cloudflare shows it while it"
            " checks your browser."
        ),
        "The check takes a few seconds. JavaScript and cookies must be enabled, and some never get through.",
        "Blind people suffer most. Their screen readers meet pictures that nobody describes for them.",
    )
    heading = "Why sites ask whether you are human"
    article = f"<article><h1>{heading}</h1>{_paragraphs(body)}</article>"
    assert _kind(f"<!doctype html><title>{heading}</title>{article}") not in FAILED


def test_dated_instructions_to_log_in_are_no_wall_but_a_form_is() -> None:
    heading = "How to log in to the rowing club's pages"
    body = (
        (
            "Enter your email address and password and press Log in. If you forgot your password,"
            " press Forgot password and follow the link in the message."
        ),
        "Members who do not have an account yet can create an account with the number on their card.",
    )
    form = "<form><input type=password></form>"
    dated = '<time datetime="2023-03-03">3 March 2023</time>'
    article = f"<article><h1>{heading}</h1>{dated}{_paragraphs(body)}{form}</article>"
    assert _kind(_page(heading, article)) not in FAILED
    wall = f"<article><h1>Log in</h1>{_paragraphs(body)}{form}</article>"
    assert _kind(_page("Log in", wall)) is PageType.LOGIN_WALL


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("Page not found", True),
        ("404 | Quay Courier", True),
        ("Seite nicht gefunden – Hafenbote", True),
        ("ページが見つかりません", True),
        ("الصفحة غير موجودة", True),
        ("What a 404 error is, and how to mend it", False),
        ("Quay Courier", False),
        ("Page not found | Ten things that every owner of a small site should know", False),
    ],
)
def test_a_name_is_wholly_a_notice_or_mentions_one(name: str, whole: bool) -> None:
    assert claims.wholly(name, "error") is whole


def _text_kind(*lines: str) -> PageType:
    return clean("\n".join(lines).encode(), content_type="text/plain; charset=utf-8").verdict.pageType


def test_a_brief_report_of_an_outage_is_no_outage() -> None:
    report = (
        "Portada",
        "Economía",
        "Caída de la web del registro civil",
        "5 de marzo de 2023",
        "La página del registro civil no está disponible desde primera hora por un error del servidor.",
        "El organismo trabaja para restablecer el servicio y pide que se intente de nuevo más tarde.",
        "El plazo para entregar los papeles no se verá afectado.",
    )
    assert _text_kind(*report) not in FAILED


def test_nobody_was_hurt_is_no_question_whether_one_is_human() -> None:
    report = (
        "아파트 화재로 주민 대피",
        "2024.06.20 09:31",
        "20일 새벽 항구 근처의 한 아파트에서 불이 나 주민 30여 명이 밖으로 대피했다.",
        "불은 20분 만에 꺼졌으며 건물 안에 남아 있던 주민은 없었다고 소방 당국이 밝혔다.",
        "다친 사람은 없는 것으로 확인됐다.",
    )
    assert _text_kind(*report) not in FAILED
    challenge = (
        "잠시만 기다려 주세요...",
        "사용자가 로봇이 아닙니다 확인",
        "보안 확인이 끝나면 사이트로 이동합니다",
    )
    assert _text_kind(*challenge) is PageType.BOT_CHALLENGE
