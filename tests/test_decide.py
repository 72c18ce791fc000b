"""What is cut out of a block, and what becomes of the rest."""

import pytest

from schemas.labels import Action, Label
from schemas.request import Profile
from service import article, blocks, clean, signals
from service.decide import decide
from service.decode import from_text
from service.document import Finding, Opinion, Signal

TEXT = """
25 March 2022

The council voted on Tuesday to close the bridge for repairs that will last until the end of the year.

Residents of the old town said that the bridge was the only way to the market on weekdays for many.
"""


@pytest.mark.parametrize("bar", ["Share on FacebookShare on Twitter", " Share on FacebookShare on Twitter"])
def test_a_bar_glued_to_a_title_is_cut_from_the_headline(bar: str) -> None:
    title = "The council closes the old bridge for a year"
    result = clean(f"{title}{bar}\n{TEXT}".encode())
    assert result.article.headline == title
    first, second = result.segments[:2]
    assert (first.label, first.action, first.end) == (Label.HEADLINE, Action.LIFTED, len(title))
    assert (second.label, second.action) == (Label.SHARE_WIDGET, Action.REMOVED)


SENTENCES = [
    "The council voted on Tuesday to close the bridge for repairs that will last until the end of the year.",
    "Residents of the old town said that the bridge was the only way to the market on weekdays for many.",
    "A ferry will take people over the river in the meantime, and buses will go by the southern bridge.",
    "The repairs cost four million, half of which the province pays, said the mayor after the long meeting.",
    "Work begins in March, when the water is low enough for divers to look at the pillars under the bridge.",
]


@pytest.mark.parametrize(
    ("html", "opinion", "action"),
    [
        (True, 0.02, Action.REMOVED),
        (True, 0.3, Action.FLAGGED),
        (False, 0.02, Action.FLAGGED),
        (False, 0.3, Action.FLAGGED),
    ],
)
def test_a_lone_line_amid_the_text_goes_only_where_the_model_sees_markup_and_is_sure(
    html: bool, opinion: float, action: Action
) -> None:
    lines = [*SENTENCES, "Four arches, one road", *reversed(SENTENCES)]
    text = "".join(f"<p>{line}</p>" for line in lines) if html else "\n\n".join(lines)
    page = blocks.read(from_text(text, html=html))
    opinions = [Opinion(opinion if block.text.startswith("Four") else 0.99) for block in page.blocks]
    spans = decide(page, (), opinions, Profile.GENERIC)
    (lone,) = (span for span in spans if page.text[span.start : span.end].startswith("Four"))
    assert lone.action is action


MENU = ["Sport", "Culture and leisure", "Town and country", "Weather", "Traffic", "Markets", "Archive"]


def _said(lines: list[str], chances: list[float], doubted: str, signals: frozenset[Signal]) -> Action:
    """What becomes of a line that a detector finds at confidence 0.55."""
    page = blocks.read(from_text("\n\n".join(lines), html=False))
    (block,) = (b for b in page.blocks if b.text == doubted)
    found = Finding(block.start, block.end, Label.RELATED_TAIL, 0.55, "test.rule", "", signals)
    spans = decide(page, [found], [Opinion(chance) for chance in chances], Profile.GENERIC)
    (span,) = (s for s in spans if s.start == block.start)
    return span.action


# So unsure of its sentences that on this page it removes alone only below 0.39
UNSURE = [0.65] * len(SENTENCES)
NOT_MENU = [0.02] * len(MENU)
PLACED = frozenset({Signal.POSITION, Signal.SHAPE})


@pytest.mark.parametrize(
    ("chance", "signals", "action"),
    [
        (0.4, PLACED, Action.REMOVED),  # the model leans the same way
        (0.6, PLACED, Action.FLAGGED),
        (0.4, frozenset({Signal.PHRASE}), Action.FLAGGED),  # words alone
    ],
)
def test_the_lean_of_a_model_that_understands_the_page_settles_a_doubt(
    chance: float, signals: frozenset[Signal], action: Action
) -> None:
    lines = [*SENTENCES, "Read about the ferry", *MENU]
    chances = [*UNSURE, chance, *NOT_MENU]
    assert _said(lines, chances, "Read about the ferry", signals) is action


def test_a_sentence_needs_more_than_a_lean() -> None:
    doubted = "The ferry has never been as full as it was on the first morning of the works."
    lines = [*SENTENCES, doubted, *MENU]
    for sure in ([0.9] * len(SENTENCES), UNSURE):
        assert _said(lines, [*sure, 0.4, *NOT_MENU], doubted, PLACED) is Action.FLAGGED


def test_where_the_model_finds_no_text_it_settles_nothing() -> None:
    lines = [*SENTENCES, "Read about the ferry", *MENU]
    chances = [0.07] * len(SENTENCES) + [0.05] + [0.02] * len(MENU)
    assert _said(lines, chances, "Read about the ferry", PLACED) is Action.FLAGGED


