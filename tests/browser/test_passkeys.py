"""Passkeys in a real browser with a virtual authenticator: enrolling, signing in, and everything that is refused (AUTH-15, AUTH-19)."""

import json
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, CDPSession, Page, Route, expect

from tests.browser.newcomers import invited
from tests.browser.pages import sideways
from tests.browser.test_accessibility import violations
from tests.conftest import Site

PASSWORD = "copper-kettle-orchard-93"
AT_THE_DOOR = re.compile("/accounts/(login|second-factor)/")
REFUSED = {400, 403, 404, 422}
BEGIN, COMPLETE = "**/accounts/passkeys/authentication/begin/", "**/accounts/passkeys/authentication/complete/"


class Authenticator:
    """A phone that asks its owner for a finger, and may not recognise it."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.devtools: CDPSession = context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        kind = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        self.handle = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": kind})["authenticatorId"]

    def recognise(self, does: bool) -> None:
        """Whether the finger is the owner's from now on."""
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.handle, "isUserVerified": does})

    def keys(self) -> list[dict[str, Any]]:
        """The passkeys on it."""
        found: list[dict[str, Any]] = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.handle})["credentials"]
        return found


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    """A page that brings axe along and fails on a script's failure or a refused resource."""
    context.add_init_script(script=AXE_SCRIPT)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on("console", lambda said: pytest.fail(said.text) if "Content Security Policy" in said.text else None)
    return page


@pytest.fixture
def phone(context: BrowserContext, tab: Page) -> Authenticator:
    """The authenticator of this tab."""
    return Authenticator(context, tab)


def come_in(page: Page, site: Site) -> str:
    """From the link of the mail to the page that protects the account. Returns the address of the new person."""
    newcomer = invited(site.database)
    page.goto(newcomer["link"])
    expect(page).to_have_url(re.compile("/accounts/invitation/$"))
    page.get_by_label("First name").fill("Nia")
    page.get_by_label("Last name").fill("New")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Protect your account")
    return newcomer["email"]


