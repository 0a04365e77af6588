"""Two people send the same new service at the same moment: real threads, real transactions, a database of their own."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.roles import Role
from providers.services.models import Service
from tests.builders import member, organisation, sign_in
from tests.databases import at_once, own_copy


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    with own_copy(request, "services") as address:
        yield address


@pytest.mark.django_db
def test_at_first_there_is_none() -> None:
    assert not Service.objects.exists()


def test_the_same_new_name_twice_at_once_is_one_service_and_a_sentence_beside_the_field(database: str) -> None:
    house = organisation()
    clients = [sign_in(member(house, Role.MANAGER)) for _number in range(6)]
    given = {"organisation": str(house.pk), "kind": "outreach", "nation": "england", "region": "north_west"}

    def send(client: Client, name: str) -> tuple[int, str]:
        answer = client.post(reverse("services:create"), given | {"name": name})
        return answer.status_code, answer.content.decode()

    for round_ in range(5):
        names = [f"Harbour {round_}", f"HARBOUR {round_}"] * 3
        answers = at_once([partial(send, *both) for both in zip(clients, names, strict=True)], refused=(), seconds=60)
        assert sorted(status for status, _text in answers) == [302] + [422] * 5
        assert all("has a service of this name already" in text for status, text in answers if status == 422)
    assert Service.objects.filter(organisation=house).count() == 5
