"""the choices of a page's blocks -> the same, but that blocks stay which other blocks speak for.

Each rule changes the list that it is given, and never takes out what was to stay.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import Final

import numpy as np

from schemas.labels import Action, Label
from service import alike, ingredients, tree
from service.decide.choices import Choice, choose, kept
from service.decide.precedence import BY_GUESS
from service.decide.thresholds import Thresholds
from service.document import Finding, Line, Override, Page, Structure

# Between two blocks of text of an HTML page the model alone removes a single line that it gives less than
# this: it sees that the line is a caption, a link or a widget. Out of fold the precision of 128 news articles
# rises from 0.919 to 0.928, recall falls by 0.0003; in text dumps, where nothing tells, there is no gain.
SURE_OF_MARKUP: Final = 0.1

# Fewer captions make no gallery
MIN_CAPTIONS: Final = 3
# Words of what leads into an article
STANDFIRST: Final = 12
# So many sentences that the model gives more than this are a list of teasers, or of rules
MIN_LISTED: Final = 3
LISTED: Final = 0.1
# Lines between a paragraph and a list: a heading, a caption; and with those that go
NEAR: Final = 2
FAR: Final = 5


def only_copies(
    page: Page,
    choices: list[Choice],
    whole: Mapping[int, Sequence[Finding]],
    said_of: Sequence[float | None],
    thresholds: Thresholds,
) -> None:
    """Choose again, without the duplicate's finding, where the original was removed for another reason."""
    starts = page.columns.starts.tolist()
    for index, choice in enumerate(choices):
        if choice.copy_of is None or choice.action is not Action.REMOVED:
            continue
        original = choices[bisect_right(starts, choice.copy_of[0]) - 1]
        if original.action is Action.REMOVED:
            others = [f for f in whole.get(index, ()) if f.label is not Label.DUPLICATE_BLOCK]
            choices[index] = choose(others, said_of[index], thresholds)


def lone_lines(choices: list[Choice], sure: float) -> None:
    """Flag what the model alone would take out from between two kept blocks, but for what it gives less.

    Boilerplate comes in runs; a lone short line amid the text is as well a verse, an answer or a subhead, and
    one below the headline a standfirst.
    """
    stays = [_stays(choice) or choice.label is Label.HEADLINE for choice in choices]
    for index in range(1, len(choices) - 1):
        choice = choices[index]
        alone = choice.action is Action.REMOVED and choice.label is Label.OTHER_BOILERPLATE
        doubted = choice.opinion is None or choice.opinion >= sure
        if alone and doubted and stays[index - 1] and stays[index + 1]:
            doubt = ("decide.lone_line", "the model alone takes no single line from between kept ones")
            choices[index] = _flagged(choice, doubt)


def standfirst(page: Page, choices: list[Choice]) -> None:
    """Flag what the model alone takes out from between the title and the line of its author or its date.

    Shorter lines there are sections and kickers. Of longer ones news' gold has all, that of other
    pages a quarter.
    """
    for index in range(1, len(choices) - 1):
        choice, above, below = choices[index], choices[index - 1], choices[index + 1]
        alone = choice.action is Action.REMOVED and choice.label is Label.OTHER_BOILERPLATE
        titled = above.action is Action.LIFTED and above.label is Label.HEADLINE
        if alone and titled and below.action is Action.LIFTED and page.blocks[index].words >= STANDFIRST:
            doubt = ("decide.standfirst", "between the title and who wrote it, or when, stands what leads in")
            choices[index] = _flagged(choice, doubt)


def likely_sentences(choices: list[Choice], speaks: Sequence[bool], bar: float) -> None:
    """Flag sentences that the model alone takes out, but those it gives less than `bar`.

    `speaks`: whether each block reads like a sentence. `bar` is what holds where the page is not clear.
    Likelier ones go only amid others: what a page shows beside its article comes in lists, and an article's
    last sentence may well stand behind a picture.
    """
    text = [choice.action is Action.KEPT for choice in choices]
    edges = [-1, *(i for i, kept in enumerate(text) if kept), len(choices)]
    for before, after in pairwise(edges):
        run = [i for i in range(before + 1, after) if speaks[i] and _given(choices[i], LISTED)]
        for index in run:
            choice = choices[index]
            alone = choice.action is Action.REMOVED and choice.label is Label.OTHER_BOILERPLATE
            lone = len(run) < MIN_LISTED or index - 1 == before or index + 1 == after
            if alone and lone and _given(choice, bar):
                doubt = ("decide.likely_sentence", "no list of others that the model doubts stands around it")
                choices[index] = _flagged(choice, doubt)


def _given(choice: Choice, least: float) -> bool:
    """Whether the model gives the block so much at least."""
    return choice.opinion is not None and choice.opinion >= least


