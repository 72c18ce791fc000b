"""Comments that the tree of an HTML page marks as such: found below an article, kept in a thread."""

import pytest

from schemas.labels import Action, Label
from schemas.request import Profile
from service import blocks, decide, detectors
from service.decode import from_text
from service.detector import scan

SENTENCES = (
    "The ferry that links the two islands will sail twice as often from May, the harbour office said.",
    "A second ship, bought from a yard in Norway, is to arrive in April and be painted before Easter.",
    "Farmers on the smaller island had asked for it since the last store there closed its doors in 2019.",
    "Tickets will cost what they cost now, though bicycles, which travelled free, will pay two crowns.",
    "The pier at the southern landing is too short for both ships, so one will wait outside the bay.",
)
ARTICLE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES * 4)
COMMENTS = (
    "It is high time, we have been waiting for the second ship for years and years, all of us.",
    "Two crowns for a bicycle! Next they will want to charge us for the air that we breathe on deck.",
)
BELOW = "".join(f"<li><b>Reader {i}</b><p>{text}</p></li>" for i, text in enumerate(COMMENTS))


def found(page: str) -> list[str]:
    """What the detectors alone, without the model, take for comments."""
    read = blocks.read(from_text(page, html=True))
    spans = decide.decide(read, detectors.find_all(read, scan(read)), None, Profile.GENERIC)
    removed = (s for s in spans if s.label is Label.COMMENTS and s.action is Action.REMOVED)
    return [read.text[s.start : s.end] for s in removed]


@pytest.mark.parametrize("named", ["id=comments", 'class="comment-list"', 'class="post-comments wide"'])
def test_what_is_called_comments_below_an_article_is_found(named: str) -> None:
    said = "\n".join(found(f"<article>{ARTICLE}</article><ol {named}>{BELOW}</ol><footer>Imprint</footer>"))
    assert [text for text in COMMENTS if text not in said] == []
    assert not any(sentence in said for sentence in SENTENCES)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(f"<body class=comments>{ARTICLE}{BELOW}", id="the page is said to have comments"),
        pytest.param(f"<p>{SENTENCES[0]}</p><div class=comments>{BELOW * 9}</div>", id="a first post"),
        pytest.param(
            f'<div class="forum topic">{ARTICLE}<div class=comments>{BELOW}</div></div>', id="a forum"
        ),
        pytest.param(
            '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
            f"{ARTICLE}<div class=comments>{BELOW}</div>",
            id="a page that says it is a thread",
        ),
        pytest.param(
            "".join(f"<p><a href=/{i}>{s}</a></p>" for i, s in enumerate(SENTENCES * 4))
            + f"<div class=comments>{BELOW * 9}</div>",
            id="links above",
        ),
        pytest.param(
            f"{ARTICLE}<div class=comment>{BELOW}</div>{ARTICLE.replace('e', 'é')}", id="text goes on"
        ),
    ],
)
def test_what_is_called_so_elsewhere_is_not(page: str) -> None:
    assert found(page) == []
