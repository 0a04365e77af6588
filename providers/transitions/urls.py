"""Addresses of transitions, under /workspace/transitions/. What lies under a record is found through the record."""

from django.urls import path

from providers.transitions.views import board, counts, course, guest, offers, records

app_name = "transitions"
urlpatterns = [
    path("", records.index, name="index"),
    path("find/", records.find, name="find"),
    path("begin/", records.begin, name="begin"),
    path("gap/", board.board, name="gap"),
    path("counts/", counts.index, name="counts"),
    path("counts/<slug:name>/", counts.quarter, name="quarter"),
    path("counts/<slug:name>/figures.csv", counts.table, name="quarter_table"),
    path("counts/<slug:name>/figures.json", counts.data, name="quarter_data"),
    path("guest/", guest.show, name="guest"),
    path("guest/ask/", guest.ask, name="guest_ask"),
    path("guest/taken-back/<uuid:recall>/", guest.taken_back, name="guest_taken_back"),
    path("guest/leave/", guest.leave, name="guest_leave"),
    path("guest/answer/<slug:name>/", guest.answer, name="guest_answer"),
    path("guest/<uuid:pk>/again/", guest.again, name="guest_again"),
    path("guest/<uuid:pk>/<str:token>/", guest.door, name="guest_door"),
    path("<uuid:pk>/", records.show, name="show"),
    path("<uuid:pk>/change/", records.change, name="change"),
    path("<uuid:pk>/needs/keep-back/", records.keep_back, name="keep_back"),
    path("<uuid:pk>/needs/<slug:item>/", records.need, name="need"),
    path("<uuid:pk>/step/<slug:name>/", records.take, name="take"),
    path("<uuid:pk>/looks/", records.looks, name="looks"),
    path("<uuid:pk>/history/", records.history, name="history"),
    path("<uuid:pk>/checklist/", course.checklist, name="checklist"),
    path("<uuid:pk>/checklist/<slug:key>/", course.answer, name="check"),
    path("<uuid:pk>/dates/", course.calendar, name="dates"),
    path("<uuid:pk>/dates/add/", course.add, name="add_date"),
    path("<uuid:pk>/dates/<slug:kind>/letter/", course.letter, name="letter"),
    path("<uuid:pk>/dates/<slug:kind>/<slug:state>/", course.tick, name="tick"),
    path("<uuid:pk>/offers/send/", offers.send, name="send"),
    path("<uuid:pk>/offers/invite/", offers.invite, name="invite"),
    path("<uuid:pk>/offers/<uuid:offer>/withdraw/", offers.withdraw, name="withdraw"),
    path("<uuid:pk>/offers/<uuid:offer>/ask/", offers.ask, name="ask"),
    path("<uuid:pk>/offers/<uuid:offer>/questions/<uuid:question>/", offers.reply, name="reply"),
    path("<uuid:pk>/offers/<uuid:offer>/answer/<slug:name>/", offers.answer, name="answer"),
    path("<uuid:pk>/offers/<uuid:offer>/phone/<slug:name>/", offers.phone, name="phone"),
    path("<uuid:pk>/offers/<uuid:offer>/guest/renew/", offers.renew, name="renew"),
    path("<uuid:pk>/offers/<uuid:offer>/guest/revoke/", offers.revoke, name="revoke"),
]
