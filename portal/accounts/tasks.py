"""Mails of the accounts. They name nobody and hold nothing but a link."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.invitations import link_of
from portal.accounts.models import Invitation, User
from portal.audit.outbox import job


@job("accounts.send_invitation", lease=60)
def send_invitation(invitation: str) -> None:
    """The link, unless the invitation is spent meanwhile."""
    row = Invitation.objects.open().filter(pk=invitation).first()
    if row is None:
        return
    body = _(
        "Somebody has invited you to Waymark. To come in, open this link:\n\n%(link)s\n\n"
        "It works once, for seven days. If you do not know what this is about, do nothing."
    ) % {"link": link_of(row)}
    send_mail(_("An invitation to Waymark"), body, None, [row.email])


@job("accounts.send_reset", lease=60)
def send_reset(user: str) -> None:
    """A link to choose a new password, good for half an hour from now."""
    row = User.objects.filter(pk=user, is_active=True).first()
    if row is None:
        return
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(row), "key": default_token_generator.make_token(row)}
    )
    body = _(
        "Somebody asked for a new Waymark password for this address. If it was you, open this link:\n\n%(link)s\n\n"
        "It works once, for 30 minutes. You will still need your second factor. If it was not you, do nothing."
    ) % {"link": settings.SITE_ADDRESS + path}
    send_mail(_("A new password for Waymark"), body, None, [row.email])
