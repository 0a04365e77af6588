"""Addresses of inspection reports, under /workspace/reports/."""

from django.urls import path

from standards.reports.views import deciding, exports, facts, following, lists, renditions, steps, writing

app_name = "reports"
urlpatterns = [
    path("", lists.index, name="index"),
    path("begin/<uuid:inspection>/", lists.begin, name="begin"),
    path("<uuid:pk>/", lists.show, name="show"),
    path("<uuid:pk>/history/", lists.history, name="history"),
    path("<uuid:pk>/correct/", lists.correct, name="correct"),
    path("<uuid:pk>/check/", writing.check, name="check"),
    path("<uuid:pk>/gather/", writing.gather, name="gather"),
    path("<uuid:pk>/add/", writing.add, name="add"),
    path("<uuid:pk>/items/add/", writing.add_item, name="add_item"),
    path("<uuid:pk>/steps/<slug:name>/", steps.step, name="step"),
    path("statements/<uuid:pk>/", writing.statement, name="statement"),
    path("statements/<uuid:pk>/remove/", writing.remove, name="remove"),
    path("statements/<uuid:pk>/summary/", writing.summary, name="summary"),
    path("statements/<uuid:pk>/open-again/", deciding.open_again, name="open_again"),
    path("<uuid:pk>/facts/", facts.facts, name="facts"),
    path("<uuid:pk>/facts/received/", facts.received, name="received"),
    path("<uuid:pk>/facts/<uuid:statement>/", facts.answer, name="answer"),
    path("<uuid:pk>/facts/<uuid:statement>/send/", facts.send_one, name="send_one"),
    path("<uuid:pk>/facts/<uuid:statement>/file/", facts.add_file, name="add_file"),
    path("<uuid:pk>/files/<uuid:file>/", facts.download, name="download"),
    path("<uuid:pk>/which-person/", facts.key, name="key"),
    path("<uuid:pk>/decisions/", deciding.decisions, name="decisions"),
    path("replies/<uuid:pk>/", deciding.decide, name="decide"),
    path("<uuid:pk>/items/", following.items, name="items"),
    path("items/<uuid:pk>/edit/", writing.edit_item, name="edit_item"),
    path("items/<uuid:pk>/answer/", following.respond, name="respond"),
    path("items/<uuid:pk>/agree/", following.agree, name="agree"),
    path("items/<uuid:pk>/return/", following.send_back, name="send_back"),
    path("items/<uuid:pk>/follow-up/", following.follow_up, name="follow_up"),
    path("<uuid:pk>/summaries/", renditions.overview, name="renditions"),
    path("<uuid:pk>/summaries/<slug:kind>/prepare/", renditions.prepare, name="prepare"),
    path("summaries/<uuid:pk>/", renditions.check, name="rendition_check"),
    path("summaries/<uuid:pk>/harm/<slug:question>/", renditions.harm, name="harm"),
    path("summaries/<uuid:pk>/approve/", renditions.approve, name="approve"),
    path("summaries/<uuid:pk>/withdraw/", renditions.withdraw, name="withdraw"),
    path("hits/<uuid:pk>/", renditions.resolve, name="resolve"),
    path("issued/<uuid:pk>/", renditions.issued, name="issued"),
    path("issued/<uuid:pk>/order/<slug:kind>/", exports.order, name="order"),
    path("issued/<uuid:pk>/files/<uuid:export>/", exports.waiting, name="waiting"),
    path("issued/<uuid:pk>/files/<uuid:export>/file/", exports.collect, name="collect"),
]
