"""Connects the page cache to Wagtail's own announcements."""

from django.apps import AppConfig, apps
from wagtail.users.apps import WagtailUsersAppConfig


class CmsConfig(AppConfig):
    """The content management room."""

    name = "portal.cms"
    label = "cms"
    default = True
    verbose_name = "Content"

    def ready(self) -> None:
        """Any change of what readers see clears the page cache."""
        from portal.cms import freshness, pagecache  # models are not loaded before ready()

        pagecache.clear_on_page_changes()
        freshness.follow_english()
        pagecache.clear_on_changes_of([*self.get_models(), apps.get_model("wagtailcore.PageViewRestriction")])


class People(WagtailUsersAppConfig):
    """Wagtail's list of users, without the page that adds one."""

    user_viewset = "portal.cms.users.UserViewSet"
