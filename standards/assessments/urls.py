"""Addresses of self-assessments, under /workspace/assessments/."""

from django.urls import path

from standards.assessments.views import actions, answering, beginning, evidence, exports, lists, imports

app_name = "assessments"
urlpatterns = [
    path("", lists.index, name="index"),
    path("begin/", beginning.begin, name="begin"),
    path("<uuid:pk>/", lists.overview, name="overview"),
    path("<uuid:pk>/all/", answering.all_answers, name="all_answers"),
    path("<uuid:pk>/chapters/<slug:code>/", answering.chapter, name="chapter"),
    path("answers/<uuid:pk>/", answering.answer, name="answer"),
    path("answers/<uuid:pk>/history/", answering.history, name="history"),
    path("answers/<uuid:pk>/evidence/", evidence.evidence_for, name="evidence_for"),
    path("<uuid:pk>/evidence/<uuid:evidence_pk>/", evidence.evidence_under, name="evidence_under"),
    path("<uuid:pk>/coverage/", evidence.coverage, name="coverage"),
    path("answers/<uuid:pk>/plan/", actions.plan_action, name="plan_action"),
    path("answers/<uuid:pk>/reason/", actions.give_reason, name="give_reason"),
    path("<uuid:pk>/critical-gaps/", actions.critical_gaps, name="critical_gaps"),
    path("<uuid:pk>/exports/", exports.exports, name="exports"),
    path("<uuid:pk>/exports/now/<slug:kind>/", exports.download, name="download"),
    path("<uuid:pk>/exports/order/<slug:kind>/", exports.order, name="order"),
    path("<uuid:pk>/exports/bring/", imports.bring, name="bring"),
    path("<uuid:pk>/exports/bring/apply/", imports.apply, name="apply"),
    path("<uuid:pk>/exports/<uuid:export>/", exports.waiting, name="waiting"),
    path("<uuid:pk>/exports/<uuid:export>/file/", exports.collect, name="collect"),
]
