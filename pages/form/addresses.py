"""Where in the journey a path leads, and the path of each page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from insight.intake import QuestionSet
from pages.sharing.address import CHECK, START, Where, read_address

HOME, CHECKING, SENT, LATER, RESUME = "/tell", "/tell/check", "/tell/sent", "/tell/later", "/tell/resume"


def path_to(where: Where, **more: str) -> str:
    """The path of a page."""
    if where.page == START:
        return HOME
    if where.page == CHECK:
        return CHECKING
    path = f"/tell/q/{quote(where.page, safe='')}"
    if where.step is not None and where.part is not None:
        path += f"/{where.step + 1}/{quote(where.part, safe='')}"
    query = ({"then": where.then} if where.then else {}) | more
    return path + (f"?{urlencode(query)}" if query else "")


def where_at(
    questions: QuestionSet, answers: Mapping[str, Any], parts: Mapping[str, str], query: Mapping[str, str]
) -> Where:
    """The page that a path names; what it names wrongly leads to the nearest page there is."""
    named = {"page": parts.get("page", START), "then": query.get("then", "")}
    if "n" in parts:
        named |= {"step": parts["n"], "part": parts.get("part", "")}
    return read_address(questions, answers, named)


def where_after(questions: QuestionSet, answers: Mapping[str, Any], at: object) -> Where:
    """Where somebody goes on: the page they had reached, else the first one."""
    page, number, part, *_rest = [*str(at or "").split("/"), "", "", ""]
    where = where_at(questions, answers, {"page": page} | ({"n": number, "part": part} if part else {}), {})
    return where if where.page != START else Where(questions.question[0].id)


def name_of(where: Where) -> str:
    """A page's name as a draft keeps it, for :func:`where_after`."""
    return where.page if where.step is None else f"{where.page}/{where.step + 1}/{where.part}"
