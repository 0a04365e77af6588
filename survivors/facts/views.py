"""Pages of the editors' side for the register: propose, decide, and see what is overdue. None of them changes a value alone."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.auth import require_admin_access

from portal.languages import SOURCE
from survivors.facts import permissions
from survivors.facts.comparison import in_brief, lines, stands
from survivors.facts.forms import VALUE, ProposalForm, RemovalForm
from survivors.facts.models import Fact, FactProposal, Kind
from survivors.facts.uses import obstacle, uses, uses_of


@require_admin_access
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what was decided."""
    if not permissions.may_see(request.user):
        raise PermissionDenied
    visible = FactProposal.objects.visible_to(request.user).select_related("proposed_by", "decided_by")
    context = {
        "open": [(proposal, in_brief(proposal)) for proposal in visible.open()],
        "history": [(proposal, in_brief(proposal)) for proposal in visible.history()[:200]],
        "may_propose": permissions.may_propose(request.user),
    }
    return render(request, "survivors/facts/proposals.html", context)


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, key: str = "") -> HttpResponse:
    """A form for a new fact, or for the fact ``key``; it follows the kind that was chosen."""
    if not permissions.may_propose(request.user):
        raise PermissionDenied
    fact = get_object_or_404(Fact, key=key) if key else None
    kind = request.GET.get("kind") or (fact.kind if fact else "")
    if kind not in Kind.values:
        kinds = [(each.value, each.label, VALUE[each][1]) for each in Kind]
        return render(request, "survivors/facts/choose_kind.html", {"kinds": kinds})
    form = ProposalForm(request.POST or None, kind=Kind(kind), fact=fact)
    if request.method == "POST" and form.is_valid() and (made := form.propose(_person(request))):
        return _thanks(request, made)
    context = {
        "fact": fact,
        "form": form,
        "kind": Kind(kind).label,
        "others": [(each.value, each.label) for each in Kind if each != kind],
        "waiting": FactProposal.objects.visible_to(request.user).about(key).open() if key else (),
    }
    return render(request, "survivors/facts/propose.html", context)


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def propose_removal(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for the fact ``key`` to be removed, or read where it is still used."""
    if not permissions.may_propose(request.user):
        raise PermissionDenied
    fact = get_object_or_404(Fact, key=key)
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _thanks(request, FactProposal.propose(by=_person(request), fact=fact, removal=True, reason=form.cleaned_data["reason"]))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
    context = {"fact": fact, "form": form, "obstacle": obstacle(key), "uses": uses_of(key)}
    return render(request, "survivors/facts/propose_removal.html", context)


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, proposal_id: str) -> HttpResponse:
    """Before and after, why, and where readers see it. A second person accepts or refuses; the first can take it back."""
    visible = FactProposal.objects.visible_to(request.user).select_related("fact", "proposed_by", "decided_by")
    row = get_object_or_404(visible, pk=proposal_id)
    status = 200
    if request.method == "POST":
        try:
            messages.success(request, _carry_out(request, row))
            return redirect("facts_proposals")
        except ValidationError as wrong:
            status = 422
            for line in wrong.messages:
                messages.error(request, line)
            row = get_object_or_404(visible, pk=proposal_id)
    context = {
        "proposal": row,
        "lines": lines(row),
        "stale": row.stale(row.fact) if row.is_open else "",
        "uses": uses_of(row.key),
        "may_decide": permissions.may_decide(request.user, row),
        "may_withdraw": permissions.may_withdraw(request.user, row),
        "typed": request.POST.get("decision_reason", ""),
    }
    return render(request, "survivors/facts/proposal.html", context, status=status)


def _carry_out(request: HttpRequest, row: FactProposal) -> str:
    """Do what was pressed. Returns what happened, in words."""
    by = _person(request)
    match request.POST.get("action"):
        case "accept":
            row.accept(by=by)
            if row.action == FactProposal.Action.REMOVAL:
                return f"{row.key} is removed from the register."
            return f"Accepted. {row.key} is “{stands(row.fact) if row.fact else ''}” for all readers in all languages from now on."
        case "refuse":
            row.refuse(by=by, reason=request.POST.get("decision_reason", ""))
            return f"Refused. {row.proposed_by} can read why. Nothing has changed for readers."
        case "withdraw":
            row.withdraw(by=by)
            return "Withdrawn. Nothing has changed for readers."
    raise ValidationError("Choose what to do.")


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def overdue(request: HttpRequest) -> HttpResponse:
    """Every fact by the urgency of its next check, where it is shown, and “I have just checked this”."""
    if not permissions.may_check(request.user):
        raise PermissionDenied
    if request.method == "POST":
        fact = get_object_or_404(Fact, key=request.POST.get("key", ""))
        try:
            fact.verify(by=_person(request), stated=request.POST.get("stated", ""))
            messages.success(request, f"{fact.english_name}: checked by you today. Next check by {fact.review_by:%-d %B %Y}.")
        except ValidationError as wrong:
            for line in wrong.messages:
                messages.error(request, line)
        return redirect("facts_overdue")
    today, used = timezone.localdate(), uses([SOURCE])
    rows: list[dict[str, Any]] = [
        {"fact": fact, "days": fact.days_overdue(today), "is_overdue": fact.is_overdue(today), "uses": used.get(fact.key, [])}
        for fact in Fact.objects.by_urgency()
    ]
    context = {"rows": rows, "count": sum(row["is_overdue"] for row in rows), "may_propose": permissions.may_propose(request.user)}
    return render(request, "survivors/facts/overdue.html", context)


def _person(request: HttpRequest) -> Any:
    """Whoever is signed in: ``require_admin_access`` has seen to it that somebody is."""
    return request.user


def _thanks(request: HttpRequest, made: FactProposal) -> HttpResponse:
    messages.success(request, "Proposed. Readers see no change until a second person has accepted it.")
    return redirect("facts_proposal", made.pk)
