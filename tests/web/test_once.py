"""The same form twice, two people at once, and forms that are wrong: nothing is done twice, nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from mutualflow.storage import tables as t
from mutualflow.web.site import Site
from tests.stored import load
from tests.web.browsing import Forms, words
from tests.web.conftest import Browser

Open = Callable[..., Browser]
LEAD, OTHER = "staff_lead-group-1", "staff_lead-group-2"
QUESTION = "/projects/riverside/steps/vision/questions/why_leave"


def fields(client: Browser, place: str) -> dict[str, str]:
    page = client.get(place)
    return Forms(page.text).at(place, words(page.text))


def events(site: Site) -> int:
    with site.app.engine.connect() as db:
        return int(db.execute(select(func.count()).select_from(t.event_row)).scalar_one())


def said(site: Site) -> str:
    return load(site.app.engine).answers["why_leave", ""].text


def test_a_form_sent_twice_is_taken_once_and_answers_the_same(site: Site, browser: Open) -> None:
    client = browser(LEAD)
    form = {**fields(client, QUESTION), "answer": "More time for people", "way": "save"}
    first = client.post(QUESTION, data=form)
    before = events(site)
    again = client.post(QUESTION, data=form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    assert events(site) == before


def test_a_form_sent_eight_times_at_once_is_taken_once(site: Site, browser: Open) -> None:
    client = browser(LEAD)
    form = {**fields(client, QUESTION), "answer": "More time for people", "way": "save"}
    before = events(site)
    clients = [browser(LEAD) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda c: c.post(QUESTION, data=form).status_code, clients))
    assert answers.count(303) >= 1
    assert events(site) == before + 1


def test_who_answers_after_somebody_else_is_told_and_loses_nothing_of_hers(site: Site, browser: Open) -> None:
    mine, hers = browser(LEAD), browser(OTHER)
    forms = [fields(client, QUESTION) for client in (mine, hers)]
    assert mine.post(QUESTION, data={**forms[0], "answer": "First", "way": "save"}).status_code == 303
    answer = hers.post(QUESTION, data={**forms[1], "answer": "Second", "way": "save"})
    assert answer.status_code == 409
    assert "Second" in answer.text, "what she wrote is shown again"
    assert "First" in answer.text, "beside what the other one said"
    assert said(site) == "First"


def test_what_is_wrong_is_said_beside_what_was_sent(browser: Open) -> None:
    client = browser(LEAD)
    form = fields(client, QUESTION)
    answer = client.post(QUESTION, data={**form, "answer": "  ", "way": "save"})
    assert answer.status_code == 422
    assert "Error: " in answer.text
    assert "Enter an answer" in answer.text
    long = client.post(QUESTION, data={**form, "answer": "x\u202ey" * 3000, "way": "save"})
    assert long.status_code == 422


def test_not_knowing_yet_is_an_answer_and_skipping_is_none(site: Site, browser: Open) -> None:
    client = browser(LEAD)
    before = events(site)
    assert client.post(QUESTION, data={**fields(client, QUESTION), "way": "skip"}).status_code == 303
    assert events(site) == before
    assert client.post(QUESTION, data={**fields(client, QUESTION), "way": "unknown"}).status_code == 303
    assert said(site) == "not_known"
    assert "do not know yet" in client.get(QUESTION).text


def test_markup_in_an_answer_stays_words(browser: Open) -> None:
    client = browser(LEAD)
    hostile = '"><script>alert(1)</script>{{ 7*7 }}'
    client.post(QUESTION, data={**fields(client, QUESTION), "answer": hostile, "way": "save"})
    for place in (
        QUESTION,
        "/projects/riverside/steps/vision",
        "/projects/riverside/answers",
        "/projects/riverside/history",
    ):
        page = client.get(place).text
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page or "alert(1)" not in page
