"""Paper: the printable form of a question set, and what its boxes and codes mean when staff key it in."""

from insight.errors import BadInput
from insight.intake import Place, QuestionSet
from insight.language import _
from insight.paper.layout import checksum, fits_pdf, form_id, paper_form, who_to_call
from insight.paper.model import Box, Item, Kind, Notice, PaperForm, Part, Size
from insight.paper.rules import LENGTH_CODES, answers_typed, boxes_of, typed_answer

__all__ = [
    "LENGTH_CODES",
    "Box",
    "Item",
    "Kind",
    "Notice",
    "PaperForm",
    "Part",
    "Size",
    "answers_typed",
    "boxes_of",
    "checksum",
    "fits_pdf",
    "form_id",
    "form_pdf",
    "paper_form",
    "typed_answer",
    "who_to_call",
]


def form_pdf(
    questions: QuestionSet,
    place: Place,
    language: str,
    size: str,
    *,
    steps: int = 4,
    address: str = "",
    website: str = "",
) -> bytes:
    """The form as a PDF on A4, the same bytes each time; ``size`` is ``a4`` (12 pt and up) or ``large`` (18 pt and up).

    :class:`~insight.errors.BadInput` for a language that the PDF writer cannot set: print the page instead.
    """
    if size not in set(Size):
        raise BadInput(_("There is no such size. Choose a4 or large."))
    if not fits_pdf(language):
        raise BadInput(_("There is no PDF in this language. Print the page instead."))
    from insight.paper.pdf import written  # the PDF library is loaded by who prints, not by who reads a page

    return written(paper_form(questions, place, language, steps=steps, address=address, website=website), Size(size))
