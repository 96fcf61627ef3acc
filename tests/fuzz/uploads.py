"""Every file that people may bring: files like real ones, bent and broken; and every file that leaves afterwards."""

import csv
import gzip
import io
import json
import resource
import uuid
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from insight import intake, painpoints, surveys
from insight.access import Actor, Role
from insight.coding import interchanging
from insight.errors import InsightError
from insight.intake import importing
from insight.journeys import cases, exporting
from insight.journeys import service as journeys
from insight.sheets import STARTS_FORMULA
from insight.surveys import xlsform
from tests.fuzz import payloads
from tests.fuzz.oracle import TRACES
from tests.fuzz.payloads import text
from tests.fuzz.tally import FORMULA, UNHANDLED, Tally

STAFF = Actor(Role.ADMIN, "fuzz admin")
MOST_MEMORY = 3 * 2**30  # bytes beyond what the process holds before the first file
BOMB = 60_000_000  # bytes that unpack from almost nothing
EVERY = 40  # files between two looks at everything that leaves
COLUMNS = {"journey": "Case", "step": "Activity", "time": "When", "organisation": "Team", "channel": "Channel"}
VIEWS = ("map", "paths", "flows", "handoffs", "waits", "kinds", "curve")
Body = bytes
Into = Callable[[intake.Place, str, Body, Random], object]


def throw(seed: int, numbers: range) -> Tally:
    """Bring in the files of these numbers; look at what leaves now and then, and at the end."""
    tally, place = Tally("uploads"), intake.current_place()
    _bound_memory()
    for turn, number in enumerate(numbers):
        draw = Random(f"{seed}:uploads:{number}")
        named = list(DOORS)[number % len(DOORS)]
        make, into = DOORS[named]
        name, body = broken(draw, *make(draw))
        tally.inputs += 1
        _bring(tally, number, named, lambda: into(place, name, body, draw))  # noqa: B023  (called at once)
        if turn % EVERY == EVERY - 1 or turn == len(numbers) - 1:
            leaving(tally, place, number)
    return tally


def _bound_memory() -> None:
    held = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MOST_MEMORY, resource.RLIM_INFINITY))


def _bring(tally: Tally, number: int, door: str, act: Callable[[], object]) -> None:
    try:
        act()
        tally.answers[f"{door} taken"] += 1
    except InsightError as refused:
        tally.answers[f"{door} refused"] += 1
        if TRACES.search(str(refused)) or len(str(refused)) > 2_000:
            tally.note(UNHANDLED, f"{number} ({door})", f"said: {str(refused)[:200]}")
    except Exception as fault:  # anything else is what is looked for
        where = fault.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        at = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else ""
        tally.note(UNHANDLED, f"{number} ({door})", f"{type(fault).__name__} at {at}: {str(fault)[:200]}")


# --- Files ------------------------------------------------------------------------------------------------------------


def cell(draw: Random) -> str:
    """What stands in a cell: mostly usual, often not."""
    if draw.random() < 0.6:
        return draw.choice(
            ["Housing advice", "I waited for weeks.", "12/03/2026", "2026-03-01", "5", "yes", "GP surgery", ""]
        )
    return text(draw, long=draw.random() < 0.05).encode("utf-8", "replace").decode()


def rows(draw: Random, head: list[str], usual: dict[str, str] | None = None) -> list[list[str]]:
    """A header, whole or odd, and some rows, some of them ragged. ``usual`` is what a column mostly holds."""
    wide, kept = len(head), usual or {}
    if draw.random() < 0.15:
        head = [draw.choice([name, name.upper(), "", cell(draw), head[0]]) for name in head]
    made = []
    for number in range(draw.randrange(30)):
        row = [kept[name].format(number % 7) if name in kept and draw.random() < 0.97 else cell(draw) for name in head]
        made.append(row if draw.random() < 0.97 else row[: draw.randrange(wide)] + row)
    return [head, *made]


