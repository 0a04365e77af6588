"""People of organisations."""

from django.urls import path

from providers.organisations import views

app_name = "organisations"
urlpatterns = [
    path("", views.people, name="people"),
    path("new/", views.new_organisation, name="new_organisation"),
    path("<uuid:pk>/", views.people_of, name="people_of"),
    path("<uuid:pk>/invite/", views.invite, name="invite"),
    path("<uuid:pk>/invitations/<uuid:invitation>/resend/", views.resend, name="resend"),
    path("<uuid:pk>/invitations/<uuid:invitation>/revoke/", views.revoke, name="revoke"),
    path("<uuid:pk>/roles/<uuid:membership>/remove/", views.remove, name="remove"),
]
