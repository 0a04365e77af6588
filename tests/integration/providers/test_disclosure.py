"""Nothing that leads to a door is stored, by any way in: a corpus of texts against every free text of a service and of a contract.

The texts are not those of ``tests/unit/providers/test_disclosure.py``, from which the patterns were made: most were written first and
counted (71 of 96 were found), then the patterns were mended. What is known to be refused although harmless stands in ``HARMLESS``.
"""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.test import Client
from django.urls import reverse

from portal.accounts.roles import Role
from providers.services.disclosure import has_hidden, problems
from providers.services.models import Contract, Service, gives_nothing_away
from tests.builders import member, organisation, service, sign_in

LEADS_SOMEWHERE = [
    "We are at LS1 4AP", "Letters to M13 9PL please", "nearest postcode sw1a2aa", "Postcode: EH8 - 8DX", "BT7 1NN, ring the bell",
    "cf24 0de", "N W 1  4 R Y", "LL57 2DG (Bangor)", "Sgwrsio yn SA1 3SN", "L1–8JQ", "LS1\xa04AP", "LS1 4\u200bAP",
    "behind 45 Mill Street", "the blue door at 9 Park Crescent", "opposite 221b Baker Street", "Number 7, Station Road",
    "no. 14 Acacia Avenue", "10 Downing St", "Come to Queen Street", "Two doors from Market Lane", "18 Lôn y Felin", "Heol Caerdydd",
    "Stryd Fawr 22", "3 Ffordd Pen-y-bryn", "Flat 3B above the bakery", "Apt. 12, second floor", "Unit 5 Riverside Industrial Estate",
    "6 Chapel Row", "31 Kirk Wynd", "1 Abbey Court", "27 Green Park", "5 Cathedral Square", "P.O. Box 77", "PO Box 1029, Leeds",
    "4/2, 10 Sauchiehall", "2 The Cottages", "Bridge House, 12 The Green", "The Old Vicarage, Church Road",
    "Corner of Mill Rd and Park Ave", "Mill Rd", "King's Parade 4", "House number 12", "at number twelve, Mill View", "12, The Meadows",
    "Blwch Post 9", "Plot 4, Elm Park", "14 Mill-Street", "45 Mi\xadll Street", "4５ Mill Street", "Mill Str. 45", "51.50735, -0.12776",
    "55.9533 N 3.1883 W", "///daring.lion.race", "index.home.raft", "TQ 30005 80000", "NS5906565385", "51° 30′ 26″ N, 0° 7′ 39″ W",
    "what3words: daring lion race", "daring . lion . race", "call 020 7946 0018", "0161 496 0123 day or night", "+447700900456",
    "07700-900-789", "text 0 7 7 0 0 9 0 0 1 2 3", "oh seven seven double zero nine zero zero", "0808 157 0123", "٠١٦١٤٩٦٠١٢٣",
    "0161\u2060 496\u2060 0123", "zero seven seven zero zero, nine zero zero", "O7700 9OO 123", "0161_496_0123", "0161*496*0123",
    "0161 | 496 | 0123", "ask.us@lantern.example", "ask.us AT lantern DOT org", "ask us [at] lantern.example",
    "@quietwater on every network", "ask.us ＠ lantern.example", "ask-us{at}lantern", "www.quietwater.example", "quietwater.org.uk/help",
    "http://10.0.0.7/", "https://w3w.co/daring.lion.race", "quietwater dot co dot uk", "lantern.wales", "facebook.com/quietwater",
    "t.me/quietwater", "wa.me/447700900456", "quietwater.help", "quietwater。org", "hxxp://quiet", "quietwater . org",
    "Instagram: quietwater", "ftp://x.y", "quietwater.me", "xn--quiet-abc.org",
]  # fmt: skip
LEADS_NOWHERE = [
    "Quiet Water", "For women, also with children. Staff are there day and night.", "For men. Staff speak Welsh and English.",
    "Tŷ Diogel", "We visit people where they live, and go with them to the doctor and to a lawyer.",
    "A room of your own after a safehouse, with a support worker who visits.", "For adults in all of Scotland. We come to you.",
    "We listen, explain what can happen next, and refer you if you want it.", "Open since 2009", "Founded 1865, still here",
    "2021-2026 contract", "For people aged 18 and over", "For young people of 16 to 25", "12 places, 3 of them for families",
    "Staff speak 11 languages", "24/7 support", "A house with a garden", "A shared flat for two",
    "Somewhere to park your life for a while", "The way on", "A court may ask you things: we come along", "A place for 6 women",
    "5 days a week, 9 to 5", "Mon-Fri 9.30-17.00", "From 1 April 2026", "1.5 hours each week", "Support for 90 days",
    "Section 49 guidance explained", "MSVCC 2", "Phase 3 outreach", "Help in the first 30 days", "English from A1 to C2",
    "Women's own rooms", "One to one support", "Two or three visits a week", "Seven years of work", "Cymorth i ddynion a menywod",
    "Gofal 24 awr", "Lle diogel i deuluoedd", "Taith newydd", "S. M. Trust", "Equal rights, every day", "Ask for St Anne's team",
    "St Mary's outreach", "Dr. Barnett's clinic comes along", "Support at 3 stages: arrive, settle, move on", "No cost",
    "We help e.g. with health", "i.e. adults only", "Art. 4 ECHR", "R&R for carers", "Project 100", "Up to 20 people",
    "A team of 8 women", "Rooms for 2 families, each with a yard", "Trauma-informed care", "LGBT+ affirming", "Halal and vegan food",
    "Children's play room", "Access for wheelchairs", "Winner in 2023 and 2024", "Moving on: homes, work, study",
    "We answer within 2 working days", "One house, four flats", "Ten rooms, one roof", "4 staff at night",
    "Help to open a bank account", "We walk with you: 6 months and more", "Both in person and online", "Victim care contract (second)",
    "Scottish Government grant", "Contract 2026/27", "Lot 3", "ISO 27001", "Grant no. 12345", "Contract ref 4711", "Year 2 of 5",
    "SLA 2026-2029", "MoJ grant 2025/26-2027/28",
]  # fmt: skip
# Refused although nobody could find a door by it. A price that is known: a wording can be changed, a place cannot be unsaid.
HARMLESS = ["Stryd is Welsh for street", "Framework agreement RM6 2026"]
HIDDEN = {"bidi override": "\u202e", "isolate": "\u2066", "zero width space": "\u200b", "word joiner": "\u2060", "soft hyphen": "\u00ad",
          "byte order mark": "\ufeff", "direction mark": "\u200f", "bell": "\x07", "delete": "\x7f"}  # fmt: skip