def as_csv(draw: Random, made: list[list[str]]) -> Body:
    """Rows as text in some encoding."""
    out = io.StringIO(newline="")
    csv.writer(
        out, delimiter=draw.choice(",,,;\t|"), lineterminator=draw.choice(["\n", "\r\n", "\r\n", "\n", "\r"])
    ).writerows(made)
    return out.getvalue().encode(draw.choice(["utf-8"] * 9 + ["utf-8-sig", "utf-16", "cp1252", "utf-32"]), "replace")


def as_workbook(sheets: dict[str, list[list[str]]]) -> Body:
    """Rows as a workbook."""
    book = openpyxl.Workbook(write_only=True)
    for title, made in sheets.items():
        sheet = book.create_sheet(title)
        for row in made:
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("", one)[:30_000] for one in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def stories(draw: Random) -> tuple[str, Body]:
    """A table of comments."""
    made = rows(draw, ["Comment", "Service", "Date", "Score", "Channel", "Id", "Organisation"])
    return ("c.xlsx", as_workbook({"Data": made})) if draw.random() < 0.4 else ("c.csv", as_csv(draw, made))


def form(draw: Random) -> tuple[str, Body]:
    """A form as ODK and Kobo write it."""
    kinds = ["text", "integer", "select_one yn", "select_multiple yn", "date", "note", "decimal", "calculate"]
    kinds += ["begin_group", "end_group", "begin_repeat", "end_repeat", cell(draw)] if draw.random() < 0.5 else []
    asked = [
        [draw.choice(kinds), f"q{n}" if draw.random() < 0.9 else cell(draw), cell(draw), cell(draw)]
        for n in range(draw.randrange(25))
    ]
    survey = [
        ["type", "name", "label", draw.choice(["label::Welsh (cy)", "relevant", "calculation", "label::xx"])],
        *asked,
    ]
    choices = [
        ["list_name", "name", "label"],
        *([draw.choice(["yn", "yn", "x"]), f"c{n}", cell(draw) or "=1"] for n in range(4)),
    ]
    return "f.xlsx", as_workbook({"survey": survey, "choices": choices, "settings": [["form_title"], [cell(draw)]]})


def book(draw: Random) -> tuple[str, Body]:
    """A codebook as a table or as REFI-QDA."""
    if draw.random() < 0.5:
        names = ["number", "name", "description", "includes", "excludes", "broader themes", "state", "made by"]
        return "b.csv", as_csv(
            draw, rows(draw, names, {"number": "", "name": "=Theme {}", "state": "active", "broader themes": ""})
        )
    codes = "".join(
        f'<Code guid="{_guid(draw)}" name="{_escape(cell(draw))}" isCodable="true">'
        f"<Description>{_escape(cell(draw))}</Description>"
        for _n in range(draw.randrange(9))
    )
    nested = codes + "</Code>" * codes.count("<Code ")
    doctype = draw.choice([""] * 12 + [XXE, LAUGHS])
    return (
        "b.qdc",
        f'<?xml version="1.0"?>{doctype}<CodeBook xmlns="{QDA}"><Codes>{nested}</Codes></CodeBook>'.encode(),
    )


def cases_file(draw: Random) -> tuple[str, Body]:
    """A case log as CSV or XES, packed or not."""
    if draw.random() < 0.6:
        name, body = (
            "l.csv",
            as_csv(
                draw,
                rows(draw, list(COLUMNS.values()), {"Case": "=case-{}", "When": "2026-03-0{}", "Activity": "+Step {}"}),
            ),
        )
    else:
        events = "".join(
            f'<event><string key="concept:name" value="{_escape(cell(draw))}"/>'
            f'<date key="time:timestamp" value="2026-03-0{draw.randrange(1, 9)}"/></event>'
            for _n in range(9)
        )
        traces = f'<trace><string key="concept:name" value="{_escape(cell(draw))}"/>{events}</trace>' * draw.randrange(
            4
        )
        doctype = draw.choice([""] * 12 + [XXE, LAUGHS])
        name, body = "l.xes", f'<?xml version="1.0"?>{doctype}<log xes.version="1.0">{traces}</log>'.encode()
    return (f"{name}.gz", gzip.compress(body, 1)) if draw.random() < 0.2 else (name, body)


def _guid(draw: Random) -> str:
    return str(uuid.UUID(int=draw.getrandbits(128))) if draw.random() < 0.9 else _escape(cell(draw))


