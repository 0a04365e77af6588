"""Addresses of the anonymous comparison, under /workspace/benchmarks/."""

from django.urls import path

from standards.benchmarks import views

app_name = "benchmarks"
urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/<uuid:service>/", views.compare, name="compare"),
]