def refused(text: str) -> bool:
    try:
        gives_nothing_away(text)
    except ValidationError:
        return True
    return False


def test_the_corpus_and_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    missed = [text for text in LEADS_SOMEWHERE if not refused(text)]
    false = [text for text in LEADS_NOWHERE if refused(text)]
    with capsys.disabled():
        print(f"\n  leads somewhere: {len(LEADS_SOMEWHERE) - len(missed)} of {len(LEADS_SOMEWHERE)} refused;", end=" ")
        print(f"leads nowhere: {len(false)} of {len(LEADS_NOWHERE)} refused, and {len(HARMLESS)} that are known")
    assert len(LEADS_SOMEWHERE) >= 60 and len(LEADS_NOWHERE) >= 60
    assert len({*LEADS_SOMEWHERE, *LEADS_NOWHERE}) == len(LEADS_SOMEWHERE) + len(LEADS_NOWHERE)
    assert (missed, false) == ([], [])
    assert all(refused(text) for text in HARMLESS), "no longer refused: move it to LEADS_NOWHERE"


def test_found_in_the_middle_of_a_text_and_in_capitals_too() -> None:
    lost = [text for text in LEADS_SOMEWHERE if not refused(f"A home for women. {text}. Ask for us.")]
    lost += [text for text in LEADS_SOMEWHERE if not refused(text.upper())]
    assert lost == []


# --- Every way in -----------------------------------------------------------------------------------------------------