def keep_codes(page: Page) -> list[str]:
    """The page after the first second factor."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.get_by_role("button", name="Show me my codes").click()
    codes = page.locator(".codes li").all_inner_texts()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="I have kept them: go on").click()
    expect(page).to_have_url(re.compile("/workspace/$"))
    return codes


def enrol(page: Page, site: Site) -> str:
    """A new person with a passkey, signed out again."""
    email = come_in(page, site)
    page.get_by_role("button", name="Set up a passkey").click()
    keep_codes(page)
    page.context.clear_cookies()
    return email


def type_password(page: Page, email: str) -> None:
    page.goto("/accounts/login/?again=1")  # forgets a sign-in that stands at its second factor
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")


def press(page: Page) -> None:
    page.get_by_role("button", name="Use my passkey").click()


def is_refused(page: Page) -> None:
    """The page says so, and nothing opens."""
    expect(page.get_by_role("status").get_by_text("That did not work.")).to_be_visible()
    page.goto("/workspace/")
    expect(page).to_have_url(AT_THE_DOOR)


def change(page: Page, pattern: str, act: Callable[[dict[str, Any]], None]) -> None:
    """Change what the server asks before the page's script reads it: what a thief's own script would do."""

    def answered(route: Route) -> None:
        answer = route.fetch()
        asked = answer.json()
        act(asked)
        route.fulfill(response=answer, body=json.dumps(asked))

    page.route(pattern, answered)


def test_a_passkey_is_made_and_signs_in(tab: Page, phone: Authenticator, site: Site) -> None:
    email = enrol(tab, site)
    assert len(phone.keys()) == 1
    assert phone.keys()[0]["rpId"] == "localhost"
    type_password(tab, email)
    tab.goto("/workspace/")
    expect(tab).to_have_url(AT_THE_DOOR)
    press(tab)
    expect(tab).to_have_url(re.compile("/workspace/$"))
    expect(tab.get_by_role("heading", level=1)).to_be_visible()
    tab.goto("/accounts/")
    expect(tab.get_by_text("Passkey", exact=True)).to_be_visible()


def test_signing_in_leads_to_the_page_that_was_asked_for(tab: Page, phone: Authenticator, site: Site) -> None:
    email = enrol(tab, site)
    tab.goto("/workspace/standards/")
    tab.get_by_label("E-mail address").fill(email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    press(tab)
    expect(tab).to_have_url(re.compile("/workspace/standards/$"))


def test_auth_19_a_finger_that_is_not_the_owners_is_refused(tab: Page, phone: Authenticator, site: Site) -> None:
    email = enrol(tab, site)
    phone.recognise(False)
    type_password(tab, email)
    press(tab)
    is_refused(tab)
    phone.recognise(True)
    type_password(tab, email)
    press(tab)
    expect(tab).to_have_url(re.compile("/workspace/$"))


def test_auth_19_an_answer_without_the_owners_finger_is_refused_by_the_server_too(tab: Page, phone: Authenticator, site: Site) -> None:
    """The browser is made to ask for none, and the key signs without one: the flag in what it signed is missing."""
    email = enrol(tab, site)
    phone.recognise(False)
    change(tab, BEGIN, lambda asked: asked.update(userVerification="discouraged"))
    type_password(tab, email)
    with tab.expect_response(COMPLETE) as answer:
        press(tab)
    assert answer.value.status in REFUSED
    is_refused(tab)


def test_auth_19_no_passkey_is_made_without_the_owners_finger(tab: Page, phone: Authenticator, site: Site) -> None:
    come_in(tab, site)
    phone.recognise(False)
    tab.get_by_role("button", name="Set up a passkey").click()
    expect(tab.get_by_text("That did not work, or you stopped it.")).to_be_visible()
    assert phone.keys() == []
    tab.goto("/workspace/")
    expect(tab).to_have_url(re.compile("/accounts/enrol/$"))


def test_auth_19_another_persons_passkey_is_refused(tab: Page, phone: Authenticator, site: Site) -> None:
    owner = enrol(tab, site)
    theirs = phone.keys()[0]["credentialId"].replace("+", "-").replace("/", "_").rstrip("=")
    other = enrol(tab, site)
    assert owner != other
    change(tab, BEGIN, lambda asked: asked.update(allowCredentials=[{"id": theirs, "type": "public-key"}]))
    type_password(tab, other)
    with tab.expect_response(COMPLETE) as answer:
        press(tab)
    assert answer.value.status in REFUSED
    is_refused(tab)


def sent_again(page: Page, body: str) -> int:
    """Send an answer that was given before, in the place of a new one."""
    page.evaluate("begin => fetch(begin.a, {method: 'POST', headers: begin.h, body: '{}'})", ceremony(page, "begin"))
    status: int = page.evaluate(
        "async (how) => (await fetch(how.a, {method: 'POST', headers: how.h, body: how.b})).status",
        ceremony(page, "complete") | {"b": body},
    )
    return status


def ceremony(page: Page, step: str) -> dict[str, Any]:
    token = page.locator("#passkey [name=csrfmiddlewaretoken]").get_attribute("value")
    return {
        "a": f"/accounts/passkeys/authentication/{step}/",
        "h": {"Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": token},
    }


def test_auth_19_an_answer_is_good_for_one_question(tab: Page, phone: Authenticator, site: Site) -> None:
    email = enrol(tab, site)
    type_password(tab, email)
    with tab.expect_request(COMPLETE) as sent:
        press(tab)
    expect(tab).to_have_url(re.compile("/workspace/$"))
    body = sent.value.post_data
    assert body
    tab.context.clear_cookies()
    type_password(tab, email)
    assert sent_again(tab, body) in REFUSED
    tab.goto("/workspace/")
    expect(tab).to_have_url(AT_THE_DOOR)


def test_auth_19_a_counter_that_goes_back_is_a_copy_and_is_refused(tab: Page, phone: Authenticator, site: Site) -> None:
    email = enrol(tab, site)
    with psycopg.connect(site.database, autocommit=True) as connection:
        connection.execute(
            """UPDATE django_otp_webauthn_webauthncredential SET sign_count = 100000
               WHERE user_id = (SELECT id FROM accounts_user WHERE email = %s)""",
            [email],
        )
    type_password(tab, email)
    with tab.expect_response(COMPLETE) as answer:
        press(tab)
    assert answer.value.status in REFUSED
    is_refused(tab)


def test_auth_19_another_address_of_the_same_machine_is_another_site(tab: Page, phone: Authenticator, site: Site) -> None:
    """What a copy of the pages elsewhere gets: the browser refuses, because the passkey belongs to this site's name."""
    email = enrol(tab, site)
    elsewhere = site.address.replace("localhost", "127.0.0.1")
    tab.goto(f"{elsewhere}/accounts/login/")
    tab.get_by_label("E-mail address").fill(email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()
    press(tab)
    expect(tab.get_by_role("status").get_by_text("That did not work.")).to_be_visible()


def test_a_recovery_code_stands_in_for_a_lost_passkey(tab: Page, phone: Authenticator, site: Site) -> None:
    email = come_in(tab, site)
    tab.get_by_role("button", name="Set up a passkey").click()
    codes = keep_codes(tab)
    tab.context.clear_cookies()
    type_password(tab, email)
    tab.get_by_role("link", name="I have lost my phone").click()
    tab.get_by_label("Code").fill(codes[0])
    tab.get_by_role("button", name="Go on").click()
    expect(tab).to_have_url(re.compile("/workspace/$"))


# --- The pages themselves ---------------------------------------------------------------------------------------------


def reach(page: Page, name: str, most: int = 12) -> None:
    """Press Tab until the button or link with this name has the focus."""
    for _at in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    pytest.fail(f"{name} is not reached by keyboard")


def test_a_passkey_is_set_up_by_keyboard_alone(tab: Page, phone: Authenticator, site: Site) -> None:
    come_in(tab, site)
    reach(tab, "Set up a passkey")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def test_an_app_is_set_up_by_keyboard_alone(tab: Page, site: Site) -> None:
    come_in(tab, site)
    reach(tab, "Set up an app")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    key = "".join(tab.locator(".key span").all_inner_texts())
    assert re.fullmatch("[A-Z2-7]{32}", key), "the same key as text, for who cannot point a camera at it"
    expect(tab.get_by_role("textbox", name="Code")).to_be_focused()
    tab.keyboard.type(code_of(key))
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def code_of(key: str) -> str:
    """The six digits an app shows for this key now."""
    import base64
    import time

    from django_otp.oath import hotp

    return f"{hotp(base64.b32decode(key), int(time.time() // 30), 6):06d}"


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_from_the_invitation_to_the_start_page(tab: Page, phone: Authenticator, site: Site, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        found[name] = violations(tab) + [f"{sideways(tab)} pixels too wide"] * (sideways(tab) > 0)

    newcomer = invited(site.database)
    tab.goto(newcomer["link"])
    look("invitation")
    tab.get_by_label("First name").fill("Nia")
    tab.get_by_label("Last name").fill("New")
    tab.get_by_label("Choose a password").fill("short")
    tab.get_by_role("button", name="Go on").click()
    look("invitation with problems")
    tab.get_by_label("Choose a password").fill(PASSWORD)
    tab.get_by_role("button", name="Go on").click()
    look("enrolment")
    tab.get_by_role("link", name="Set up an app").click()
    look("QR code")
    tab.go_back()
    tab.get_by_role("button", name="Set up a passkey").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    look("before the codes")
    keep_codes(tab)
    tab.goto("/accounts/")
    look("my account")
    tab.context.clear_cookies()
    tab.goto("/accounts/login/")
    look("sign in")
    type_password(tab, newcomer["email"])
    look("second factor")
    tab.get_by_role("link", name="I have lost my phone").click()
    look("recovery code")
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) == 9
