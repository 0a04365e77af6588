"""The demo's services: seven of different kinds in all four nations, of three providers, with their contracts."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from portal.accounts.roles import Kind
from providers.organisations.models import Organisation
from providers.services.models import Contract, Service
from providers.services.places import Nation, Region


@dataclass(frozen=True)
class Sample:
    """One service of the demo. Without ``alias`` it is not listed in public."""

    of: str
    name: str
    kind: str
    nation: str
    region: str
    alias: str = ""
    summary: str = ""
    shows_region: bool = False


class Term(NamedTuple):
    """A contract: its name, the part played in it, from when to when."""

    name: str
    role: str
    starts_on: date
    ends_on: date | None


KINDS, HARBOUR, ROWAN, CAIRN = Service.Kind, "Harbour Trust", "Rowan House", "Cairn Outreach"
SERVICES = (
    Sample(
        HARBOUR, "Lantern", KINDS.SAFEHOUSE, Nation.ENGLAND, Region.NORTH_WEST, "Quiet Water",
        "For women, also with children. Staff are there day and night.",
    ),
    Sample(HARBOUR, "Anchor", KINDS.SAFEHOUSE, Nation.WALES, Region.WALES, "Tŷ Diogel", "For men. Staff speak Welsh and English."),
    Sample(
        HARBOUR, "Harbour Outreach North", KINDS.OUTREACH, Nation.ENGLAND, Region.NORTH_WEST, "Harbour Outreach",
        "We visit people where they live, and go with them to the doctor and to a lawyer.", shows_region=True,
    ),
    Sample(ROWAN, "Kestrel", KINDS.SAFEHOUSE, Nation.NORTHERN_IRELAND, Region.NORTHERN_IRELAND),
    Sample(
        ROWAN, "Rowan Flats", KINDS.ACCOMMODATION, Nation.ENGLAND, Region.WEST_MIDLANDS, "Rowan Moving On",
        "A room of your own after a safehouse, with a support worker who visits.", shows_region=True,
    ),
    Sample(
        CAIRN, "Cairn Outreach Scotland", KINDS.OUTREACH, Nation.SCOTLAND, Region.SCOTLAND, "Cairn Outreach",
        "For adults in all of Scotland. We come to you.",
    ),
    Sample(
        CAIRN, "Cairn First Response", KINDS.FIRST_RESPONSE, Nation.SCOTLAND, Region.SCOTLAND, "Cairn First Response",
        "We listen, explain what can happen next, and refer you if you want it.",
    ),
)  # fmt: skip
CONTRACTS = {
    HARBOUR: (Term("Victim care contract (first)", "subcontractor", date(2021, 1, 4), date(2026, 1, 3)),
              Term("Victim care contract (second)", "subcontractor", date(2026, 1, 4), None)),
    ROWAN: (Term("Support for victims, Northern Ireland", "prime", date(2023, 4, 1), date(2027, 3, 31)),),
    CAIRN: (Term("Scottish Government grant", "grant", date(2024, 4, 1), date(2027, 3, 31)),),
}  # fmt: skip


def demo() -> str:
    """What is there stays as somebody left it: services are found by name, contracts are given to a new service only."""
    oversight = Organisation.objects.filter(kind=Kind.OVERSIGHT).first()
    added = 0
    for sample in SERVICES:
        organisation, _new = Organisation.objects.get_or_create(name=sample.of, defaults={"kind": Kind.PROVIDER})
        fields = {
            "kind": sample.kind, "nation": sample.nation, "region": sample.region, "public_alias": sample.alias,
            "public_summary": sample.summary, "shows_region": sample.shows_region, "is_public": bool(sample.alias),
        }  # fmt: skip
        service, is_new = Service.objects.get_or_create(organisation=organisation, name=sample.name, defaults=fields)
        if is_new:
            added += 1
            Contract.objects.bulk_create(
                Contract(service=service, commissioner=oversight, **term._asdict()) for term in CONTRACTS[sample.of]
            )
    return f"services: {added} added, {len(SERVICES) - added} were there"
