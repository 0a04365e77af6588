"""Addresses of the catalogue for who signs in, under /workspace/standards/. Codes, not ids: they are printed on paper and cited."""

from django.urls import path

from standards.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:code>/", views.edition, name="edition"),
    path("<slug:code>/print/", views.printed, name="printed"),
    path("<slug:code>/<slug:standard>/", views.standard, name="standard"),
]
