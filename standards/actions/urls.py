"""Addresses of the action plan, under /workspace/actions/."""

from django.urls import path

from standards.actions import views

app_name = "actions"
urlpatterns = [
    path("", views.index, name="index"),
    path("board/", views.board, name="board"),
    path("print/", views.printed, name="printed"),
    path("table.csv", views.table, name="table"),
    path("plan/", views.plan, name="plan"),
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("<uuid:pk>/history/", views.history, name="history"),
    path("<uuid:pk>/<slug:name>/", views.take, name="take"),
]