def lists(page: Page, choices: list[Choice]) -> None:
    """Keep lines of one shape between two kept paragraphs that nothing but their place speaks against."""
    for stretch in alike.stretches(page):
        above = _beside(page, choices, range(stretch.start - 1, -1, -1))
        below = _beside(page, choices, range(stretch.stop, len(page.lines)))
        if not all(any(_is_text(choices, line) for line in side) for side in (above, below)):
            continue
        blocks = range(page.lines[stretch.start].first, page.lines[stretch.stop - 1].last + 1)
        doubted = [i for i in blocks if choices[i].label is not None]
        if all(choices[i].label in BY_GUESS for i in doubted):
            reason = ("decide.alike", f"one of {len(stretch)} lines of one shape between paragraphs")
            for i in doubted:
                said = choices[i].opinion
                choices[i] = kept(said, Override.RULE_KEPT, (*choices[i].reasons, reason))
            if doubted and stretch.start:
                _heading(choices, page.lines[stretch.start - 1])


def _heading(choices: list[Choice], line: Line) -> None:
    """Flag a short line that the model alone takes out from right above a list that is kept."""
    index = line.first
    alone = choices[index].action is Action.REMOVED and choices[index].label is Label.OTHER_BOILERPLATE
    if alone and line.last == index and not line.prose:
        choices[index] = _flagged(choices[index], ("decide.alike", "the list below it is kept"))


def _beside(page: Page, choices: Sequence[Choice], lines: range) -> Iterator[Line]:
    """The nearest lines to one side, without those that go by their own form, as "Read also" does."""
    stay = (page.lines[i] for i in lines[:FAR] if not _goes_by_form(choices, page.lines[i]))
    return islice(stay, NEAR)


def _goes_by_form(choices: Sequence[Choice], line: Line) -> bool:
    first = choices[line.first]
    return first.action is Action.REMOVED and first.label not in BY_GUESS


def recipes(page: Page, choices: list[Choice]) -> None:
    """Keep the short lines between two kept paragraphs that are a recipe's ingredients.

    What else a detector recognises among them goes as elsewhere.
    """
    for run in ingredients.stretches(page):
        if not all(_is_text(choices, page.lines[beside]) for beside in (run.start - 1, run.stop)):
            continue
        reason = ("decide.ingredients", f"one of {len(run)} short lines between paragraphs, with quantities")
        for i in range(page.lines[run.start].first, page.lines[run.stop - 1].last + 1):
            if choices[i].label in BY_GUESS:
                choices[i] = kept(choices[i].opinion, Override.RULE_KEPT, (*choices[i].reasons, reason))


def captions(page: Page, choices: list[Choice]) -> None:
    """Keep what stands below the pictures of a gallery, whose captions are most of its text."""
    dom = page.dom
    if dom is None:
        return
    numbers = np.flatnonzero(tree.line_flags(page) & int(Structure.CAPTION)).tolist()
    found = [
        line
        for number, line in ((number, page.lines[number]) for number in numbers)
        if line.prose and not dom.links[number]
        and all(choices[i].label in (None, Label.OTHER_BOILERPLATE) for i in range(line.first, line.last + 1))
    ]  # fmt: skip
    if len(found) < MIN_CAPTIONS:
        return
    below = {line.number for line in found}
    text = sum(line.words for line in page.lines if line.number not in below and _is_text(choices, line))
    if sum(line.words for line in found) <= text:
        return
    reason = ("decide.captions", f"one of {len(found)} captions, which are most of the page's text")
    for line in found:
        for i in range(line.first, line.last + 1):
            if choices[i].label is not None:
                choices[i] = kept(choices[i].opinion, Override.RULE_KEPT, (*choices[i].reasons, reason))


def _is_text(choices: Sequence[Choice], line: Line) -> bool:
    """Whether a line is a kept paragraph."""
    return line.prose and _stays(choices[line.first])


def titles(choices: list[Choice], guesses: Mapping[int, Sequence[Finding]]) -> None:
    """Flag what may be the title where it only stood as a menu does, or the model alone would take it out."""
    for index, (guess, *_) in guesses.items():
        choice = choices[index]
        if choice.action is Action.REMOVED and choice.label in BY_GUESS:
            choices[index] = _flagged(choice, (guess.rule, guess.evidence))


def _flagged(choice: Choice, doubt: tuple[str, str]) -> Choice:
    """The choice with a doubt that keeps what it was to remove."""
    return choice._replace(
        action=Action.FLAGGED, override=Override.RULE_KEPT, reasons=(*choice.reasons, doubt)
    )


def _stays(choice: Choice) -> bool:
    """Whether the block stays in the text, in doubt or not."""
    return choice.action in (Action.KEPT, Action.FLAGGED)
