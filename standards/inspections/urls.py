"""Addresses of inspections, under /workspace/inspections/."""

from django.urls import path

from standards.inspections.views import judging, ours, planning, sampling, team, visit

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
    path("<uuid:pk>/visit/", visit.visit, name="visit"),
    path("<uuid:pk>/visit/add/", visit.add_activity, name="add_activity"),
    path("<uuid:pk>/visit/<uuid:activity>/", visit.change_activity, name="change_activity"),
    path("<uuid:pk>/findings/", visit.findings, name="findings"),
    path("<uuid:pk>/findings/add/", visit.add_finding, name="add_finding"),
    path("<uuid:pk>/findings/<uuid:finding>/", visit.finding, name="finding"),
    path("<uuid:pk>/findings/<uuid:finding>/change/", visit.change_finding, name="change_finding"),
    path("<uuid:pk>/findings/<uuid:finding>/history/", visit.finding_history, name="finding_history"),
    path("<uuid:pk>/findings/<uuid:finding>/photo/", visit.add_photo, name="add_photo"),
    path("<uuid:pk>/findings/<uuid:finding>/step/<slug:name>/", visit.take_finding, name="take_finding"),
    path("<uuid:pk>/alerts/<uuid:alert>/seen/", visit.alert_seen, name="alert_seen"),
    path("<uuid:pk>/photos/<uuid:photo>/", visit.photo, name="photo"),
    path("<uuid:pk>/populations/", sampling.freeze, name="freeze"),
    path("<uuid:pk>/populations/<uuid:population>/draw/", sampling.draw, name="draw"),
    path("<uuid:pk>/samples/<uuid:sample>/", sampling.sample, name="sample"),
    path("<uuid:pk>/judgements/", judging.judgements, name="judgements"),
    path("<uuid:pk>/judgements/<slug:code>/", judging.judge, name="judge"),
    path("<uuid:pk>/key-questions/<slug:code>/", judging.narrate, name="narrate"),
    path("<uuid:pk>/review/", judging.review, name="review"),
    path("<uuid:pk>/review/approve/", judging.approve, name="approve"),
    path("<uuid:pk>/review/remarks/<uuid:remark>/settle/", judging.settle, name="settle"),
    path("<uuid:pk>/second-views/", judging.blind, name="blind"),
    path("<uuid:pk>/second-views/<uuid:view>/", judging.second_view, name="second_view"),
    path("ours/", ours.ours, name="ours"),
    path("ours/<uuid:pk>/", ours.announced, name="announced"),
    path("ours/<uuid:pk>/alerts/<uuid:alert>/seen/", ours.provider_seen, name="provider_seen"),
]