def free_texts() -> list[tuple[type[models.Model], str]]:
    """Whatever a person can type into: text without a list to choose from. ``status`` is written by steps alone."""
    found: list[tuple[type[models.Model], str]] = []
    for model in (Service, Contract):
        for field in model._meta.concrete_fields:
            if isinstance(field, (models.CharField, models.TextField, models.JSONField)) and not field.choices:
                found.append((model, field.name))
    return found


def test_the_free_texts_are_these_and_each_is_checked_by_the_model_itself() -> None:
    names = [(model.__name__, name) for model, name in free_texts()]
    assert names == [("Service", "name"), ("Service", "public_alias"), ("Service", "public_summary"), ("Contract", "name")]
    for model, name in free_texts():
        field: Any = model._meta.get_field(name)
        assert gives_nothing_away in field.validators


def test_there_is_no_field_for_a_place() -> None:
    """Neither a field by such a name, nor a type that holds one."""
    words = (
        "address",
        "street",
        "postcode",
        "town",
        "city",
        "phone",
        "mobile",
        "email",
        "mail",
        "url",
        "web",
        "lat",
        "lon",
        "map",
        "location",
    )
    for model in (Service, Contract):
        for field in model._meta.get_fields():
            assert not any(part in words for part in field.name.split("_")), field
            assert not isinstance(
                field, (models.EmailField, models.URLField, models.FileField, models.GenericIPAddressField, models.JSONField)
            )


@pytest.fixture
def row(db: None) -> Service:
    return service(organisation(), "Lantern", kind="outreach")


@pytest.fixture
def manager(row: Service) -> Client:
    return sign_in(member(row.organisation, Role.MANAGER))


def ways_in(row: Service) -> dict[str, tuple[str, dict[str, str], str]]:
    """Every form with a free text: its address, what else it needs, the name of the field."""
    place = {"kind": "outreach", "nation": "england", "region": "london", "name": "Beacon"}
    contract = Contract.objects.create(service=row, name="Grant", role="grant", starts_on="2026-01-01")
    dated = {"role": "grant", "starts_on": "2026-01-01"}
    listed = {"is_public": "on", "public_alias": "Quiet Water", "version": "1"}
    new = {"organisation": str(row.organisation_id)}
    return {
        "a new service": (reverse("services:create"), place | new, "name"),
        "its name": (reverse("services:edit", args=[row.pk]), place | {"version": "1"}, "name"),
        "the public name": (reverse("services:listing", args=[row.pk]), listed, "public_alias"),
        "the public summary": (reverse("services:listing", args=[row.pk]), listed, "public_summary"),
        "a preview": (reverse("services:listing", args=[row.pk]), listed | {"preview": "1"}, "public_summary"),
        "a new contract": (reverse("services:add_contract", args=[row.pk]), dated, "name"),
        "a contract": (reverse("services:edit_contract", args=[row.pk, contract.pk]), dated | {"version": "1"}, "name"),
    }


# One of each kind is enough for the pages: what is found at all is counted above.
ONE_OF_EACH = {"a postcode": "We are at LS1 4AP", "a street": "behind 45 Mill Street", "a place on a map": "51.50735, -0.12776",
               "a telephone number": "call 020 7946 0018", "an e-mail address": "ask@lantern.example", "a web address": "t.me/quietwater",
               "invisible signs": "Quiet\u200bWater"}  # fmt: skip


def stored(row: Service) -> list[Any]:
    return [*Service.objects.order_by("pk").values(), *Contract.objects.order_by("pk").values()]


@pytest.mark.parametrize(("words", "text"), ONE_OF_EACH.items())
def test_every_form_refuses_it_beside_the_field_and_stores_nothing(manager: Client, row: Service, words: str, text: str) -> None:
    forms = ways_in(row)
    before = stored(row)
    for what, (address, others, field) in forms.items():
        answer = manager.post(address, others | {field: text})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field]), what
        assert words in " ".join(answer.context["form"].errors[field]), what
        assert "Everybody will read exactly this" not in answer.content.decode(), what
    assert stored(row) == before