def drawn_path(draw: Random) -> tuple[str, Body]:
    """An intended journey as TOML."""
    steps = "".join(
        f"[[step]]\nname = {json.dumps(cell(draw))}\npromised_days = {draw.choice(DAYS)}\n" for _n in range(3)
    )
    told = f"name = {json.dumps(cell(draw))}\n{steps}"
    return "i.toml", told.encode("utf-8", "replace")


DAYS = ["5"] * 9 + ["-1", "1e9", "nan", "0"]
QDA = "urn:QDA-XML:codebook:1.0"
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY b{n} '{'&a;' * 10}'>" for n in range(9)) + "]>"


def _escape(told: str) -> str:
    return told.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def broken(draw: Random, name: str, body: Body) -> tuple[str, Body]:
    """A file as it is, or bent: bits turned, cut, doubled, renamed, packed, blown up, or another file altogether."""
    roll = draw.random()
    if roll < 0.45 or not body:
        return name, body
    if roll < 0.6:
        bent = bytearray(body)
        for _turn in range(draw.choice([1, 3, 40])):
            bent[draw.randrange(len(bent))] ^= 1 << draw.randrange(8)
        return name, bytes(bent)
    if roll < 0.7:
        return name, body[: draw.randrange(len(body))]
    if roll < 0.78:
        at = draw.randrange(len(body))
        return name, body[:at] + draw.choice(
            [b"\0", b"\xed\xa0\x80", b"\xff\xfe", b'"', b"\r", body, payloads.raw(draw)]
        ) + body[at:]
    if roll < 0.88:
        return draw.choice(
            [f"x.{end}" for end in ("csv", "xlsx", "xes", "xes.gz", "qdc", "toml", "gz", "parquet", "exe")]
            + ["../../x.csv", "\0.csv", "a" * 300 + ".csv"]
        ), body
    return name, draw.choice(OTHERS)(draw)


def _bomb_workbook(draw: Random) -> Body:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            packed.writestr(part, b" " * (BOMB if draw.random() < 0.5 else 9))
    return out.getvalue()


OTHERS: list[Callable[[Random], Body]] = [
    lambda draw: draw.randbytes(5_000),
    lambda _draw: b"",
    lambda _draw: gzip.compress(b"Case,Activity,When\n" + b"a,b,2026-01-01\n" * 300_000, 1),
    lambda _draw: gzip.compress(b"," * BOMB, 1),
    _bomb_workbook,
    lambda _draw: b"Comment\n" + b"a" * 10_000_000,
    lambda _draw: b'Comment,Date\n"' + b"a\n" * 500_000,
    lambda _draw: b",".join(b"c%d" % n for n in range(100_000)) + b"\n1",
    lambda _draw: b"\xff\xfeC\0o\0m\0m\0e\0n\0t\0\n\0\x00\xd8\n\0",
    lambda _draw: b"Comment\n" + b"\xed\xa0\x80\xf0\x9f\n" * 50,
    lambda _draw: b"\n" * 200_000,
    lambda _draw: b"<html><script>x()</script>",
    lambda _draw: b'{"a": ' + b"[" * 50_000,
    lambda _draw: b"<?xml version='1.0'?>" + b"<log>" * 50_000,
    lambda _draw: f"<?xml version='1.0'?>{LAUGHS}<log>&b8;</log>".encode(),
    lambda _draw: b"%PDF-1.7 x",
    lambda _draw: b"PAR1" + b"\0" * 64 + b"PAR1",
    lambda _draw: gzip.compress(gzip.compress(b"Case,Activity,When\n1,a,2026-01-01\n")),
]


# --- Into the product -------------------------------------------------------------------------------------------------


def _stories_in(place: intake.Place, name: str, body: Body, draw: Random) -> object:
    looked = importing.preview(STAFF, place, io.BytesIO(body), name=name)
    mapping: dict[str, str | None] = {**looked.mapping}
    if draw.random() < 0.3:
        mapping = {code: draw.choice([*looked.columns, None, "nothing"]) for code in mapping}
    return importing.import_file(
        STAFF, place, io.BytesIO(body), mapping, basis="A test.", quotes=draw.random() < 0.5, guess=True, name=name
    )


