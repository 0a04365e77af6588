"""Every address of the portal. Rooms are named by string, so that the building imports none of them."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django_otp.decorators import otp_required
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns
from wagtail.views import serve

from portal.cms.views import languages

urlpatterns = [
    path("", languages, name="languages"),
    # One way in for everybody. The editors' side asks for the second factor itself too, should the middleware ever be missing.
    path("cms/login/", login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True)), name="cms_login"),
    path("cms/", include(decorate_urlpatterns(wagtailadmin_urls.urlpatterns, otp_required))),
    path("accounts/", include("portal.accounts.urls")),
    path("workspace/people/", include("providers.organisations.urls")),
    path("", include("survivors.leave.urls")),
    path("workspace/", include("portal.workspace.urls")),
    path("workspace/", include("portal.audit.urls")),
    path("workspace/services/", include("providers.services.urls")),
    path("workspace/transitions/", include("providers.transitions.urls")),
    path("workspace/transitions/", include("providers.transitions.consent_urls")),
    path("workspace/actions/", include("standards.actions.urls")),
    path("workspace/assessments/", include("standards.assessments.urls")),
    path("workspace/evidence/", include("standards.evidence.urls")),
    path("workspace/inspections/", include("standards.inspections.urls")),
    path("workspace/standards/", include("standards.catalogue.urls")),
    path("workspace/benchmarks/", include("standards.benchmarks.urls")),
    path("workspace/reports/", include("standards.reports.urls")),
    *([path("gallery/", include("portal.design.urls"))] if settings.DEMO or settings.TESTING else []),
    *i18n_patterns(
        path("", include("survivors.guide.urls")),
        path("", include("survivors.entitlements.urls")),
        path("", include("survivors.carry.urls")),
        path("", include("survivors.directory.urls")),
        path("", include("standards.catalogue.public_urls")),
        path("", include("standards.reports.public_urls")),
        re_path(r"^((?:[\w-]+/)*)$", serve, name="wagtail_serve"),
        prefix_default_language=True,
    ),
]

handler400 = "portal.workspace.errors.bad_request"
handler403 = "portal.workspace.errors.forbidden"
handler404 = "portal.workspace.errors.not_found"
handler500 = "portal.workspace.errors.failed"
