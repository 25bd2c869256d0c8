"""The page in Chromium: filters, sorting, claims and figures, by mouse and keyboard, without an error on the console.

Needs the Python package playwright and a Chromium of the system; skipped where one is not there.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

api = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("no Chromium is installed (apt install chromium)", allow_module_level=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(params=[1300, 400])
def page(browser: Any, site: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page at the width of a desk and of a phone; what its console complains about fails the test."""
    opened = browser.new_page(viewport={"width": request.param, "height": 900})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(site.as_uri())
    yield opened
    opened.close()
    assert complaints == []


def shown(page: Any) -> list[str]:
    """The claims whose rows are seen, in their order."""
    found: list[str] = page.eval_on_selector_all(
        "table.claims tbody tr", "rows => rows.filter(row => row.offsetParent).map(row => row.dataset.name)"
    )
    return found


def test_nothing_is_wider_than_the_window(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_filters_leave_what_they_say(page: Any, made: Any) -> None:
    rows = made.ledger.to_dict("records")
    assert shown(page) == [claim.name for claim in made.contents.claims]
    page.locator("select[name=verdict]").select_option("reproduced")
    page.locator("select[name=study]").select_option("scale_time")
    expected = [claim.name for claim in made.contents.claims if claim.study == "scale_time"]
    reproduced = {row["id"] for row in rows if row["verdict"] == "reproduced"}
    assert shown(page) == [name for name in expected if name in reproduced]
    page.get_by_role("button", name="Show all").click()
    page.keyboard.press("/")
    page.keyboard.type("CIFAR-100 transformer")
    found = shown(page)
    words = {row["id"]: f"{row['id']} {row['statement']}".lower() for row in rows}
    assert found
    assert all("cifar-100" in words[name] and "transformer" in words[name] for name in found)
    assert page.locator("output").text_content() == f"{len(found)} of {len(rows)} claims"


def test_a_part_of_a_bar_shows_its_claims(page: Any, made: Any) -> None:
    study = made.contents.studies[0]
    page.locator("#findings .bar a").first.click()
    expected = study.published.counts["reproduced"] + study.checks.counts["reproduced"]
    assert len(shown(page)) == expected > 0


def test_columns_sort_both_ways(page: Any) -> None:
    if page.viewport_size["width"] < 800:
        pytest.skip("a phone shows cards without a header")
    header = page.locator("table.claims").first.locator("th[data-sort=name]")
    published = len(page.locator("table.claims").first.locator("tbody tr").all())
    header.get_by_role("button").click()
    names = shown(page)[:published]
    assert names == sorted(names, key=str.lower)
    assert header.get_attribute("aria-sort") == "ascending"
    header.get_by_role("button").press("Enter")
    assert shown(page)[:published] == names[::-1]


def test_a_claim_opens_leads_to_its_figure_and_closes(page: Any, made: Any) -> None:
    claim = next(claim for claim in made.contents.claims if claim.figures)
    panel = page.locator(f"#{claim.anchor}")
    assert not panel.is_visible()
    page.locator(f"th a[href='#{claim.anchor}']").click()
    panel.wait_for()
    assert page.evaluate("document.activeElement.id") == claim.anchor
    assert page.locator(".panel:visible").count() == 1
    panel.locator(".thumbnails a").first.click()
    assert not panel.is_visible()
    assert page.locator(f"#figure-{claim.figures[0]}").is_visible()
    assert page.evaluate("document.activeElement.id") == f"figure-{claim.figures[0]}"
    page.go_back()
    panel.wait_for()
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")


def test_without_a_script_claims_open_all_the_same(browser: Any, site: Path, made: Any) -> None:
    opened = browser.new_context(java_script_enabled=False).new_page()
    opened.goto(site.as_uri())
    claim = made.contents.claims[3]
    opened.locator(f"th a[href='#{claim.anchor}']").click()
    assert opened.locator(f"#{claim.anchor}").is_visible()
    assert not opened.locator("#filter").is_visible()
    opened.close()


def test_pictures_are_loaded_when_they_are_reached(page: Any) -> None:
    page.locator("#figures").scroll_into_view_if_needed()
    page.wait_for_function("[...document.querySelectorAll('.gallery img')].some(image => image.naturalWidth > 0)")


def test_hostile_words_run_nothing(browser: Any, site: Path) -> None:
    opened = browser.new_page()
    alerts: list[str] = []

    def answer(dialog: Any) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    opened.on("dialog", answer)
    opened.goto(site.as_uri())
    assert alerts == []
    assert opened.locator("script").count() == 1
    opened.close()
