"""The closed set of labels a segment can carry, with group, description and example."""

from enum import StrEnum
from typing import Final

from schemas.base import Output


class Action(StrEnum):
    """What became of a segment."""

    KEPT = "kept"
    LIFTED = "lifted"
    REMOVED = "removed"
    FLAGGED = "flagged"


class Group(StrEnum):
    """Families of labels."""

    CONTENT = "content"
    CONSENT = "consent"
    NAVIGATION = "navigation"
    RELATED = "related"
    KEYWORDS = "keywords"
    SOCIAL = "social"
    MEDIA = "media"
    CREDIT = "credit"
    FORUM = "forum"
    DUPLICATE = "duplicate"
    ADVERTISING = "advertising"
    LEGAL = "legal"
    ACCESS = "access"
    ARTIFACT = "artifact"
    SITE = "site"
    OTHER = "other"


class Label(StrEnum):
    """What a segment is."""

    HEADLINE = "headline"
    DATELINE = "dateline"
    BYLINE = "byline"
    SOURCE_CREDIT = "source_credit"
    PARAGRAPH = "paragraph"
    SUBHEAD = "subhead"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE = "table"
    CODE = "code"
    CAPTION = "caption"
    COOKIE_BANNER = "cookie_banner"
    NAVIGATION = "navigation"
    HEADLINE_TICKER = "headline_ticker"
    RELATED_TAIL = "related_tail"
    INLINE_RELATED = "inline_related"
    KEYWORD_LIST = "keyword_list"
    SHARE_WIDGET = "share_widget"
    REPORT_WIDGET = "report_widget"
    NEWSLETTER = "newsletter"
    COMMENT_PROMPT = "comment_prompt"
    COMMENTS = "comments"
    MEDIA_REFERENCE = "media_reference"
    SOURCE_LINK = "source_link"
    FORUM_CHROME = "forum_chrome"
    DUPLICATE_BLOCK = "duplicate_block"
    ADVERTISEMENT = "advertisement"
    LEGAL_FOOTER = "legal_footer"
    ACCESS_NOTICE = "access_notice"
    ARTIFACT = "artifact"
    SITE_BOILERPLATE = "site_boilerplate"
    OTHER_BOILERPLATE = "other_boilerplate"

    @property
    def is_content(self) -> bool:
        """Whether this label belongs to the article rather than to what stands around it."""
        return _GROUP_OF[self] is Group.CONTENT


class LabelInfo(Output):
    """One row of `GET /v1/labels`."""

    label: Label
    group: Group
    description: str
    example: str


def _info(label: Label, group: Group, description: str, example: str) -> LabelInfo:
    return LabelInfo(label=label, group=group, description=description, example=example)


LABELS: Final = (
    _info(Label.HEADLINE, Group.CONTENT, "The article's own title.", "Parliament passes the water bill"),
    _info(Label.DATELINE, Group.CONTENT, "When the page says it was published.", "نشر في لكم يوم 20 - 07 - 2022"),
    _info(Label.BYLINE, Group.CONTENT, "Who wrote it.", "By Jane Doe"),
    _info(Label.SOURCE_CREDIT, Group.CONTENT, "The agency or paper it was taken from.", "المصدر | رويترز"),
    _info(Label.PARAGRAPH, Group.CONTENT, "Running text of the article.", "The vote came after two days of debate."),
    _info(Label.SUBHEAD, Group.CONTENT, "A heading inside the article.", "What happens next"),
    _info(Label.LIST_ITEM, Group.CONTENT, "An item of a list that belongs to the article.", "• 200 g flour"),
    _info(Label.QUOTE, Group.CONTENT, "A quotation set as a block of its own.", "“We had no choice,” she said."),
    _info(Label.TABLE, Group.CONTENT, "A row of a table that belongs to the article.", "2023    14.2    15.1"),
    _info(Label.CODE, Group.CONTENT, "Program text.", "for (i = 0; i < n; i++) {"),
    _info(Label.CAPTION, Group.CONTENT, "Words that HTML marks as a picture's or a table's caption, and that stay.", "Protesters in Tunis on Friday."),
    _info(Label.COOKIE_BANNER, Group.CONSENT, "A request to accept cookies or tracking.", "Accept all cookies"),
    _info(Label.NAVIGATION, Group.NAVIGATION, "Menus, breadcrumbs, pagination, back-to-top.", "Home | News | Sport"),
    _info(Label.HEADLINE_TICKER, Group.RELATED, "Other headlines before the article.", "عاجل    …    …"),
    _info(Label.RELATED_TAIL, Group.RELATED, "Other headlines after the article.", "More on this story"),
    _info(Label.INLINE_RELATED, Group.RELATED, "A lone 'read also' inside the article.", "اقرأ أيضا: …"),
    _info(Label.KEYWORD_LIST, Group.KEYWORDS, "Tags or keywords.", "كلمات مفتاحية"),
    _info(Label.SHARE_WIDGET, Group.SOCIAL, "Share, follow and print buttons and counters.", "Share on Facebook"),
    _info(Label.REPORT_WIDGET, Group.SOCIAL, "Report-abuse controls and their answers.", "شكرا على الإبلاغ!"),
    _info(Label.NEWSLETTER, Group.SOCIAL, "An invitation to subscribe to mails.", "Sign up for our newsletter"),
    _info(Label.COMMENT_PROMPT, Group.SOCIAL, "An invitation to comment, or its form.", "Leave a comment"),
    _info(Label.COMMENTS, Group.SOCIAL, "Readers' comments under an article.", "3 comments"),
    _info(Label.MEDIA_REFERENCE, Group.MEDIA, "File names, picture credits, player text.", "FE9CNKiWUAM6iQM.jpeg"),
    _info(Label.SOURCE_LINK, Group.CREDIT, "A link to read the text where it came from.", "انقر هنا لقراءة الخبر من مصدره."),
    _info(Label.FORUM_CHROME, Group.FORUM, "Post headers, signatures, user statistics.", "Joined: Mar 2009  Posts: 214"),
    _info(Label.DUPLICATE_BLOCK, Group.DUPLICATE, "A later copy of text already on the page.", "(the same paragraph again)"),
    _info(Label.ADVERTISEMENT, Group.ADVERTISING, "Advertising and its markers.", "Advertisement"),
    _info(Label.LEGAL_FOOTER, Group.LEGAL, "Copyright, terms, imprint.", "© 2022 Example Media. All rights reserved."),
    _info(Label.ACCESS_NOTICE, Group.ACCESS, "Paywall, login, bot check or error text.", "Subscribe to continue reading"),
    _info(Label.ARTIFACT, Group.ARTIFACT, "Glued prefixes, template variables, script residue.", "{{newsPoint.title}}"),
    _info(Label.SITE_BOILERPLATE, Group.SITE, "Text learned to repeat over a site's pages.", "(the site's slogan)"),
    _info(Label.OTHER_BOILERPLATE, Group.OTHER, "By the model's word alone.", "EUR 600.12"),
)  # fmt: skip

_GROUP_OF: Final = {info.label: info.group for info in LABELS}
