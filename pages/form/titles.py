"""What stands over a page: its heading, and how far somebody is."""

from insight.intake import Draft
from insight.intake.questions import Wording
from insight.language import _
from pages.sharing.address import Where


def heading(draft: Draft, here: Where) -> Wording:
    """The words of a page's one heading."""
    if here.step is None:
        return draft.questions.by_id(here.page).text
    return next(part.text for part in draft.questions.steps.page if part.id == here.part)


def above(draft: Draft, here: Where) -> str:
    """The line over the heading."""
    if here.step is not None:
        parts = [part.id for part in draft.questions.steps.page]
        return _("Step {number}, page {page} of {pages}").format(
            number=here.step + 1, page=parts.index(here.part or parts[0]) + 1, pages=len(parts)
        )
    return position(draft, here)


def position(draft: Draft, here: Where) -> str:
    """How far somebody is: Question 2 of 8."""
    order = [question.id for question in draft.questions.question]
    return _("Question {number} of {count}").format(number=order.index(here.page) + 1, count=len(order))
