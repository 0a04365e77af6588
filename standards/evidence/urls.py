"""Addresses of the evidence room, under /workspace/evidence/."""

from django.urls import path

from standards.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.index, name="index"),
    path("add/", views.add, name="add"),
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/new-version/", views.add_file, name="add_file"),
    path("<uuid:pk>/put-aside/", views.retire, name="retire"),
    path("<uuid:pk>/take-back/", views.restore, name="restore"),
    path("<uuid:pk>/files/<uuid:file_pk>/", views.download, name="download"),
]
