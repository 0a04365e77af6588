"""Addresses of services."""

from django.urls import path

from providers.services import views

app_name = "services"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.create, name="create"),
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/listing/", views.listing, name="listing"),
    path("<uuid:pk>/history/", views.history, name="history"),
    path("<uuid:pk>/contracts/new/", views.add_contract, name="add_contract"),
    path("<uuid:pk>/contracts/<uuid:contract>/", views.edit_contract, name="edit_contract"),
    path("<uuid:pk>/step/<slug:name>/", views.take_step, name="take_step"),
]
