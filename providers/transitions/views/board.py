"""The board "Nobody in the gap", for both services."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from providers.transitions import gap
from providers.transitions.models import Transition
from providers.transitions.views.records import PAGE, lines


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Four piles, one opened: who is between two services, who is responsible meanwhile, and since when something is late."""
    today = timezone.localdate()
    rows = Transition.objects.visible_to(request.user)
    chosen = request.GET.get("pile", "")
    key = chosen if chosen in gap.PILES else next(iter(gap.PILES))
    piles = gap.piles(rows, today)
    if chosen not in gap.PILES:  # without a choice: the first pile that holds anything
        key = next((pile.key for pile in piles if pile.count), key)
    paginator = Paginator(gap.rows_in(rows, key, today), PAGE)
    paginator.count = next(pile.count for pile in piles if pile.key == key)  # counted already
    page = paginator.get_page(request.GET.get("page"))
    context = {"piles": piles, "key": key, "label": gap.PILES[key], "page": page, "lines": lines(request, page), "today": today}
    return render(request, "providers/transitions/gap.html", context)
