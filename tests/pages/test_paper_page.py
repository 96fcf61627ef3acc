"""The page to print and the PDF at their addresses: every language, a survey's own questions, and kind refusals."""

import hashlib
import re
from base64 import b64encode

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from insight import intake, paper
from insight.access import SYSTEM
from insight.intake import question_set
from insight.language import LANGUAGES, speaking
from pages.form.paper import paper_routes


@pytest.fixture
def reader(sqlite: str) -> TestClient:
    intake.add_place(SYSTEM, "Testham", synthetic=True)
    return TestClient(Starlette(routes=paper_routes))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_to_print_has_every_question_once_in_its_language_and_direction(
    reader: TestClient, language: str
) -> None:
    answer = reader.get(f"/tell/paper?lang={language}")
    html, spoken = answer.text, LANGUAGES[language]
    assert answer.status_code == 200
    assert f'<html lang="{spoken.tag}" dir="{spoken.direction}">' in html
    with speaking(language):
        form = paper.paper_form(question_set(), intake.current_place(), language)
    printed = re.findall(r'<span class="code"[^>]*>([^<]+)</span>', html)
    assert printed == [item.id for item in form.items]
    assert len(set(printed)) == len(printed)
    words = html.replace("&#39;", "'")
    assert all(item.words in words and all(box.words in words for box in item.boxes) for item in form.items)
    assert form.id in html
    assert ("/tell/paper.pdf" in html) is paper.fits_pdf(language)


def test_the_page_allows_its_own_styles_and_nothing_else(reader: TestClient) -> None:
    answer = reader.get("/tell/paper?size=large")
    styles = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    allowed = b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert len(styles) == 1 and f"'sha256-{allowed}'" in policy and "default-src 'none'" in policy
    assert " style=" not in answer.text and "<script" not in answer.text
    assert len(reader.get("/tell/paper", headers={"Accept-Encoding": "gzip"}).content) > 0
    assert int(answer.headers["content-length"]) < 10_000, "bytes over the wire"


def test_a_pdf_is_named_for_what_it_is_and_arabic_leads_to_the_page(reader: TestClient) -> None:
    answer = reader.get("/tell/paper.pdf?lang=pl&size=large")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert 'filename="journey-2-pl-large.pdf"' in answer.headers["content-disposition"]
    assert reader.get("/tell/paper.pdf?lang=pl&size=large").content == answer.content
    assert reader.get("/tell/paper.pdf?lang=ar").headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "address", ["/tell/paper?survey=none", "/tell/paper.pdf?survey=none", "/tell/paper?place=none"]
)
def test_what_is_not_there_is_said_kindly(reader: TestClient, address: str) -> None:
    assert reader.get(address).status_code == 404


def test_an_invented_place_says_so_on_paper(reader: TestClient) -> None:
    assert "Testham is an invented place" in reader.get("/tell/paper?lang=en").text
