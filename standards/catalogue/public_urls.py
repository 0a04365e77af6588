"""The catalogue's one public address, below the language."""

from django.urls import path

from standards.catalogue import views

app_name = "promises"
urlpatterns = [path("what-you-can-expect/", views.expect, name="expect")]
