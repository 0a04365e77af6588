"""Pages of one record: list, beginning, finding, the record itself, its needs, its steps, who looked, what happened."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.recent import recent_sign_in_required
from portal.accounts.roles import Can
from portal.audit.history import history_page
from portal.audit.models import View
from portal.steps import Step, WrongState
from portal.workspace.posting import posted, taken
from providers.organisations.permissions import can
from providers.services.models import Outdated
from providers.transitions import beginning, clocks, guests, needs, offering, package, permissions, reference, sections
from providers.transitions.codes import Item
from providers.transitions.forms import LEADING_ON, STEP_FORMS, BeginForm, ChangeForm, FindForm, KeepBackForm, NeedsForm
from providers.transitions.looking import may_look_up, missed, of_record
from providers.transitions.models import Transition
from providers.transitions.permissions import Sight

PAGE = 25  # no page opens more references than this


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list: both sides, running ones first."""
    rows = Transition.objects.visible_to(request.user).in_full().order_by("closed_at", "next_due_on", "created_at")
    ended = request.GET.get("show") == "ended"
    rows = rows.exclude(closed_at=None) if ended else rows.running()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "lines": lines(request, page), "find": FindForm(), "ended": ended, "today": timezone.localdate(),
        "may_begin": can(request.user, Can.ASSESS),
    }  # fmt: skip
    return render(request, "providers/transitions/index.html", context)


def lines(request: HttpRequest, page: Any) -> list[dict[str, Any]]:
    """The rows of a page with their references and who is responsible."""
    rows = list(page)
    named = sections.references(rows)
    return [
        {"row": row, "reference": named.get(row.pk, ""), "responsible": row.responsible, "taker": row.taker, "live": row.live_offers}
        for row in rows
    ]


def find(request: HttpRequest) -> HttpResponse:
    """A record by its reference, as it is said on the telephone. By POST: a reference belongs in no address."""
    form = FindForm(posted(request))
    if form.is_bound and not may_look_up(request.user):
        form.add_error("reference", _("Too many references were wrong. Try again in an hour; your managers have been told."))
        return render(request, "providers/transitions/find.html", {"form": form}, status=429)
    if form.is_valid():
        if row := sections.find(request.user, form.cleaned_data["reference"]):
            return redirect("transitions:show", row.pk)
        missed(request.user)
        is_right = reference.is_reference(form.cleaned_data["reference"])
        words = (
            _("There is no record with this reference that you may see.")
            if is_right
            else _("This is not a reference: a character is wrong.")
        )
        form.add_error("reference", words)
    return render(request, "providers/transitions/find.html", {"form": form}, status=422 if form.is_bound else 200)


