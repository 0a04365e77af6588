"""Codes of the app and recovery codes: each once, within its half minute, and only so many wrong ones (AUTH-04 to AUTH-08)."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from portal.accounts import limits
from portal.accounts.models import RecoveryDevice, Tally, TOTPDevice
from tests.builders import person, second_factor
from tests.integration.portal.accounts.conftest import Clock
from tests.integration.portal.accounts.walks import (
    SECOND,
    half_way,
    is_signed_in,
    recovery_codes,
    send,
    sign_in,
    type_password,
)

pytestmark = pytest.mark.django_db


def wrong_code(device: TOTPDevice) -> str:
    """Six digits that are right at no moment near."""
    right = {device.code(), *(device.code(step) for step in range(int(limits.time.time() // 30) - 3, int(limits.time.time() // 30) + 4))}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777") if code not in right)


def step_of(clock: Clock) -> int:
    return int(clock.now // 30)


def test_auth_07_a_code_is_taken_once_in_any_session(clock: Clock) -> None:
    user = person()
    device = second_factor(user)
    first, second = half_way(user), half_way(user)
    code = device.code()
    assert send(first, SECOND, code=code).status_code == 302
    refused = send(second, SECOND, code=code)
    assert b"used already" in refused.content
    assert not is_signed_in(second)
    cache.clear()
    assert b"used already" in send(second, SECOND, code=code).content


def test_auth_07_a_spent_code_stays_spent_while_clocks_are_forgiven(clock: Clock) -> None:
    user = person()
    device = second_factor(user)
    code = device.code()
    assert device.verify_token(code)
    for _at in range(3):
        clock.go(29)
        assert not TOTPDevice.objects.get(pk=device.pk).verify_token(code)


def test_auth_07_no_code_before_one_that_was_used_is_taken(clock: Clock) -> None:
    user = person()
    device = second_factor(user)
    assert device.verify_token(device.code(step_of(clock) + 1))
    for step in (step_of(clock), step_of(clock) - 1):
        assert not device.verify_token(device.code(step))


@pytest.mark.parametrize(("drift", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_whose_clock_is_half_a_minute_off_is_forgiven_and_no_more(clock: Clock, drift: int, is_taken: bool) -> None:
    user = person()
    device, client = second_factor(user), half_way(user)
    send(client, SECOND, code=device.code(step_of(clock) + drift))
    assert is_signed_in(client) is is_taken


@pytest.mark.parametrize("typed", ["", " ", "12345", "abcdef", "٣٣٣٣٣٣", "１２３４５６", "-12345", "1" * 60, "\x00\x00\x00\x00\x00\x00"])
def test_what_is_no_code_is_refused_in_good_order(typed: str) -> None:
    user = person()
    second_factor(user)
    client = half_way(user)
    assert send(client, SECOND, code=typed).status_code == 200
    assert not is_signed_in(client)


def test_a_code_with_a_blank_in_it_is_read(clock: Clock) -> None:
    user = person()
    device, client = second_factor(user), half_way(user)
    code = device.code()
    assert send(client, SECOND, code=f" {code[:3]} {code[3:]} ").status_code == 302


def test_auth_06_after_five_wrong_codes_the_right_one_is_refused_for_a_quarter_of_an_hour(clock: Clock) -> None:
    user = person()
    device, client = second_factor(user), half_way(user)
    for _at in range(5):
        assert b"wrong" in send(client, SECOND, code=wrong_code(device)).content
    assert b"Too many wrong codes" in send(client, SECOND, code=device.code()).content
    assert b"Too many wrong codes" in send(half_way(user), SECOND, code=device.code()).content, "counted per person, not per browser"
    clock.go(15 * 60 - 2)
    assert b"Too many wrong codes" in send(half_way(user), SECOND, code=device.code()).content
    clock.go(3)
    assert send(half_way(user), SECOND, code=device.code()).status_code == 302


def test_auth_06_ten_wrong_codes_in_a_day_are_the_most(clock: Clock) -> None:
    user = person()
    device = second_factor(user)
    for _round in range(2):
        assert [device.verify_token(wrong_code(device)) for _at in range(5)] == [False] * 5
        clock.go(15 * 60 + 1)
    assert not device.verify_is_allowed()[0]
    assert not device.verify_token(device.code())
    clock.go(24 * 60 * 60)
    assert device.verify_token(device.code())


def test_auth_06_a_right_code_begins_the_count_anew(clock: Clock) -> None:
    user = person()
    device = second_factor(user)
    for _round in range(4):
        for _at in range(4):
            assert not device.verify_token(wrong_code(device))
        clock.go(31)
        assert device.verify_token(device.code())


def test_auth_04_whoever_burns_the_codes_leaves_the_owner_their_recovery_codes(clock: Clock) -> None:
    """An attacker needs the password for that; a passkey is asked for beside the code and is not counted at all."""
    user = person()
    device = second_factor(user)
    codes = recovery_codes(user)
    for _at in range(5):
        device.verify_token(wrong_code(device))
    client = half_way(user)
    assert send(client, f"{SECOND}?with=recovery", code=codes[0], **{"with": "recovery"}).status_code == 302
    assert is_signed_in(client)


def test_auth_03_ten_tries_at_a_password_in_five_minutes_from_anywhere(clock: Clock) -> None:
    user = person()
    second_factor(user)
    for at in range(10):
        client = Client(headers={"x-forwarded-for": f"198.51.100.{at}"}, REMOTE_ADDR=f"192.0.2.{at}")
        assert b"do not belong together" in client.post("/accounts/login/", {"login": user.email, "password": f"no-{at}"}).content
    assert b"Too many tries" in type_password(Client(REMOTE_ADDR="192.0.2.200"), user.email).content
    clock.go(5 * 60 + 1)
    assert type_password(Client(), user.email).headers["Location"].startswith(SECOND)


def test_auth_03_many_accounts_from_one_address_are_stopped_whatever_it_says_of_itself() -> None:
    stopped = None
    for at in range(70):
        client = Client(headers={"x-forwarded-for": f"198.51.100.{at}"})
        answer = client.post("/accounts/login/", {"login": f"p{at}@people.example", "password": "no"})
        if answer.status_code == 429 or b"Too many" in answer.content:
            stopped = at
            break
    assert stopped is not None
    assert 55 <= stopped <= 61
    other = Client(REMOTE_ADDR="192.0.2.9").post("/accounts/login/", {"login": "q@people.example", "password": "no"})
    assert b"do not belong together" in other.content


def test_auth_05_counts_outlive_the_cache_and_a_clock_that_goes_back(clock: Clock) -> None:
    for _at in range(10):
        assert limits.take(limits.PASSWORD, "somebody@people.example")
    cache.clear()
    assert not limits.take(limits.PASSWORD, "somebody@people.example")
    clock.go(-3600)
    assert not limits.take(limits.PASSWORD, "somebody@people.example")
    clock.go(3600 + 301)
    assert limits.take(limits.PASSWORD, "somebody@people.example")


def test_auth_05_a_refused_try_does_not_keep_the_owner_out_longer(clock: Clock) -> None:
    for _at in range(10):
        limits.take(limits.PASSWORD, "somebody@people.example")
    for _at in range(20):
        clock.go(10)
        assert not limits.take(limits.PASSWORD, "somebody@people.example")
    clock.go(101)
    assert limits.take(limits.PASSWORD, "somebody@people.example")


def test_a_tally_names_nobody() -> None:
    limits.take(limits.PASSWORD, "somebody@people.example")
    row = Tally.objects.get()
    assert "somebody" not in row.key


# --- Recovery codes ---------------------------------------------------------------------------------------------------


def test_auth_08_a_recovery_code_lets_in_once() -> None:
    user = person()
    second_factor(user)
    codes = recovery_codes(user)
    typed = {"code": codes[0].lower().replace("-", " "), "with": "recovery"}
    client = half_way(user)
    assert send(client, f"{SECOND}?with=recovery", **typed).headers["Location"] == "/workspace/"
    assert is_signed_in(client)
    again = half_way(user)
    assert b"used already" in send(again, f"{SECOND}?with=recovery", **typed).content
    assert not is_signed_in(again)
    assert RecoveryDevice.objects.get(user=user).left() == 7


def test_auth_08_only_hashes_are_kept_and_each_code_has_120_bits() -> None:
    user = person()
    codes = recovery_codes(user)
    assert len(set(codes)) == 8
    assert all(len(code.replace("-", "")) * 5 >= 112 for code in codes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM accounts_recoverycode")
        kept = {row[0] for row in cursor.fetchall()}
    assert len(kept) == 8
    assert all(len(digest) == 64 for digest in kept)
    assert not {code for code in codes for digest in kept if code.replace("-", "").lower() in digest.lower()}


def test_auth_08_new_codes_end_the_old_ones() -> None:
    user = person()
    second_factor(user)
    old = recovery_codes(user)
    new = recovery_codes(user)
    device = RecoveryDevice.objects.get(user=user)
    assert not any(device.verify_token(code) for code in old[:2])
    assert device.verify_token(new[0])


def test_auth_08_another_persons_code_is_worth_nothing() -> None:
    mine, theirs = person(), person()
    second_factor(mine)
    recovery_codes(mine)
    client = half_way(mine)
    send(client, f"{SECOND}?with=recovery", code=recovery_codes(theirs)[0], **{"with": "recovery"})
    assert not is_signed_in(client)


def test_auth_08_five_wrong_recovery_codes_then_a_wait(clock: Clock) -> None:
    user = person()
    second_factor(user)
    codes = recovery_codes(user)
    device = RecoveryDevice.objects.get(user=user)
    assert [device.verify_token("ABCD-ABCD-ABCD-ABCD-ABCD-ABCD") for _at in range(5)] == [False] * 5
    assert not device.verify_token(codes[0])
    clock.go(15 * 60 + 1)
    assert device.verify_token(codes[0])


def new_codes(client: Client) -> list[str]:
    """What the page shows when asked for new ones."""
    shown = send(client, "/accounts/recovery-codes/")
    found: list[str] = shown.context["codes"]
    assert len(found) == 8
    return found


def test_whoever_came_in_by_a_recovery_code_can_make_new_ones_and_is_not_signed_out() -> None:
    user = person()
    second_factor(user)
    codes = recovery_codes(user)
    client = half_way(user)
    send(client, f"{SECOND}?with=recovery", code=codes[0], **{"with": "recovery"})
    fresh = new_codes(client)
    assert send_kept(client).headers["Location"] == "/workspace/"
    assert is_signed_in(client)
    again = half_way(user)
    assert send(again, f"{SECOND}?with=recovery", code=fresh[0], **{"with": "recovery"}).status_code == 302


def send_kept(client: Client) -> object:
    """The button below the codes. The page that holds it shows new codes each time, so its token is taken from another."""
    token = client.get("/accounts/recovery-codes/").context["csrf_token"]
    return client.post("/accounts/recovery-codes/kept/", {"kept": "on", "csrfmiddlewaretoken": str(token)})


def test_whoever_wrote_the_codes_down_and_closed_the_page_is_not_locked_out() -> None:
    user = person()
    client = sign_in(user)
    fresh = new_codes(client)
    assert client.get("/workspace/").headers["Location"] == "/accounts/recovery-codes/", "asked again until they are kept"
    later = half_way(user)
    assert send(later, f"{SECOND}?with=recovery", code=fresh[3], **{"with": "recovery"}).status_code == 302
    assert is_signed_in(later)


def test_the_lost_phone_path_ends_with_a_new_app(clock: Clock) -> None:
    user = person()
    lost = second_factor(user)
    codes = recovery_codes(user)
    client = half_way(user)
    send(client, f"{SECOND}?with=recovery", code=codes[0], **{"with": "recovery"})
    assert client.get("/accounts/devices/app/").status_code == 200
    setting_up = TOTPDevice.objects.get(user=user, confirmed=False)
    done = send(client, "/accounts/devices/app/", code=setting_up.code())
    assert done.headers["Location"] == "/accounts/"
    assert is_signed_in(client)
    clock.go(31)
    other = half_way(user)
    send(other, SECOND, code=lost.code())
    assert not is_signed_in(other), "the lost phone opens nothing any more"
    send(other, SECOND, code=TOTPDevice.objects.get(user=user, confirmed=True).code())
    assert is_signed_in(other)
