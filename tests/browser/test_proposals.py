"""Two people change a number: one proposes, the other accepts, and a reader who has the page open sees it on the next visit."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.test_cms import desk, enter_demo, identify  # noqa: F401 - desk is a fixture
from tests.conftest import Site

NEW, OLD = "0800 765 4321", "08000 121 700"


def sign_in(browser: Browser, site: Site, email: str) -> Page:
    """The editors' side, as ``email``."""
    page = browser.new_context(base_url=site.address, viewport={"width": 1280, "height": 900}).new_page()
    enter_demo(page, email)
    page.goto("/cms/")
    return page


def test_inj_16_two_people_change_the_helpline(browser: Browser, desk: Site) -> None:  # noqa: F811
    reader = browser.new_context(base_url=desk.address).new_page()
    edith, chris = sign_in(browser, desk, "editor@waymark.example"), sign_in(browser, desk, "checker@waymark.example")

    propose(edith)
    for language in ("en", "ar"):
        reader.goto(f"/{language}/")
        expect(reader.locator("footer a.tel").first).to_have_text(OLD)

    chris.get_by_role("link", name="Changes of facts").click()
    chris.get_by_role("link", name="Change: helpline").click()
    for words in (OLD, NEW, "They wrote to us.", "Edith Editor", "Get help now"):
        expect(chris.locator("main")).to_contain_text(words)
    chris.get_by_role("button", name="Accept").click()
    expect(chris.locator("body")).to_contain_text("for all readers in all languages")
    for language in ("en", "ar", "ti"):
        reader.goto(f"/{language}/")
        expect(reader.locator("footer a.tel").first).to_have_text(NEW)
        expect(reader.locator("footer a.tel").first).to_have_attribute("href", "tel:08007654321")
    look_back(edith)
    for page in (reader, edith, chris):
        page.context.close()


def propose(edith: Page) -> None:
    """A typed mistake is explained and loses nothing; the proposal then waits, and its author cannot accept it."""
    edith.goto("/cms/snippets/facts/fact/?q=helpline")
    edith.get_by_role("link", name="Modern Slavery and Exploitation Helpline").first.click()
    expect(edith.locator("[name=value]")).to_have_count(0)
    edith.get_by_role("link", name="Propose a change").click()
    edith.get_by_label("Telephone number").fill("0800-wrong")
    edith.get_by_label("Reason").fill("They wrote to us.")
    edith.get_by_role("button", name="Propose this").click()
    expect(edith.locator("main")).to_contain_text("with digits and spaces only")
    expect(edith.get_by_label("Reason")).to_have_value("They wrote to us.")
    edith.get_by_label("Telephone number").fill(NEW)
    edith.get_by_role("button", name="Propose this").click()
    expect(edith.locator("main")).to_contain_text("Waits for a second person")
    expect(edith.get_by_role("button", name="Accept")).to_have_count(0)
    expect(edith.get_by_role("button", name="Withdraw")).to_be_visible()


def look_back(edith: Page) -> None:
    """Both people stand in the history, and the new number waits for its first check."""
    edith.goto("/cms/facts/proposals/")
    expect(edith.locator("main")).to_contain_text("Nothing waits")
    expect(edith.get_by_role("row", name="Change: helpline")).to_contain_text("Chris Checker")
    edith.goto("/cms/facts/overdue/")
    row = edith.get_by_role("row", name="Modern Slavery and Exploitation Helpline")
    expect(row).to_contain_text("Never checked")
    row.get_by_role("button", name="I have just checked this").click()
    expect(edith.get_by_role("row", name="Modern Slavery and Exploitation Helpline")).to_contain_text("by Edith Editor")


def test_inj_16_the_workbench_says_why_a_sentence_was_not_kept(browser: Browser, desk: Site) -> None:  # noqa: F811
    edith = sign_in(browser, desk, "admin@waymark.example")
    address = f"/cms/pages/{identify(desk, 'ar', 'get-help-now')}/edit/"
    edith.goto(address)
    sentence = edith.locator("li", has=edith.locator("text=If you are in danger now, call {emergency}.")).last
    before = sentence.inner_text()
    sentence.get_by_role("button", name="Edit").click()
    sentence.locator("textarea").fill("اتصل ٠٨٠٠ الآن.")
    sentence.get_by_role("button", name="Save").click()
    expect(sentence).to_contain_text("Not saved: the facts in curly brackets differ")
    expect(sentence).to_contain_text("اتصل ٠٨٠٠ الآن.")
    edith.goto(address)
    assert sentence.inner_text() == before
    edith.context.close()
