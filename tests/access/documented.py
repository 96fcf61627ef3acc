"""``docs/access.md``, from the code: ``.venv/bin/python -m tests.access.documented`` writes it anew."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from insight.access import EVERYWHERE, GRANTS, MEANING, PARTNERS, Permission, Role
from insight.settings import ROOT
from pages.kit.menu import PAGES
from tests.access.objects import STREAMLIT, USE_CASES, is_download, name_of, our_routes

COMMAND = "run: python -m tests.access.documented"
INTRODUCTION = f"""# Who may do what

Written by `python -m tests.access.documented` from `insight/access.py`, the page table and the routes; a test fails
where it is not what they say. Whoever is signed out, or whose account is disabled, whose session is over or who has yet
to set up a second factor, is a resident to the product. Staff of a partner organisation may do at most what the column
"partner" says, as far as their role does. Who acts in some places only may do the same there and finds nothing
elsewhere, but for {", ".join(sorted(f"`{one}`" for one in EVERYWHERE))}, which concerns every place.

`tests/access` tries all of it as everybody; `python benchmarks/access_matrix.py` tries it on running servers, and
counts.
"""


def document() -> str:
    """The whole document."""
    parts = [
        INTRODUCTION,
        "## Permissions\n",
        _table(("permission", "allows to", *Role, "partner"), _permissions()),
        "\n## Screens\n",
        _table(("address", "permission", *Role), _screens()),
        "\n## Plain routes\n",
        _table(("address", "methods", "asks for"), _routes()),
        "\n## Streamlit's own routes\n",
        _table(
            ("address", "why it asks for no permission"), sorted((f"`{path}`", why) for path, why in STREAMLIT.items())
        ),
        "\n## Use cases\n",
        "A use case in *italics* gives a file; one marked † is written into the audit before it is carried out.\n",
        _table(("permission", "use cases"), _cases()),
    ]
    return "\n".join(parts)


def _permissions() -> Iterable[Sequence[str]]:
    for one in Permission:
        yield f"`{one}`", MEANING[one], *(_mark(one in GRANTS[role]) for role in Role), _mark(one in PARTNERS)


def _screens() -> Iterable[Sequence[str]]:
    for entry in PAGES:
        yield f"`/{entry.path}`", f"`{entry.permission}`", *(_mark(entry.permission in GRANTS[role]) for role in Role)


def _routes() -> Iterable[Sequence[str]]:
    for route in our_routes():
        asks = f"`{route.permission}`" if route.permission else f"nothing: {route.why}"
        yield f"`{route.path}`", ", ".join(sorted(route.methods or ())), asks


def _cases() -> Iterable[Sequence[str]]:
    ordered = sorted(USE_CASES, key=lambda case: (list(Permission).index(case.permission), name_of(case)))
    for permission, cases in groupby(ordered, key=lambda case: case.permission):
        yield f"`{permission}`", ", ".join(_case(case) for case in cases)


def _case(case: object) -> str:
    name = f"`{name_of(case)}`" + ("†" if case.recorded else "")  # type: ignore[arg-type, attr-defined]
    return f"*{name}*" if is_download(case) else name  # type: ignore[arg-type]


def _mark(granted: bool) -> str:
    return "yes" if granted else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "access.md").write_text(document(), "utf-8")
