"""Addresses of agreements and of what follows from them, under /workspace/transitions/."""

from django.urls import path

from providers.transitions.views import consent, disclosures, follow_up, move_on

app_name = "consent"
urlpatterns = [
    path("taken-back/", disclosures.recalls, name="recalls"),
    path("taken-back/<uuid:recall_pk>/", disclosures.answer, name="answer"),
    path("<uuid:pk>/consent/", consent.show, name="show"),
    path("<uuid:pk>/consent/give/", consent.give, name="give"),
    path("<uuid:pk>/consent/take-back/", consent.withdraw, name="withdraw"),
    path("<uuid:pk>/consent/offers/<uuid:offer_pk>/", consent.read_package, name="package"),
    path("<uuid:pk>/consent/offers/<uuid:offer_pk>/choose/", consent.choose, name="choose"),
    path("<uuid:pk>/consent/without/", disclosures.disclose, name="disclose"),
    path("<uuid:pk>/consent/without/<uuid:disclosure_pk>/", disclosures.review, name="review"),
    path("<uuid:pk>/move-on/", move_on.plan, name="move_on"),
    path("<uuid:pk>/card/", move_on.card, name="card"),
    path("<uuid:pk>/follow-up/", follow_up.show, name="follow_up"),
    path("<uuid:pk>/follow-up/choose/", follow_up.choose, name="follow_up_choose"),
    path("<uuid:pk>/follow-up/<uuid:follow_up_pk>/", follow_up.said, name="follow_up_said"),
    path("<uuid:pk>/follow-up/<uuid:follow_up_pk>/try/", follow_up.attempt, name="follow_up_try"),
    path("<uuid:pk>/follow-up/<uuid:follow_up_pk>/answer/", follow_up.answer, name="follow_up_answer"),
    path("<uuid:pk>/looks/for-her/", follow_up.looked, name="looks"),
]