def _form_in(place: intake.Place, _name: str, body: Body, _draw: Random) -> object:
    carried = xlsform.from_xlsform(body)
    surveys.revise(STAFF, place, FORM, lambda _before: carried.working)
    return xlsform.to_xlsform(surveys.preview(STAFF, place, FORM))


def _book_in(place: intake.Place, name: str, body: Body, _draw: Random) -> object:
    seen = interchanging.preview(STAFF, place, name, body)
    return interchanging.bring_in(STAFF, place, name, body, seen, "why not")


def _cases_in(place: intake.Place, name: str, body: Body, draw: Random) -> object:
    head = cases.header(STAFF, io.BytesIO(body), name)
    used: dict[str, str | None] = {**head.guessed}
    if draw.random() < 0.3:
        used = {meaning: draw.choice([*head.columns, None, "nothing"]) for meaning in COLUMNS}
    return cases.bring_in(STAFF, place, text(draw, long=False)[:150], io.BytesIO(body), used, file_name=name)


def _path_in(place: intake.Place, _name: str, body: Body, _draw: Random) -> object:
    return journeys_intended(place, body.decode("utf-8", "replace"))


def journeys_intended(place: intake.Place, told: str) -> object:
    """Keep an intended journey that was typed or brought as a file."""
    from insight.journeys import save_intended

    return save_intended(STAFF, place, told)


FORM = "rain-survey-hidden"
DOORS: dict[str, tuple[Callable[[Random], tuple[str, Body]], Into]] = {
    "stories": (stories, _stories_in),
    "xlsform": (form, _form_in),
    "codebook": (book, _book_in),
    "case log": (cases_file, _cases_in),
    "intended": (drawn_path, _path_in),
}


# --- Out of it --------------------------------------------------------------------------------------------------------


def leaving(tally: Tally, place: intake.Place, number: int) -> None:
    """Everything that can be taken out now: no cell starts a formula, and no page acts on what came in."""
    for named, make in _exports(place):
        try:
            body = make()
        except InsightError:
            continue
        except Exception as fault:
            tally.note(UNHANDLED, f"{number} (out: {named})", f"{type(fault).__name__}: {str(fault)[:200]}")
            continue
        tally.answers["taken out"] += 1
        for one in formulas(named, body):
            tally.note(FORMULA, f"{number} (out: {named})", one)


def _exports(place: intake.Place) -> Iterator[tuple[str, Callable[[], bytes]]]:
    yield "board.csv", lambda: painpoints.export(STAFF, place)
    yield "codebook.csv", lambda: interchanging.as_csv(STAFF, place)
    yield "codebook.qdc", lambda: interchanging.as_qdc(STAFF, place)
    yield "survey.xlsx", lambda: xlsform.to_xlsform(surveys.preview(STAFF, place, FORM))
    sources = [source.code for source in journeys.sources(STAFF, place)][-4:]
    for source in sources:
        for view in VIEWS:
            yield f"{view}.csv", partial(journeys.export_table, STAFF, place, view, None, source)
        for form_ in exporting.Form:
            yield f"log.{form_}", partial(exporting.export_log, STAFF, place, form_, None, source)


def formulas(name: str, body: bytes) -> Iterator[str]:
    """The cells of a file that a spreadsheet would take for formulas."""
    if body.startswith(b"PK"):
        yield from _in_package(name, body)
    elif name.endswith(".csv"):
        for row in csv.reader(io.StringIO(body.decode("utf-8-sig", "replace"), newline="")):
            yield from (one[:60] for one in row if STARTS_FORMULA.match(one) and one[0] != "'" and not _is_number(one))


def _in_package(name: str, body: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        for member in packed.namelist():
            if member.endswith(".csv"):
                yield from formulas(member, packed.read(member))
            elif member.startswith("xl/worksheets/") and b"<f>" in packed.read(member):
                yield f"{name} {member}: <f>"


def _is_number(told: str) -> bool:
    """Numbers below nought begin as formulas do, and are none."""
    try:
        float(told)
    except ValueError:
        return False
    return True
