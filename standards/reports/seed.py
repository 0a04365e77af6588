"""For the demo two reports: one whose facts Harbour Trust checks, one on Rowan House that was issued and published."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from portal.accounts.models import User
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.inspections import seed as inspections
from standards.inspections.models import Finding
from standards.reports import accuracy, building, filing, following, leaks, renditions
from standards.reports.models import Report, Statement

PEOPLE = {
    "lead": "lead@inspect.example", "inspector": "inspector@inspect.example", "reviewer": "reviewer@inspect.example",
    "publisher": "publisher@inspect.example",
}  # fmt: skip
PUBLIC = "People told us that staff listen. Plans begin with what people want. Some plans need more detail."
CLAIM = "The sample holds two plans from before the new form. All plans since May say which adjustments were asked for."


def demo() -> str:
    """Unless there is any report: then somebody has begun to try things out, and nothing is touched."""
    if Report.objects.exists():
        return "reports: kept as they are"
    people = _found(PEOPLE)
    today, added = timezone.localdate(), 0
    for name, manager, days, walk in STORIES:
        service = Service.objects.filter(name=name).first()
        everybody = people | _found({"manager": manager})
        if service is None or None in everybody.values():
            continue
        inspection = inspections.inspected(service, today - timedelta(days=days), everybody["lead"], everybody["inspector"])
        walk(_draft(inspection, everybody), everybody)
        added += 1
    return f"reports: {added} added"


def _found(addresses: dict[str, str]) -> dict[str, Any]:
    return {name: User.objects.filter(email=email).first() for name, email in addresses.items()}


def _draft(inspection: Any, people: dict[str, Any]) -> Report:
    """Written from the findings, with one item; read by somebody who was not there; sent to the provider, who has it."""
    report = building.begin(inspection, by=people["lead"])
    shortfall = Finding.objects.get(inspection=inspection, kind="shortfall")
    values = {
        "kind": "recommendation", "clause": "", "addressee": "provider", "repeats": None,
        "due_on": timezone.localdate() + timedelta(days=90),
        "text": "Say in every plan which adjustments the person asked for, and look at them with the person every month.",
        "findings": [shortfall],
    }  # fmt: skip
    following.write_item(report, values, by=people["lead"])
    report = _fresh(report)
    report.send_to_review(by=people["inspector"])
    report.approve_draft(by=people["reviewer"])
    report.issue_draft([people["manager"]], by=people["lead"])
    for recipient in report.recipients.select_related("user"):
        filing.confirm(report, recipient)
    return _fresh(report)


def _fresh(report: Report) -> Report:
    found: Report = Report.objects.select_related("inspection__regime__edition").get(pk=report.pk)
    return found


def _say(report: Report, statement: Statement, saying: accuracy.Saying, people: dict[str, Any]) -> None:
    accuracy.save(report, statement.pk, saying, base=0, by=people["manager"])


def _being_checked(report: Report, people: dict[str, Any]) -> None:
    """Some statements are answered, the others wait; the clock runs."""
    first, second = report.statements.filter(asserts_fact=True).order_by("number")[:2]
    _say(report, first, accuracy.Saying("agreed", "", ""), people)
    _say(report, second, accuracy.Saying("inaccurate", "b", CLAIM), people)


def _published(report: Report, people: dict[str, Any]) -> None:
    """One comment was decided; the commissioner has the full report, everybody a summary; the item waits for an answer."""
    for number, statement in enumerate(report.statements.filter(asserts_fact=True).order_by("number")):
        saying = accuracy.Saying("inaccurate", "b", CLAIM) if number == 0 else accuracy.Saying("agreed", "", "")
        _say(report, statement, saying, people)
    report.send_answers(by=people["manager"])
    report.begin_decisions(by=people["reviewer"])
    reply = report.statements.filter(replies__verdict="inaccurate").get().replies.get()
    accuracy.decide(
        reply, accuracy.Decision("not_accepted", "The sample was drawn anew: three plans are from June.", ""), by=people["reviewer"]
    )
    report = _fresh(report)
    report.sign_decisions(by=people["reviewer"])
    report.agree_final(by=people["lead"])
    report.begin_check(by=people["publisher"])
    report.issue_restricted(
        [Organisation.objects.get(name="Oversight (demo)")], "The regime names the commissioner.", by=people["publisher"]
    )
    _summary(report, people)
    report = _fresh(report)
    report.publish("The provider, the commissioner and the inspectorate agreed that it can help others.", by=people["publisher"])
    _fresh(report).ask_for_answers(by=people["lead"])


def _summary(report: Report, people: dict[str, Any]) -> None:
    """Prepared by the lead, checked and approved by the publisher."""
    first = report.statements.standing().order_by("order")[0]
    Statement.objects.filter(pk=first.pk).update(for_public=PUBLIC)
    made = renditions.prepare(report, "public", by=people["lead"])
    for hit in made.hits.all():
        renditions.resolve(hit, "harmless", "It says nothing about who or where.", by=people["publisher"])
    for question in leaks.HARM:
        renditions.answer_harm(made, question, is_safe=True, note="Read twice, with the map beside it.", by=people["publisher"])
    renditions.approve(made, renditions.NOTHING, by=people["publisher"])


STORIES = (  # service, who answers for the provider, how many days ago the visit began, how far the report came
    ("Harbour Outreach North", "manager@harbour.example", 25, _being_checked),
    ("Rowan Flats", "manager@rowan.example", 80, _published),
)
