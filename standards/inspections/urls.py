"""Addresses of inspections, under /workspace/inspections/."""

from django.urls import path

from standards.inspections.views import planning, team

app_name = "inspections"
urlpatterns = [
    path("", planning.index, name="index"),
    path("order/", planning.order, name="order"),
    path("regimes/", planning.regimes, name="regimes"),
    path("plan/", planning.plan, name="plan"),
    path("<uuid:pk>/", planning.show, name="show"),
    path("<uuid:pk>/change/", planning.change, name="change"),
    path("<uuid:pk>/scope/", planning.scope, name="scope"),
    path("<uuid:pk>/history/", planning.history, name="history"),
    path("<uuid:pk>/step/<slug:name>/", planning.take, name="take"),
    path("<uuid:pk>/team/", team.team, name="team"),
    path("<uuid:pk>/team/<uuid:member>/", team.change_member, name="change_member"),
    path("<uuid:pk>/team/<uuid:member>/off/", team.take_off, name="take_off"),
    path("<uuid:pk>/team/<uuid:member>/decide/", team.decide, name="decide"),
    path("<uuid:pk>/declare/", team.declare, name="declare"),
]
