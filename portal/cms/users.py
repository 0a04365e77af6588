"""Wagtail's own list of people: to look at and to put into groups. Nobody is added here; people are invited."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.users.views import users


class NeverAdd(ModelPermissionPolicy):
    """Who may change people may do that, and nobody may add or delete any."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """As in Wagtail, but for two actions."""
        return action not in {"add", "delete"} and bool(super().user_has_permission(user, action))


class NoCreateView(users.CreateView):
    """Not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """404, for administrators too."""
        raise Http404


class UserViewSet(users.UserViewSet):
    """The list, without "Add a user"."""

    add_view_class = NoCreateView

    @property
    def permission_policy(self) -> NeverAdd:
        """See ``NeverAdd``."""
        return NeverAdd(self.model)
