"""The plain form in Chromium: the whole journey without JavaScript, by keyboard alone, and what JavaScript adds."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.form_states import FORM_STATES, reach

pytestmark = pytest.mark.browser

Opener = Callable[..., Any]
LANGUAGE_NAMES = {"en": "English", "cy": "Cymraeg"}


@pytest.fixture
def browse(chromium: Any, site: Any) -> Iterator[Opener]:
    """Opens pages, each in a browser profile of its own."""
    contexts: list[Any] = []

    def open_page(**options: Any) -> Any:
        given = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "reduced_motion": "reduce"} | options
        contexts.append(chromium.new_context(**given))
        contexts[-1].set_default_timeout(10_000)
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


def go_on(page: Any, button: str = "on") -> None:
    """Press a button of the form by what it does, in whatever language it is written."""
    page.locator(f"main button[name=go][value={button}]").first.click()


def where(page: Any) -> str:
    return str(page.url.split("//")[1].split("/", 1)[1].split("?")[0])


def submit(page: Any) -> None:
    page.locator("main form .button").first.click()


STEPS = [
    ("Discharge team", "face_to_face", "-1", "They rang nobody."),
    ("housing ADVICE", "phone", "-2", "The form got lost."),
    ("The lady at the library", "outreach", "2", "She knew."),
    ("Repairs", "home_visit", "1", "Fixed in a day."),
]


def add(page: Any) -> None:
    page.locator("main > .acts a").first.click()


def tell_a_step(page: Any, number: int, told: tuple[str, str, str, str]) -> None:
    service, channel, feeling, note = told
    add(page)
    assert where(page) == f"tell/q/steps/{number}/where"
    page.locator("#service").fill(service)
    page.locator("#channel").select_option(channel)
    page.locator("#when-month").fill("3")
    page.locator("#when-year").fill("2026")
    go_on(page)
    page.locator("#waited-number").fill("3")
    page.locator("input[name=waited-unit][value=weeks]").check()
    go_on(page)
    page.locator(f"input[name=feeling][value='{feeling}']").check()
    page.locator("input[name=told_again][value=yes]").check()
    go_on(page)
    page.locator("#note").fill(note)
    go_on(page)
    assert where(page) == "tell/q/steps"


@pytest.mark.parametrize(("first", "second"), [("en", "cy"), ("cy", "en")])
def test_a_journey_of_four_steps_without_javascript(site: Any, browse: Opener, first: str, second: str) -> None:
    """Acceptance 1: two languages, back, reload, resumed by link in another browser, sent twice."""
    before = len(site.rows("select id from story"))
    page = browse(java_script_enabled=False, locale=first)
    page.goto(f"{site.url}/tell?from=poster-1")
    assert page.locator("html").get_attribute("lang") in ("en-GB", "cy")
    submit(page)
    page.locator("input[value=hospital_discharge]").check()
    go_on(page)
    page.locator("#what_happened").fill("Mum came home on a Friday.\nNobody knew.")
    go_on(page)
    for number, told in enumerate(STEPS[:2], 1):
        tell_a_step(page, number, told)
    add(page)  # half-way: a third step is being told when the language changes
    page.locator("#service").fill(STEPS[2][0])
    page.get_by_role("button", name=LANGUAGE_NAMES[second]).click()
    assert page.locator("html").get_attribute("lang") == {"en": "en-GB", "cy": "cy"}[second]
    assert page.locator("#service").input_value() == STEPS[2][0]
    page.locator("#channel").select_option(STEPS[2][1])
    go_on(page)
    page.wait_for_load_state("networkidle")  # a page that is still settling has no history yet
    page.go_back()
    assert page.locator("#channel").input_value() == STEPS[2][1]
    page.reload()
    assert page.locator("#service").input_value() == STEPS[2][0]
    go_on(page)
    go_on(page, "later")
    link = page.locator("main a[href^='/tell/r/']").get_attribute("href")

    other = browse(java_script_enabled=False, locale="pl")
    other.goto(site.url + link)
    submit(other)
    assert where(other) == "tell/q/steps/3/wait"
    assert other.locator("html").get_attribute("lang") == {"en": "en-GB", "cy": "cy"}[second]
    other.locator("#waited-number").fill("3")
    other.locator("input[name=waited-unit][value=weeks]").check()
    go_on(other)
    other.locator(f"input[name=feeling][value='{STEPS[2][2]}']").check()
    other.locator("input[name=told_again][value=yes]").check()
    go_on(other)
    other.locator("#note").fill(STEPS[2][3])
    go_on(other)
    tell_a_step(other, 4, STEPS[3])
    other.locator("main > .acts a").nth(1).click()
    other.locator("input[value=partly]").check()
    go_on(other)
    other.locator("#what_better").fill("One person who knows.")
    go_on(other)
    other.locator("#what_good").fill("The nurse.")
    go_on(other, "back")
    assert other.locator("#what_better").input_value() == "One person who knows."
    go_on(other)
    assert other.locator("#what_good").input_value() == "The nurse."
    go_on(other)
    other.locator("input[value=carer]").check()
    go_on(other)
    other.locator("input[value=analyse]").check()
    go_on(other)
    assert where(other) == "tell/check"
    for words in ("Mum came home on a Friday.", *(told[3] for told in STEPS), "One person who knows."):
        assert words in other.locator("main").inner_text()
    page.goto(f"{site.url}/tell/check")
    submit(other)
    reference = other.locator(".ref span").first.inner_text()
    submit(page)
    assert page.locator(".ref span").first.inner_text() == reference
    page.wait_for_load_state("networkidle")  # a page that is still settling has no history yet
    page.go_back()
    page.reload()

    assert len(site.rows("select id from story")) == before + 1
    ((told_answers, language, campaign),) = site.rows(
        f"select answers, language, campaign from story where reference = '{reference}'"
    )
    answers = json.loads(told_answers)
    steps = answers.pop("steps")
    assert (language, campaign) == (second, "poster-1")
    assert answers == {
        "need": "hospital_discharge",
        "what_happened": "Mum came home on a Friday.\nNobody knew.",
        "need_met": "partly",
        "what_better": "One person who knows.",
        "what_good": "The nurse.",
        "teller_role": "carer",
        "consent": ["analyse"],
    }
    names = ["Discharge team", "Housing advice", "The lady at the library", "Repairs"]
    assert [step["service"] for step in steps] == names
    for step, (_, channel, feeling, note) in zip(steps, STEPS, strict=True):
        assert (step["channel"], step["feeling"], step["note"], step["told_again"]) == (channel, feeling, note, "yes")
        assert step["waited"] == {"number": "3", "unit": "weeks"}
    assert [(step["when"] or {}).get("month") for step in steps] == ["3", "3", None, "3"]


def test_the_summary_has_the_focus_and_leads_to_the_field(site: Any, browse: Opener) -> None:
    for scripts in (False, True):
        page = browse(java_script_enabled=scripts)
        reach(page, site.url, site.drafts, next(s for s in FORM_STATES if s.name == "step, wrong date"))
        assert page.title().startswith("Error: ")
        assert page.evaluate("document.activeElement.id") == "wrong"
        page.locator("#wrong a").click()
        day = page.locator("#when-day")
        assert day.get_attribute("aria-invalid") == "true"
        assert page.locator("#when-error").inner_text().endswith(page.locator("#wrong a").inner_text())
    assert page.evaluate("document.activeElement.id") == "when-day"


class Keys:
    """The keyboard, and nothing else."""

    def __init__(self, page: Any) -> None:
        self.page, self.keyboard = page, page.keyboard

    @property
    def focused(self) -> str:
        return str(
            self.page.evaluate(
                "() => {const e = document.activeElement;"
                " return e.matches('input,textarea,select') ? e.id || e.name : e.textContent.trim()}"
            )
        )

    def to(self, wanted: str) -> "Keys":
        seen = []
        for _ in range(40):
            self.keyboard.press("Tab")
            seen.append(self.focused)
            if seen[-1] == wanted:
                return self
        raise AssertionError(f"Tab never reached {wanted!r}: {seen}")

    def enter(self, heading: str) -> "Keys":
        self.keyboard.press("Enter")
        self.page.locator("h1", has_text=heading).wait_for()
        self.page.wait_for_load_state()
        return self

    def type(self, text: str) -> "Keys":
        self.keyboard.type(text)
        return self


def test_the_whole_journey_by_keyboard_alone(site: Any, browse: Opener) -> None:
    page = browse()
    page.goto(site.url + "/tell")
    keys = Keys(page)
    page.keyboard.press("Tab")
    assert keys.focused == "Skip to the main part"
    keys.to("Start now").enter("What did you need help with?")
    keys.to("need").keyboard.press("Space")
    keys.to("Continue").enter("What happened?")
    keys.to("what_happened").type("The boiler broke.").to("Continue").enter("The steps of your journey")
    keys.to("Add the first step").enter("Who did you deal with?")
    keys.to("service").type("repairs").to("when-year").type("2026").keyboard.press("Enter")  # Enter is Continue
    page.locator("h1", has_text="How long did you wait?").wait_for()
    keys.to("waited-number").type("2").to("Continue").enter("How did this step go?")
    keys.to("feeling").keyboard.press("Space")
    keys.to("Finish this step").enter("The steps of your journey")
    keys.to("Continue").enter("Did you get what you needed?")
    keys.to("need_met").keyboard.press("Space")
    for heading in (
        "What would have made it better?",
        "What was good?",
        "Who are you in this story?",
        "What may we do",
    ):
        keys.to("Continue").enter(heading)
    keys.to("consent").keyboard.press("Space")
    keys.to("Continue").enter("Check your answers")
    keys.to("Change What happened?").enter("What happened?")
    keys.to("what_happened").keyboard.press("Control+End")
    keys.type(" Twice.").to("Continue").enter("Check your answers")
    keys.to("Send").enter("Thank you")
    ((told,),) = site.rows("select answers from story order by id desc limit 1")
    answers = json.loads(told)
    assert (answers["what_happened"], answers["need_met"]) == ("The boiler broke. Twice.", "yes")
    (step,) = answers["steps"]
    assert (step["service"], step["feeling"], step["when"]["year"], step["waited"]["number"]) == (
        "Repairs",
        "-2",
        "2026",
        "2",
    )


@pytest.fixture
def elsewhere(browse: Opener) -> Opener:
    """A page on which the address that one leaves for answers from this machine."""

    def open_page(**options: Any) -> Any:
        page = browse(**options)
        page.context.route(
            re.compile("bbc.co.uk"), lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html")
        )
        return page

    return open_page


def test_shift_three_times_leaves_and_nothing_leads_back(site: Any, elsewhere: Opener) -> None:
    page = elsewhere()
    page.goto(site.url + "/tell")
    submit(page)
    go_on(page)
    page.locator("#what_happened").press_sequentially("He SHOUTS At Me")  # capitals are not leaving
    assert where(page) == "tell/q/what_happened"
    page.keyboard.press("Shift")
    assert "2 more times" in page.locator("#leaving").inner_text()
    page.keyboard.press("Shift")
    assert "1 more time" in page.locator("#leaving").inner_text()
    page.keyboard.press("Shift")
    page.get_by_role("heading", name="Weather").wait_for()
    page.wait_for_load_state("networkidle")  # a page that is still settling has no history yet
    page.go_back()
    assert "SHOUTS" not in page.content()
    page.goto(f"{site.url}/tell/q/what_happened")
    assert "We cannot find that" in page.content()


def test_leaving_works_without_javascript(site: Any, elsewhere: Opener) -> None:
    page = elsewhere(java_script_enabled=False)
    page.goto(site.url + "/tell")
    submit(page)
    page.get_by_role("link", name="Leave this page").click()
    page.get_by_role("heading", name="Weather").wait_for()
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "throughline_tell"]


def test_what_is_being_typed_is_saved_and_two_clicks_are_one(site: Any, browse: Opener) -> None:
    page = browse()
    page.goto(site.url + "/tell")
    submit(page)
    go_on(page)
    with page.expect_response(lambda answer: answer.status == 204):
        page.locator("#what_happened").press_sequentially("The nurse stayed late")
    page.reload()
    assert page.locator("#what_happened").input_value() == "The nurse stayed late"
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("main button[value=on]").dblclick()
    page.locator("h1", has_text="The steps of your journey").wait_for()
    assert len(sent) == 1


def test_a_kiosk_asks_who_is_still_there_then_forgets(site: Any, browse: Opener) -> None:
    page = browse()
    page.clock.install()
    page.goto(site.url + "/tell/kiosk")
    submit(page)
    page.locator("input[value=money]").check()
    page.clock.run_for(155_000)
    assert page.get_by_role("dialog").get_by_role("heading", name="Do you need more time?").is_visible()
    page.get_by_role("dialog").get_by_role("button").click()
    page.clock.run_for(100_000)
    assert where(page) == "tell/q/need"
    page.clock.run_for(90_000)
    page.wait_for_url("**/tell")
    page.goto(f"{site.url}/tell/q/need")
    assert "We cannot find that" in page.content()


def test_where_javascript_is_on_a_kiosk_goes_by_its_keys_and_not_by_the_servers_timer(
    site: Any, browse: Opener
) -> None:
    def hurried(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "refresh": "1; url=/tell/kiosk/reset"})

    for scripts, stays in ((True, True), (False, False)):
        page = browse(java_script_enabled=scripts)
        page.goto(site.url + "/tell/kiosk")
        submit(page)
        page.context.route("**/tell/q/need", hurried)
        page.reload()
        page.wait_for_timeout(1_600)
        assert (where(page) == "tell/q/need") is stays
