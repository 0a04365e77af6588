"""Addresses under /accounts/. Those that allauth asks for by name have no namespace."""

from django.conf import settings
from django.urls import include, path

from portal.accounts import passkeys
from portal.accounts.views import account, demo, enrolment, entrance, invitations

own = [
    path("", account.account, name="account"),
    path("password/", account.change_password, name="change_password"),
    path("sessions/<uuid:handle>/end/", account.end_session, name="end_session"),
    path("sessions/end/", account.end_all_sessions, name="end_all_sessions"),
    path("alive/", entrance.alive, name="alive"),
    path("back/", entrance.back, name="back"),
    path("confirm/", entrance.confirm, name="confirm"),
    path("second-factor/", entrance.second_factor, name="second_factor"),
    path("enrol/", enrolment.enrol, name="enrol"),
    path("enrol/app/", enrolment.enrol_app, name="enrol_app"),
    path("devices/app/", enrolment.add_app, name="add_app"),
    path("devices/passkey/", enrolment.add_passkey, name="add_passkey"),
    path("devices/<str:handle>/remove/", enrolment.remove_device, name="remove_device"),
    path("recovery-codes/", enrolment.recovery_codes, name="recovery_codes"),
    path("recovery-codes/kept/", enrolment.codes_kept, name="codes_kept"),
    path("invitation/", invitations.invitation, name="invitation"),
    path("invitation/<str:token>/", invitations.invitation_link, name="invitation_link"),
    *([path("demo/", demo.demo, name="demo")] if settings.DEMO else []),
]
ceremonies = [
    path("registration/begin/", passkeys.BeginRegistration.as_view(), name="credential-registration-begin"),
    path("registration/complete/", passkeys.CompleteRegistration.as_view(), name="credential-registration-complete"),
    path("authentication/begin/", passkeys.BeginAuthentication.as_view(), name="credential-authentication-begin"),
    path("authentication/complete/", passkeys.CompleteAuthentication.as_view(), name="credential-authentication-complete"),
]
urlpatterns = [
    path("login/", entrance.sign_in, name="account_login"),
    path("logout/", entrance.sign_out, name="account_logout"),
    path("reset/", entrance.ask_for_reset, name="account_reset_password"),
    path("reset/asked/", entrance.reset_asked, name="account_reset_password_done"),
    path("reset/<str:uidb36>/<str:key>/", entrance.reset, name="account_reset_password_from_key"),
    path("reset/done/", entrance.reset_done, name="account_reset_password_from_key_done"),
    path("", include((own, "accounts"))),
    path("passkeys/", include((ceremonies, "otp_webauthn"))),
]
