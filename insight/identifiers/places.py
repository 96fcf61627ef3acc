"""Where somebody lives: postcodes and street addresses."""

import re
from collections.abc import Iterator

from insight.identifiers.lists import word_set
from insight.identifiers.model import Kind, Mark
from insight.identifiers.plain import mark

AREAS = word_set(
    """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY
    G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR
    NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA
    WC WD WF WN WR WS WV YO ZE
    """
)
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])([A-Z]{1,2})\d[A-Z\d]? {0,2}\d([ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9])", re.IGNORECASE
)
NOT_INWARD = {"st", "nd", "rd", "th", "hr", "ft", "lb", "ph"}


def postcodes(text: str) -> Iterator[Mark]:
    """Whole postcodes of a known area (Royal Mail's form); half a postcode holds thousands of homes and is none."""
    for found in _POSTCODE.finditer(text):
        if found[1].upper() in AREAS and found[2] not in NOT_INWARD:
            yield mark(found, Kind.POSTCODE)


_SURE = r"street|road|rd|avenue|ave|lane|crescent|cres|terrace|grove|gardens|gdns|mews|square"
_OTHER = (
    r"st|close|court|drive|way|parade|hill|rise|view|walk|place|row|bank|approach|park|gate|house|lodge|sq|"
    r"heights|villas|"
    r"tower|towers|wharf|quay|green|meadow|meadows|mount|fold|croft|yard|vale|dale|circus|esplanade|mansions|"
    r"buildings|point|"
    r"cottages|cottage|end|estate"
)
SHORTENED = frozenset({"st", "rd", "ave", "cres", "gdns", "sq"})
_NUMBER = r"\d{1,4}[a-z]?(?:\s?[\-/]\s?\d{1,4}[a-z]?)?"
_WORDS = r"((?:[^\W\d_][\w'.]{0,20}[ \-]){1,3})"
_TYPE = rf"({_SURE}|{_OTHER})(?![\w'])(\.?)"
_HOME = r"(?:flat|apartment|apt|unit|room|maisonette|studio|plot)\s{0,2}(?:no\.?\s?)?[a-z]?\d{0,4}[a-z]?"
_STREET = re.compile(
    rf"(?<![\w£$€.,/:#\-])(?:{_HOME},?\s{{1,2}})?(?:(?:number|"
    rf"no\.?)\s?)?{_NUMBER},?\s{{1,2}}(?:the\s)?{_WORDS}{_TYPE}",
    re.IGNORECASE,
)
_BUILDING = re.compile(rf"(?<!\w){_HOME}(?<=[\da-z]),?\s{{1,2}}{_WORDS}{_TYPE}", re.IGNORECASE)
_THE = re.compile(
    rf"(?<![\w£$€.,/:#\-]){_NUMBER},?\s(the\s)(crescent|close|green|avenue|grove|drive|terrace|square|parade|"
    rf"mews|lane|street)\b",
    re.IGNORECASE,
)
_WELSH = re.compile(
    rf"(?<![\w£$€.,/:#\-]){_NUMBER},?\s(?:Heol|Ffordd|Stryd|L[oô]n|Maes|Clos|Rhodfa|Bryn|"
    rf"Tan)(?:\s[^\W\d_][\w'\-]{{0,20}}){{1,2}}"
)
_ADDRESS_CUE = re.compile(
    r"\b(?:live[sd]?|living|address|moved|house|home|flat|deliver\w*|behind|outside|noise|stay\w*|based|from|"
    r"at)\b[^.!?\n]{0,25}$",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"\b(?:ward|bus|buses|route|junction|level|floor|zone|bay|gate|platform|line|age|aged)\s{1,2}$", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d,")
NOT_MIDDLE = word_set(
    """
    a about across after all along an and are as at away be bed bedroom beds before behind between but by can car
    cars day days down each every few for foot from good had has have hour hours i if in into is it its lane lanes
    long m max meter metre metres mile miles min mins minute minutes mm month months more mph near new no not of off
    on or other our out outside over passenger past people per plus pound pounds residents second seconds side so
    storey than that their them then there they this to trees up us was way ways week weeks were when where which
    who with within year years yard yards your yr yrs different main busy separate major minor times visits parking
    am pm nurse nurses staff patients children kids wards
    """
)


def streets(text: str) -> Iterator[Mark]:
    """A number or a flat, a name and a kind of street; what may be ordinary words only after words of an address."""
    for pattern in (_STREET, _BUILDING):
        for found in pattern.finditer(text):
            if _is_address(text, found):
                whole = found[2].lower() not in SHORTENED  # its full stop ends the sentence
                yield Mark(found.start(), found.end(2) if whole else found.end(), Kind.STREET)
    for found in _THE.finditer(text):
        before = text[max(0, found.start() - 40) : found.start()]
        if found.start() == 0 or found[2][0].isupper() or _ADDRESS_CUE.search(before):
            yield mark(found, Kind.STREET)
    yield from (mark(found, Kind.STREET) for found in _WELSH.finditer(text))


def _is_address(text: str, found: re.Match[str]) -> bool:
    names, kind, dot = found[1].split(), found[2], found[3]
    if NOT_MIDDLE.intersection(name.lower().strip(".") for name in names):
        return False
    if _YEAR.match(found[0]):
        return False
    before = text[max(0, found.start() - 40) : found.start()]
    if _NOT_BEFORE.search(before):
        return False
    if kind.lower() == "st" and not dot and re.match(r"\s[A-Z]", text[found.end() : found.end() + 2]):
        return False  # 3 March St Mary's
    if re.fullmatch(_SURE, kind, re.IGNORECASE) or all(name[0].isupper() for name in names):
        return True
    return bool(_ADDRESS_CUE.search(before))
