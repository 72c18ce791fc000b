"""What the crawler really fetched, and what to do about it."""

from enum import StrEnum

from schemas.base import Output
from schemas.segment import Probability


class PageType(StrEnum):
    """What kind of page this is."""

    ARTICLE = "article"
    MULTI_ARTICLE = "multi_article"
    FORUM_THREAD = "forum_thread"
    LISTING = "listing"
    PRODUCT = "product"
    DOCUMENTATION = "documentation"
    SERVICE_PAGE = "service_page"
    BOT_CHALLENGE = "bot_challenge"
    CONSENT_WALL = "consent_wall"
    LOGIN_WALL = "login_wall"
    PAYWALL = "paywall"
    ERROR_PAGE = "error_page"
    SCRIPT_SHELL = "script_shell"
    EMPTY = "empty"
    BINARY = "binary"
    OTHER = "other"


class Decision(StrEnum):
    """What the crawler should do: keep, look, fetch again, or drop."""

    ACCEPT = "accept"
    REVIEW = "review"
    RESCRAPE = "rescrape"
    REJECT = "reject"


class VerdictReason(Output):
    """One reason, with the stretch of the page it rests on where there is one."""

    code: str
    message: str
    start: int | None
    end: int | None


class Verdict(Output):
    """Page type and decision."""

    decision: Decision
    pageType: PageType
    confidence: Probability
    reasons: tuple[VerdictReason, ...]