def test_the_same_forms_take_what_leads_nowhere(manager: Client, row: Service) -> None:
    for what, (address, others, field) in ways_in(row).items():
        status = manager.post(address, others | {field: f"Quiet, {what}"}).status_code
        Service.objects.filter(pk=row.pk).update(version=1)
        assert status == (200 if what == "a preview" else 302), what


@pytest.mark.parametrize("sign", HIDDEN.values(), ids=HIDDEN)
def test_inj_11_a_sign_that_nobody_sees_is_in_no_text(row: Service, sign: str) -> None:
    assert has_hidden(f"Quiet{sign}Water")
    for model, name in free_texts():
        bare = model(**{name: f"Quiet{sign}Water"})
        with pytest.raises(ValidationError) as refused:
            bare.full_clean(
                exclude={field.name for field in model._meta.fields} - {name}, validate_unique=False, validate_constraints=False
            )
        assert refused.value.error_dict[name][0].code == "hidden"


def test_two_lines_of_a_summary_are_one_and_hide_nothing(manager: Client, row: Service) -> None:
    address, others, field = ways_in(row)["the public summary"]
    assert manager.post(address, others | {field: "For women.\r\n\r\nStaff are there  day and night."}).status_code == 302
    row.refresh_from_db()
    assert row.public_summary == "For women. Staff are there day and night."
    split = manager.post(address, others | {field: "LS1\r\n4AP", "version": "2"})
    assert (split.status_code, problems("LS1 4AP")) == (422, ["postcode"])


def test_a_text_that_was_stored_before_it_would_be_refused_now_cannot_be_saved_again(manager: Client, row: Service) -> None:
    Service.objects.filter(pk=row.pk).update(name="12 High Street")
    with pytest.raises(ValidationError):
        Service.objects.get(pk=row.pk).full_clean()


# --- A safehouse is not named by its public name ----------------------------------------------------------------------


@pytest.mark.parametrize(("field", "text"), [
    ("public_alias", "Lantern"), ("public_alias", "lantern house"), ("public_alias", "The Harbour-Trust house"),
    ("public_summary", "A house of HARBOUR TRUST."), ("public_summary", "Lantern: for women"),
])  # fmt: skip
def test_the_public_words_of_a_safehouse_hold_neither_its_name_nor_whose_it_is(db: None, field: str, text: str) -> None:
    row = service(organisation(name="Harbour Trust"), "Lantern")
    client = sign_in(member(row.organisation, Role.MANAGER))
    address, sent = reverse("services:listing", args=[row.pk]), {"is_public": "on", "public_alias": "Quiet Water", "version": "1"}
    answer = client.post(address, sent | {field: text})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    Service.objects.filter(pk=row.pk).update(kind="outreach")
    assert client.post(address, sent | {field: text}).status_code == 302, "an outreach service may say whose it is"


def test_what_was_listed_and_becomes_a_safehouse_leaves_the_list(manager: Client, row: Service) -> None:
    Service.objects.filter(pk=row.pk).update(is_public=True, public_alias="Lantern", shows_region=True)
    sent = {"name": "Lantern", "kind": "safehouse", "nation": "england", "region": "north_west", "version": "1"}
    answer = manager.post(reverse("services:edit", args=[row.pk]), sent, follow=True)
    row.refresh_from_db()
    assert (row.kind, row.is_public, row.shows_region) == ("safehouse", False, False)
    assert "it has left the public list" in answer.content.decode()


def test_a_listed_safehouse_does_not_take_its_public_name_as_its_own(manager: Client, row: Service) -> None:
    Service.objects.filter(pk=row.pk).update(kind="safehouse", is_public=True, public_alias="Quiet Water")
    sent = {"name": "quiet water", "kind": "safehouse", "nation": "england", "region": "north_west", "version": "1"}
    answer = manager.post(reverse("services:edit", args=[row.pk]), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["name"])


def test_the_database_lists_no_service_without_a_public_name(row: Service) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="services_public_needs_alias"), transaction.atomic():
        Service.objects.filter(pk=row.pk).update(is_public=True, public_alias="")
