"""Signing a translation: a named person has compared it with English, as readers see both."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource

from portal.cms.models.languages import SignOff
from portal.cms.translation_checks import problems

MONTHS = 6  # proposed length of a sign-off


class SignForm(forms.ModelForm[SignOff]):
    """Name, role, until when, and the promise."""

    read = forms.BooleanField(label="I have read the whole page in this language, beside the English page, as readers see them.")

    class Meta:
        model = SignOff
        fields = ("reviewer", "role", "review_by")
        widgets = {"review_by": forms.DateInput(attrs={"type": "date"})}  # noqa: RUF012

    def __init__(self, *args: Any, page: Page, source: Page, by: AbstractBaseUser | AnonymousUser, **options: Any) -> None:
        super().__init__(*args, **options)
        self.instance.page, self.instance.page_revision_id = page, page.live_revision_id
        self.instance.source, self.instance.source_revision_id = source, source.live_revision_id
        assert isinstance(by, get_user_model())  # noqa: S101 - the view asked for the right to sign, which nobody unnamed has
        self.instance.signed_by, self.instance.signed_on = by, timezone.localdate()

    def clean_review_by(self) -> Any:
        """Between tomorrow and two years from now."""
        day = self.cleaned_data["review_by"]
        if not 0 < (day - timezone.localdate()).days <= 731:
            raise forms.ValidationError("Choose a day within the next two years.")
        return day


def faults(page: Page, source: Page) -> list[tuple[str, str, str]]:
    """What a machine can see is wrong with ``page``, a translation: English sentence, own sentence, fault. Two queries."""
    code = page.locale.language_code
    workbench = TranslationSource.objects.get_for_instance_or_none(source)
    if workbench is None:
        return []
    segments = StringSegment.objects.filter(source=workbench).select_related("string", "context")
    memory = StringTranslation.objects.filter(
        locale=page.locale, translation_of__in=[row.string_id for row in segments], context__in=[row.context_id for row in segments]
    )
    known = {(row.translation_of_id, row.context_id): row.data for row in memory}
    found = []
    for segment in segments:
        if segment.context.path == "slug":
            continue
        own = known.get((segment.string_id, segment.context_id), "")
        found += [(segment.string.data, own, fault) for fault in problems(segment.string.data, own, code)]
    return found


@transaction.atomic
def sign(form: SignForm) -> SignOff:
    """Save the sign-off against pages that are locked, so that nothing changes between reading and signing."""
    instance = form.instance
    list(Page.objects.select_for_update().filter(pk__in=[instance.page_id, instance.source_id]))
    instance.page.refresh_from_db(fields=["live_revision"])
    instance.source.refresh_from_db(fields=["live_revision"])
    instance.full_clean()
    return form.save()
