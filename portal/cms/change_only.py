"""A permission policy for rows that editors word, but neither add nor delete."""

from wagtail.permission_policies.base import ModelPermissionPolicy


class ChangeOnly(ModelPermissionPolicy):
    """Whoever may change may change; nobody adds or deletes here, not even an administrator: other rules decide which rows exist."""

    def user_has_permission(self, user: object, action: str) -> bool:
        """Change and view only."""
        return action in {"change", "view"} and bool(super().user_has_permission(user, action))

    def user_has_permission_for_instance(self, user: object, action: str, instance: object) -> bool:
        """The same for one row."""
        return self.user_has_permission(user, action)
