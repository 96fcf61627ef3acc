"""Every text that the product shows is in its catalogues: nothing missing, nothing left over, no broken placeholder."""

import importlib.util
import re
from string import Formatter
from types import ModuleType

import pytest

from insight.language import FOLDER, LANGUAGES, _, best_of, day, ngettext, read_catalogue, speaking
from insight.settings import ROOT

OTHERS = [code for code in LANGUAGES if code != "en"]


def _update() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update", ROOT / "data" / "languages" / "update.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


update = _update()
TEXTS = update.texts()


def _wanted(code: str) -> set[str | tuple[str, str]]:
    return {message for message, files in TEXTS.items() if code == "cy" or update.for_residents(files)}


def _placeholders(text: str) -> set[str]:
    named = {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}
    return named | set(re.findall(r"%\((\w+)\)s", text))


def test_there_are_texts_to_check() -> None:
    assert len(TEXTS) > 250


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_is_missing_from_a_language(code: str) -> None:
    catalogue = read_catalogue(FOLDER / f"{code}.po")
    ids = {message[0] if isinstance(message, tuple) else message for message in _wanted(code)}
    known = {key[0] if isinstance(key, tuple) else key for key, said in catalogue._catalog.items() if said}  # type: ignore[attr-defined]
    assert sorted(ids - known) == []
    assert sorted(known - ids - {""}) == [], "run: make languages"


@pytest.mark.parametrize("code", OTHERS)
def test_placeholders_survive_translation(code: str) -> None:
    catalogue = read_catalogue(FOLDER / f"{code}.po")
    broken = []
    for key, said in catalogue._catalog.items():  # type: ignore[attr-defined]
        message = key[0] if isinstance(key, tuple) else key
        allowed = _placeholders(message) | {"number", "count"} if isinstance(key, tuple) else _placeholders(message)
        if message and said and not _placeholders(said) <= allowed:
            broken.append(message)
        if message and said and not isinstance(key, tuple) and _placeholders(said) != _placeholders(message):
            broken.append(message)
    assert broken == []


@pytest.mark.parametrize(("code", "script"), [("ur", "؀-ۿ"), ("ar", "؀-ۿ")])
def test_right_to_left_languages_are_written_in_their_script(code: str, script: str) -> None:
    catalogue = read_catalogue(FOLDER / f"{code}.po")
    plain = [
        said
        for key, said in catalogue._catalog.items()  # type: ignore[attr-defined]
        if key
        and said
        and not re.search(f"[{script}]", said)
        and re.search("[A-Za-z]{4}", re.sub(r"[{(].*?[)}]", "", said))
    ]
    assert plain == []


def test_a_language_is_spoken_within_its_block_only() -> None:
    with speaking("cy") as welsh:
        assert welsh.tag == "cy"
        assert _("Continue") != "Continue"
        with speaking("nonsense"):
            assert _("Continue") == "Continue"
        assert _("Continue") != "Continue"
    assert _("Continue") == "Continue"


def test_numbers_take_the_form_that_their_language_has() -> None:
    with speaking("pl"):
        forms = {ngettext("{number} month", "{number} months", number) for number in (1, 2, 5)}
    assert len(forms) == 3


def test_dates_are_written_as_people_write_them() -> None:
    from datetime import date

    said = {}
    for code in LANGUAGES:
        with speaking(code):
            said[code] = day(date(2026, 11, 22))
    assert said["en"] == "22 November 2026"
    assert said["cy"] == "22 Tachwedd 2026"
    assert said["pl"] == "22 listopada 2026"
    assert len(set(said.values())) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("accepted", "code"),
    [("cy,en;q=0.8", "cy"), ("en-GB,cy;q=0.5", "en"), ("fr, ar;q=0.4", "ar"), ("", "en"), ("xx;q=oops,,;", "en")],
)
def test_the_browsers_wish_is_heard(accepted: str, code: str) -> None:
    assert best_of(accepted) == code