def begin(request: HttpRequest) -> HttpResponse:
    """A new transition."""
    if not can(request.user, Can.ASSESS):
        raise PermissionDenied
    form = BeginForm(posted(request), user=request.user)
    if form.is_valid():
        key = form.cleaned_data["key"]
        if taken(form, lambda: beginning.begin(form.start(), key=key, by=request.user)):
            messages.success(request, _("Begun. Your service is responsible until the next one has met her."))
            return redirect("transitions:show", key)  # the key of the form is the record's
    return render(request, "providers/transitions/begin.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@of_record("record")
def show(request: HttpRequest, row: Transition) -> HttpResponse:
    """The record, as far as this person sees it."""
    return record_page(request, row)


def record_page(request: HttpRequest, row: Transition, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The page for one sight of the record. Nothing that this sight does not have is in the context at all."""
    seen = permissions.sight(request.user, row)
    context: dict[str, Any] = {
        "row": row, "seen": seen.value, "reference": sections.references([row]).get(row.pk, ""), "ledger": list(row.ledger.all()),
        "responsible": row.responsible, "problem": problem, "today": timezone.localdate(),
    }  # fmt: skip
    context |= _course(request, row, seen)
    if seen == Sight.FULL:
        context |= _full(request, row)
    if seen in {Sight.MINIMUM, Sight.PACKAGE} and (offer := permissions.offer_to(request.user, row)):
        parts = package.seen_by(package.package_for(offer), request.user).parts
        context |= {"offer": offer, "parts": [{"part": part, "pairs": needs.words_of(part.item, part.value)} for part in parts]}
        context |= {"conversation": offering.conversation(offer)}
    return render(request, "providers/transitions/show.html", context, status=status)


def _course(request: HttpRequest, row: Transition, seen: Sight) -> dict[str, Any]:
    """Dates, points and steps: for who works on it."""
    if seen in {Sight.MINIMUM, Sight.OUTLINE, Sight.NOTHING}:
        return {}
    works = permissions.can_work_on(request.user, row)
    context: dict[str, Any] = {
        "steps": open_steps(request, row),
        "leading_on": LEADING_ON,
        "may_see_looks": permissions.can_see_looks(request.user, row),
        "works": works,
    }
    if seen != Sight.THIN:
        found = list(row.clocks.all())
        context["overdue"] = [clock for clock in found if clock.is_overdue(timezone.localdate())]
        checks = list(row.checks.all())
        context["checks_open"] = sum(check.state == "open" for check in checks)
        context["blockers"] = sum(check.state == "open" and check.blocks for check in checks)
    return context


def open_steps(request: HttpRequest, row: Transition) -> list[Step]:
    """The steps with a page of their own that this person may take now, what leads on first."""
    steps = {step.name: step for step in row.open_to(request.user)}
    return [steps[name] for name in STEP_FORMS if name in steps and (name != "leave_family" or row.family)]


def _full(request: HttpRequest, row: Transition) -> dict[str, Any]:
    held = sections.read_versions(
        row, [item for item in needs.EDITED if item != Item.CONTACT or permissions.can_see_contact(request.user, row)]
    )
    items = [
        {"item": item, "label": Item(item).label, "pairs": needs.words_of(item, held[item][1]) if item in held else [],
         "hidden": item == Item.CONTACT and not permissions.can_see_contact(request.user, row)}
        for item in needs.EDITED
    ]  # fmt: skip
    back = sections.read(row, [sections.BACK]).get(sections.BACK, [])
    offers = [
        {"offer": offer, "receiver": guests.receiver_of(offer), "conversation": offering.conversation(offer)} for offer in row.offers.all()
    ]
    family = Transition.objects.visible_to(request.user).filter(family=row.family).exclude(pk=row.pk) if row.family else []
    names = sections.references(list(family))
    return {
        "items": items, "back": [Item(item).label for item in back], "offers": offers,
        "family": [(other, names.get(other.pk, "")) for other in family],
        "may_offer": row.status == "consented" and not row.live_offers and permissions.can_work_on(request.user, row),
        "ends_on": clocks.support_ends_on(row),
    }  # fmt: skip


@of_record("change")
def change(request: HttpRequest, row: Transition) -> HttpResponse:
    """Where to, when, who works with her. Who comes second reads both."""
    if permissions.sight(request.user, row) != Sight.FULL:
        raise PermissionDenied
    form = ChangeForm(posted(request), row=row)
    try:
        is_done = form.is_valid() and taken(form, lambda: row.change(form.values(), base=form.cleaned_data["version"], by=request.user))
    except Outdated as newer:
        return _both(request, row, form, newer.row)
    except WrongState as wrong:
        return record_page(request, row, problem=str(wrong), status=409)
    if is_done:
        messages.success(request, _("Saved."))
        return redirect("transitions:show", row.pk)
    return render(request, "providers/transitions/change.html", {"form": form, "row": row}, status=422 if form.is_bound else 200)


def _both(request: HttpRequest, row: Transition, form: Any, newer: Any) -> HttpResponse:
    """Both versions; sending again is then based on the newer one."""
    data = request.POST.copy()
    data["version"] = str(newer.version)
    theirs = ChangeForm(row=newer)
    pairs = [(field.label, _said(theirs[field.name]), _said(field)) for field in form.visible_fields()]
    context = {"form": ChangeForm(data, row=newer), "row": row, "pairs": pairs, "back": reverse("transitions:show", args=[row.pk])}
    return render(request, "providers/transitions/conflict.html", context, status=409)


def _said(field: Any) -> str:
    """The value of a field, in words."""
    value = field.value()
    labels = {str(getattr(key, "value", key)): label for key, label in getattr(field.field, "choices", ())}
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(labels.get(str(getattr(one, "pk", one)), one)) for one in values if one not in (None, ""))


@of_record("needs")
def need(request: HttpRequest, row: Transition, item: str) -> HttpResponse:
    """One item of the record: read, answered, amended."""
    if item not in needs.EDITED:
        raise Http404
    if not sections.may_write(request.user, row, item):
        raise PermissionDenied
    version, value = sections.read_versions(row, [item]).get(item, (0, {}))
    was_sent = bool(row.live_offers)
    form = NeedsForm(posted(request), item=item, value=value, was_sent=was_sent, initial={"base": version})
    context = {"form": form, "row": row, "label": Item(item).label, "was_sent": was_sent}
    if form.is_valid():
        return _written(request, row, item, form, form.value(), context)
    return render(request, "providers/transitions/need.html", context, status=422 if form.is_bound else 200)


@of_record("needs")
def keep_back(request: HttpRequest, row: Transition) -> HttpResponse:
    """What she wants passed on to nobody."""
    if not sections.may_write(request.user, row, sections.BACK):
        raise PermissionDenied
    version, value = sections.read_versions(row, [sections.BACK]).get(sections.BACK, (0, []))
    form = KeepBackForm(posted(request), initial={"base": version, "items": value})
    context = {"form": form, "row": row, "label": _("Passed on to nobody")}
    if form.is_valid():
        reason = "asked" if row.live_offers else ""
        return _written(request, row, sections.BACK, form, form.cleaned_data["items"], context, reason=reason)
    return render(request, "providers/transitions/need.html", context, status=422 if form.is_bound else 200)


def _written(
    request: HttpRequest, row: Transition, item: str, form: Any, value: Any, context: dict[str, Any], *, reason: str = ""
) -> HttpResponse:
    why = form.cleaned_data.get("reason", reason)
    base = form.cleaned_data["base"]
    try:
        is_done = taken(form, lambda: sections.write(row, item, value, base=base, by=request.user, reason=why))
    except Outdated:
        return _sections_differ(request, row, item, value, form, context)
    if not is_done:
        return render(request, "providers/transitions/need.html", context, status=422)
    messages.success(request, _("Saved and sealed."))
    return redirect("transitions:show", row.pk)


def _sections_differ(request: HttpRequest, row: Transition, item: str, value: Any, form: Any, context: dict[str, Any]) -> HttpResponse:
    """Both texts of a section; sending again is then based on the newer one."""
    version, theirs = sections.read_versions(row, [item]).get(item, (0, {}))
    data = request.POST.copy()
    data["base"] = str(version)
    form.data = data
    shown = [needs.words_of(item, given) if isinstance(given, dict) else [("", ", ".join(given))] for given in (theirs, value)]
    both = [{str(label): said for label, said in pairs} for pairs in shown]
    pairs = [(label, both[0].get(label, ""), both[1].get(label, "")) for label in dict.fromkeys([*both[0], *both[1]])]
    back = reverse("transitions:show", args=[row.pk])
    return render(request, "providers/transitions/conflict.html", {**context, "pairs": pairs, "back": back}, status=409)


@of_record("step")
def take(request: HttpRequest, row: Transition, name: str) -> HttpResponseBase:
    """A step: first what it means, then the button."""
    if name not in STEP_FORMS:
        raise Http404
    step = Transition.STEPS[name]
    if not step.may(request.user, row):
        raise PermissionDenied
    if row.status not in step.sources:
        return record_page(request, row, problem=str(WrongState(row, step)), status=409)
    page = recent_sign_in_required(_step_page) if step.is_grave else _step_page
    return page(request, row, step)


def _step_page(request: HttpRequest, row: Transition, step: Step) -> HttpResponse:
    form = STEP_FORMS[step.name](posted(request))
    try:
        is_done = form.is_valid() and taken(form, lambda: getattr(row, step.name)(*form.words(), by=request.user))
    except WrongState as wrong:
        return record_page(request, row, problem=str(wrong), status=409)
    if is_done:
        said = {"step": step.label, "status": row.get_status_display()}
        messages.success(request, _("Done: %(step)s. It is now “%(status)s”.") % said)
        return redirect("transitions:show", row.pk)
    context = {"form": form, "row": row, "step": step, "back": reverse("transitions:show", args=[row.pk])}
    return render(request, "providers/transitions/step.html", context, status=422 if form.is_bound else 200)


@require_safe
@of_record("looks")
def looks(request: HttpRequest, row: Transition) -> HttpResponse:
    """Who looked at the record, when and as what. She can be shown it."""
    if not permissions.can_see_looks(request.user, row):
        raise PermissionDenied
    found = View.objects.about(row).select_related("by").order_by("-pk")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    named = sections.references([row]).get(row.pk, "")
    return render(request, "providers/transitions/looks.html", {"row": row, "page": page, "reference": named})


@require_safe
@of_record("history")
def history(request: HttpRequest, row: Transition) -> HttpResponse:
    """What happened, who did it and when."""
    if permissions.sight(request.user, row) not in {Sight.FULL, Sight.PACKAGE}:
        raise PermissionDenied
    named = sections.references([row]).get(row.pk, "")
    crumbs = [(reverse("transitions:index"), _("Transitions")), (reverse("transitions:show", args=[row.pk]), named)]
    return history_page(request, row, crumbs=crumbs, name=named)
