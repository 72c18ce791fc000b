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
    """Stable name of the reason."""
    message: str
    """What was found, for a person."""
    start: int | None
    """Where the stretch begins; null where there is none."""
    end: int | None
    """Where it ends."""


class Verdict(Output):
    """Page type and decision."""

    decision: Decision
    """What to do with the page."""
    pageType: PageType
    """What kind of page it is."""
    confidence: Probability
    """How sure the page type is."""
    reasons: tuple[VerdictReason, ...]
    """Why it is of that type, then why it was so decided."""