def test_where_the_model_finds_hardly_any_text_it_takes_out_only_what_it_is_surest_of() -> None:
    lines = [*SENTENCES, *MENU]
    page = blocks.read(from_text("\n\n".join(lines), html=False))
    opinions = [Opinion(0.07)] * len(SENTENCES) + [Opinion(0.0002)] * len(MENU)
    actions = {page.text[s.start : s.end]: s.action for s in decide(page, (), opinions, Profile.GENERIC)}
    assert {actions[line] for line in SENTENCES} == {Action.FLAGGED}
    assert {actions[line] for line in MENU} == {Action.REMOVED}


ITEMS = ["Home", "News", "Sport", "Weather", "Log in", "Subscribe"]
NAMED = "Four arches, one road"


@pytest.mark.parametrize(
    ("profile", "action"),
    [(Profile.GENERIC, Action.FLAGGED), (Profile.NEWS, Action.FLAGGED), (Profile.STRICT, Action.REMOVED)],
)
@pytest.mark.parametrize("taken_for", [Label.NAVIGATION, None])
def test_what_may_be_the_title_is_no_item_of_a_menu(
    profile: Profile, action: Action, taken_for: Label | None
) -> None:
    page = blocks.read(from_text("\n".join((*ITEMS, NAMED, *SENTENCES)), html=False))
    start = page.text.index(NAMED)
    signals = frozenset({Signal.POSITION, Signal.SHAPE})
    findings = [Finding(start, start + len(NAMED), Label.HEADLINE, 0.3, "headline.maybe", "it", signals)]
    if taken_for is not None:
        findings.append(Finding(0, start + len(NAMED), taken_for, 0.95, "navigation.run", "a run", signals))
    opinions = [Opinion(0.99 if block.text in SENTENCES else 0.03) for block in page.blocks]
    spans = decide(page, findings, opinions, profile)
    (title,) = (span for span in spans if page.text[span.start : span.end] == NAMED)
    assert title.action is action
    assert title.field is None
    assert all(span.action is Action.REMOVED for span in spans if span.end < title.start)


def test_what_may_be_the_title_and_is_known_by_its_form_goes() -> None:
    page = blocks.read(from_text("\n".join((NAMED, *SENTENCES)), html=False))
    signals = frozenset({Signal.PHRASE, Signal.SHAPE})
    findings = [
        Finding(0, len(NAMED), Label.HEADLINE, 0.3, "headline.maybe", "it", signals),
        Finding(0, len(NAMED), Label.SHARE_WIDGET, 0.95, "share_widget.row", "a row", signals),
    ]
    (first, *_) = decide(page, findings, None, Profile.GENERIC)
    assert (first.label, first.action) == (Label.SHARE_WIDGET, Action.REMOVED)


@pytest.mark.parametrize(
    ("named", "label"), [("comments", Label.COMMENTS), ("answers", Label.OTHER_BOILERPLATE)]
)
def test_what_the_model_takes_out_is_called_what_its_author_calls_it(named: str, label: Label) -> None:
    said = "We have been waiting for this for years, all of us, and nobody ever told us why it took so long."
    html = f"<p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p><div id={named}><p>{said}</p></div>"
    page = blocks.read(from_text(html, html=True))
    opinions = [Opinion(0.99), Opinion(0.99), Opinion(0.01)]
    last = decide(page, (), opinions, Profile.GENERIC)[-1]
    assert (last.label, last.action) == (label, Action.REMOVED)


def test_nothing_is_called_comments_where_all_that_is_kept_is() -> None:
    html = f"<div id=comments><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p><p>{SENTENCES[2]}</p></div>"
    page = blocks.read(from_text(html, html=True))
    spans = decide(page, (), [Opinion(0.99), Opinion(0.99), Opinion(0.01)], Profile.GENERIC)
    assert Label.COMMENTS not in {span.label for span in spans}


@pytest.mark.parametrize(("paragraphs", "action"), [(1, Action.KEPT), (5, Action.REMOVED)])
def test_captions_stay_where_they_are_most_of_the_text(paragraphs: int, action: Action) -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES[:paragraphs])
    shown = (
        "The first boats leave the southern landing at four o'clock, loaded with tomatoes from the gardens.",
        "A tea seller warms her hands over the brazier that she keeps in the bow of her boat all winter.",
        "Buyers from the hills still sometimes pay in salt, which they measure with an old tin, she says.",
    )
    figures = "".join(f"<figure><img><figcaption>{caption}</figcaption></figure>" for caption in shown)
    page = blocks.read(from_text(f"{text}{figures}", html=True))
    opinions = [*[Opinion(0.99)] * paragraphs, *[Opinion(0.02)] * len(shown)]
    spans = decide(page, (), opinions, Profile.GENERIC)
    assert [span.action for span in spans[paragraphs:]] == [action] * len(shown)


