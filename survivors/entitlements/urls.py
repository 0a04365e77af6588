"""Addresses of the finder."""

from django.urls import path

from survivors.entitlements import views

app_name = "entitlements"
urlpatterns = [
    path("rights-finder/", views.finder, name="finder"),
    path("rights-finder/rules.json", views.rules, name="rules"),
    path("rights-finder/english.json", views.twins, name="english"),
]
