"""Public addresses of reports, below the language."""

from django.urls import path

from standards.reports.views import national, public

app_name = "inspection_reports"
urlpatterns = [
    path("inspections/", public.index, name="index"),
    path("inspections/is-it-current/<slug:code>/", public.verify, name="verify"),
    path("inspections/national/<int:year>/", national.page, name="national"),
    path("inspections/national/<int:year>/figures.csv", national.table, name="national_table"),
    path("inspections/national/<int:year>/figures.json", national.data, name="national_data"),
    path("inspections/<slug:slug>/", public.summary, name="summary"),
]
