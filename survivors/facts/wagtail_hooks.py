"""The register in the editor: words and checks are edited; what readers act on is proposed, and accepted by somebody else."""

from typing import ClassVar

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.cms.change_only import ChangeOnly
from portal.languages import FIRST_RELEASE
from survivors.facts import permissions, views
from survivors.facts.forms import WordsForm
from survivors.facts.models import Fact, Source


class FactViewSet(SnippetViewSet):
    """The guarded values, to be read; then one tab for the words of each language."""

    model = Fact
    icon = "mobile-alt"
    menu_label = "Facts"
    copy_view_enabled = False
    list_display: ClassVar = ["name", "key", "plain", "mark", "verified_on", "review_by"]
    list_filter: ClassVar = ["kind", "mark"]
    search_fields: ClassVar = ["key", "name_en", "value"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    HelpPanel(template="survivors/facts/guarded.html"),
                    MultiFieldPanel([FieldPanel(name, read_only=True) for name in Fact.GUARDED], heading="What readers act on"),
                    MultiFieldPanel(
                        [FieldPanel("verified_on"), FieldPanel("verified_by"), FieldPanel("review_by")],
                        heading="Who checked it",
                    ),
                ],
                heading="Fact",
            ),
            *(
                ObjectList([FieldPanel(f"{field}_{language.code}") for field in Fact.WORDS], heading=language.native)
                for language in FIRST_RELEASE
            ),
        ],
        base_form_class=WordsForm,
    )

    @property
    def permission_policy(self) -> ChangeOnly:
        """Facts come and go by proposals only."""
        return ChangeOnly(Fact)


class SourceViewSet(SnippetViewSet):
    """Documents that pages and facts rest on."""

    model = Source
    icon = "doc-full"
    menu_label = "Sources"
    list_display: ClassVar = ["code", "title", "publisher", "dated"]
    search_fields: ClassVar = ["code", "title", "publisher"]


class RegisterGroup(SnippetViewSetGroup):
    """One entry of the menu."""

    items = (FactViewSet, SourceViewSet)
    menu_label = "Register"
    menu_icon = "mobile-alt"
    menu_order = 150


register_snippet(RegisterGroup)


@hooks.register("register_admin_urls")
def proposal_pages() -> list[URLPattern]:
    """Proposals and the list of overdue facts."""
    return [
        path("facts/proposals/", views.proposals, name="facts_proposals"),
        path("facts/proposals/<uuid:proposal_id>/", views.proposal, name="facts_proposal"),
        path("facts/propose/", views.propose, name="facts_propose_new"),
        path("facts/propose/<slug:key>/", views.propose, name="facts_propose"),
        path("facts/propose/<slug:key>/removal/", views.propose_removal, name="facts_propose_removal"),
        path("facts/overdue/", views.overdue, name="facts_overdue"),
    ]


class ProposalsMenuItem(MenuItem):
    """Only for those who may read proposals."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may propose or decide."""
        return permissions.may_see(request.user)


class OverdueMenuItem(MenuItem):
    """Only for those who may say that they checked a fact."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may change facts."""
        return permissions.may_check(request.user)


@hooks.register("register_admin_menu_item")
def proposals_menu() -> MenuItem:
    """Proposals in the menu."""
    return ProposalsMenuItem("Changes of facts", reverse("facts_proposals"), icon_name="check", order=152)


@hooks.register("register_admin_menu_item")
def overdue_menu() -> MenuItem:
    """Overdue facts in the menu."""
    return OverdueMenuItem("Facts to check", reverse("facts_overdue"), icon_name="time", order=154)


@hooks.register("register_permissions")
def proposal_permissions() -> QuerySet[Permission]:
    """The rights to propose and to decide, to be given to groups."""
    return Permission.objects.filter(content_type__app_label="facts", codename__in=["add_factproposal", "accept_factproposal"])
