"""Public addresses of reports, below the language."""

from django.urls import path

from standards.reports.views import public

app_name = "inspection_reports"
urlpatterns = [
    path("inspections/", public.index, name="index"),
    path("inspections/is-it-current/<slug:code>/", public.verify, name="verify"),
    path("inspections/<slug:slug>/", public.summary, name="summary"),
]
