"""The workspace as browser tests visit it: a small world, the people in it signed in, and the pages of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from portal.workspace.languages import KEY
from providers.services.models import Contract, Service
from tests import builders
from tests.integration.standards import plans
from tests.integration.standards.assessments.cast import cast

PHONE, DESK = 360, 1280
ABSENT = "00000000-0000-4000-8000-000000000000"


class World:
    """One provider with services, a shared assessment, actions that wait, and somebody of every kind."""

    def __init__(self) -> None:
        made = cast()
        made.share()
        self.house = made.provider
        self.people: dict[str, User] = {
            "manager": made.manager,
            "assessor": made.assessor,
            "inspector": made.inspector,
            "commissioner": builders.member(builders.organisation(Kind.OVERSIGHT), Role.COMMISSIONER),
            "administrator": builders.member(builders.organisation(Kind.OFFICE), Role.ADMINISTRATOR),
        }
        listed = {"is_public": True, "public_alias": "Quiet Water", "public_summary": "For women, also with children."}
        self.service = builders.service(self.house, "A service whose name is as long as a name can well be", kind="outreach", **listed)
        self.closed = builders.service(self.house, "Closed one", kind=Service.Kind.ACCOMMODATION, status="closed")
        started = date(2026, 1, 1)
        self.contract = Contract.objects.create(service=self.service, name="Victim care contract", role="prime", starts_on=started)
        today = timezone.localdate()
        for number, name in enumerate(("manager", "assessor", "manager", "assessor")):
            plans.action_of(self.service, made.manager, owner=self.people[name], due_on=today + timedelta(days=number * 3 - 2))
        plans.action_of(self.service, made.manager, owner=None, due_on=today)

    def pages(self, who: str) -> list[str]:
        """The addresses that this person's work begins with."""
        everybody = ["/workspace/", "/workspace/tasks/", reverse("audit:notices"), reverse(settings.ACCOUNT_PAGE), "/workspace/not-here/"]
        everybody += [reverse("catalogue:index"), reverse("services:index")]
        own: list[str] = getattr(self, f"_of_{who}")()
        return [*everybody, *own]

    def _of_manager(self) -> list[str]:
        key = self.service.pk
        own = [reverse(f"services:{name}", args=[key]) for name in ("show", "edit", "listing", "history", "add_contract")]
        own += [reverse("services:take_step", args=[key, "pause"]), reverse("services:edit_contract", args=[key, self.contract.pk])]
        own += [reverse("services:create"), reverse("services:take_step", args=[key, "reopen"]), reverse("organisations:people")]
        return [*own, reverse("organisations:invite", args=[self.house.pk]), *self._of_provider()]

    def _of_assessor(self) -> list[str]:
        show = reverse("services:show", args=[self.service.pk])
        return [show, reverse("services:edit", args=[self.service.pk]), *self._of_provider()]

    def _of_provider(self) -> list[str]:
        return [reverse("reports:practice"), *(reverse(f"{room}:index") for room in ("assessments", "evidence", "actions", "benchmarks"))]

    def _of_inspector(self) -> list[str]:
        return [reverse("assessments:shared_with_us")]

    def _of_commissioner(self) -> list[str]:
        return [reverse("benchmarks:index")]

    def _of_administrator(self) -> list[str]:
        people = [reverse("organisations:people"), reverse("organisations:people_of", args=[self.house.pk])]
        return [*people, reverse("organisations:new_organisation"), reverse("audit:work")]


@contextmanager
def desk(browser: Browser, address: str, person: User, language: str = "en", width: int = DESK, **options: Any) -> Iterator[Page]:
    """``person``, signed in with both factors, at a screen of this width; a mistake in a script fails the test."""
    client = builders.sign_in(plans.fresh(person))
    session = client.session
    session[KEY] = language
    session.save()
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800}, **options)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": address}])
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    try:
        yield page
    finally:
        context.close()
