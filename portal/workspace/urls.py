"""Addresses of the workspace itself; the rooms bring their own."""

from django.urls import path

from portal.workspace import views

app_name = "workspace"
urlpatterns = [
    path("", views.start, name="start"),
    path("tasks/", views.tasks, name="tasks"),
    path("language/", views.language, name="language"),
]
