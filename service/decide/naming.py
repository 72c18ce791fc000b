"""the choices of a page's blocks -> the same, with a better name for what the model alone took out.

Nothing is removed or kept here that was not before.
"""

from schemas.labels import Action, Label
from service import tree
from service.decide.choices import Choice
from service.document import Page


def comments(page: Page, choices: list[Choice]) -> None:
    """Call comments what stands in an element that its author calls so, where other text is kept."""
    commented = tree.commented(page)
    if True not in commented:
        return
    inside = [commented[line] for line in page.line_of]
    if not any(c.action is Action.KEPT and not within for c, within in zip(choices, inside, strict=True)):
        return
    for index, (choice, within) in enumerate(zip(choices, inside, strict=True)):
        if within and choice.action is Action.REMOVED and choice.label is Label.OTHER_BOILERPLATE:
            named = ("decide.comments", "in an element called comments")
            choices[index] = choice._replace(label=Label.COMMENTS, reasons=(*choice.reasons, named))
