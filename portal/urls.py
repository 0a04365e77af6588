"""Every address of the portal. Rooms are named by string, so that the building imports none of them."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.views import serve

from portal.cms.views import languages

urlpatterns = [
    path("", languages, name="languages"),
    path("cms/", include(wagtailadmin_urls)),
    path("", include("survivors.leave.urls")),
    path("workspace/", include("portal.workspace.urls")),
    path("workspace/services/", include("providers.services.urls")),
    path("workspace/actions/", include("standards.actions.urls")),
    path("workspace/evidence/", include("standards.evidence.urls")),
    path("workspace/benchmarks/", include("standards.benchmarks.urls")),
    *([path("gallery/", include("portal.design.urls"))] if settings.DEMO or settings.TESTING else []),
    *i18n_patterns(
        path("", include("survivors.guide.urls")),
        path("", include("survivors.entitlements.urls")),
        path("", include("survivors.carry.urls")),
        re_path(r"^((?:[\w-]+/)*)$", serve, name="wagtail_serve"),
        prefix_default_language=True,
    ),
]

handler400 = "portal.workspace.errors.bad_request"
handler403 = "portal.workspace.errors.forbidden"
handler404 = "portal.workspace.errors.not_found"
handler500 = "portal.workspace.errors.failed"
