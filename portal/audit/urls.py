"""Addresses of notices and of the work in the background."""

from django.urls import path

from portal.audit import views

app_name = "audit"
urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read-all/", views.read_all, name="read_all"),
    path("notices/choose/", views.choose, name="choose"),
    path("notices/<uuid:pk>/", views.open_notice, name="open_notice"),
    path("work/", views.work, name="work"),
    path("work/<uuid:pk>/retry/", views.retry, name="retry"),
]