TEASERS = [
    "The old market hall opens again after the winter and shows what the town's bakers have made.",
    "Three schools will share one new gymnasium, which the county wants to build beside the station.",
    "A storm on the coast has taken the roof of a church, and the parish asks for help with repairs.",
]
SURE_OF = [0.97] * len(SENTENCES)


def _doubted(lines: list[str], chances: list[float], doubted: list[str]) -> set[Action]:
    """What becomes of lines that no detector finds."""
    page = blocks.read(from_text("\n\n".join(lines), html=False))
    spans = decide(page, (), [Opinion(chance) for chance in chances], Profile.GENERIC)
    starts = {block.start for block in page.blocks if block.text in doubted}
    return {span.action for span in spans if span.start in starts}


@pytest.mark.parametrize(
    ("sure", "action"), [(SURE_OF, Action.REMOVED), ([0.8] * len(SENTENCES), Action.FLAGGED)]
)
def test_a_list_of_doubtful_sentences_goes_where_the_article_is_clear(
    sure: list[float], action: Action
) -> None:
    lines = [*SENTENCES, "Read on", *TEASERS, *MENU]
    chances = [*sure, 0.03, *[0.35] * len(TEASERS), *NOT_MENU]
    assert _doubted(lines, chances, TEASERS) == {action}


def test_a_lone_doubtful_sentence_stays_though_the_article_is_clear() -> None:
    lines = [*SENTENCES, "Divers at the pillars", TEASERS[0], *MENU]
    assert _doubted(lines, [*SURE_OF, 0.03, 0.35, *NOT_MENU], TEASERS) == {Action.FLAGGED}


def test_a_doubtful_sentence_beside_the_text_stays_though_a_list_follows() -> None:
    lines = [*SENTENCES, *TEASERS, *MENU]
    chances = [*SURE_OF, *[0.35] * len(TEASERS), *NOT_MENU]
    assert _doubted(lines, chances, TEASERS[:1]) == {Action.FLAGGED}
    assert _doubted(lines, chances, TEASERS[1:]) == {Action.REMOVED}


LEAD = "After delays and a budget that swelled the town opened the old bridge over the river to walkers"


@pytest.mark.parametrize(
    ("between", "below", "action"),
    [
        (LEAD, Label.BYLINE, Action.FLAGGED),
        (LEAD, Label.DATELINE, Action.FLAGGED),
        ("Town and country", Label.BYLINE, Action.REMOVED),  # a section
        (LEAD, None, Action.REMOVED),
    ],
)
def test_what_leads_in_between_title_and_byline_stays(
    between: str, below: Label | None, action: Action
) -> None:
    lines = ["The old bridge opens again", between, "Ruth Adler", "Photo gallery", *SENTENCES]
    page = blocks.read(from_text("\n\n".join(lines), html=False))
    signals = frozenset({Signal.SHAPE, Signal.POSITION})
    title, _, signed = page.blocks[:3]
    found = [
        Finding(title.start, title.end, Label.HEADLINE, 0.9, "test.rule", "", signals, "headline", title.text)
    ]
    if below is not None:
        field = "authors" if below is Label.BYLINE else "datePublished"
        found.append(
            Finding(signed.start, signed.end, below, 0.9, "test.rule", "", signals, field, signed.text)
        )
    opinions = [Opinion(0.99 if block.text in SENTENCES else 0.02) for block in page.blocks]
    spans = {page.text[s.start : s.end]: s for s in decide(page, found, opinions, Profile.GENERIC)}
    assert spans[between].action is action


def test_what_is_known_better_does_not_count_against_the_page() -> None:
    lines = ["The old bridge opens again", LEAD, "Ruth Adler", "Photo gallery", *SENTENCES]
    page = blocks.read(from_text("\n\n".join(lines), html=False))
    signals_of = frozenset({Signal.SHAPE, Signal.POSITION})
    title, _, signed = page.blocks[:3]
    found = [
        Finding(
            title.start, title.end, Label.HEADLINE, 0.9, "test.rule", "", signals_of, "headline", title.text
        ),
        Finding(
            signed.start, signed.end, Label.BYLINE, 0.9, "test.rule", "", signals_of, "authors", signed.text
        ),
    ]

    def measured(said: float) -> dict[str, float]:
        chances = [0.99 if b.text in SENTENCES else said if b.text == LEAD else 0.02 for b in page.blocks]
        spans = decide(page, found, [Opinion(chance) for chance in chances], Profile.GENERIC)
        whole = article.assemble(page, spans, article.paragraphs(page, spans))
        return signals.measure(page, spans, whole, from_text(page.text, html=False).encoding, {})

    assert measured(0.02) == measured(0.04)
    assert measured(0.02)["hopedPrecision"] > 0.95
