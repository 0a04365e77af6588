"""``manage.py make_administrator``: the first person of a new portal, or a way back in when no administrator can."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from providers.organisations.joining import admit
from providers.organisations.models import Organisation


class Command(BaseCommand):
    """Gives the role and prints a link to choose a password. Everybody else is invited in the portal."""

    help = "Make somebody an administrator and print a link with which they choose a password. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """The address, and what the office is called if there is none yet."""
        parser.add_argument("email")
        parser.add_argument("--office", default="Waymark office", help="name of the office organisation, if it has to be made")

    def handle(self, *args: Any, email: str, office: str, **options: Any) -> None:
        """All or nothing. The second factor is set up at the first sign-in."""
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as problem:
            raise CommandError(f"{email} is not an e-mail address.") from problem
        with transaction.atomic():
            user = User.objects.filter(email=email).first() or User.objects.create_user(email)
            if not user.is_active:
                raise CommandError(f"{email} has been closed. Open the account first, or choose another address.")
            EmailAddress.objects.update_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
            found = Organisation.objects.filter(kind=Kind.OFFICE, status=Organisation.Status.ACTIVE).order_by("name").first()
            admit(user, found or Organisation.objects.create(kind=Kind.OFFICE, name=office), Role.ADMINISTRATOR, by=None)
        address = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), default_token_generator.make_token(user)])
        self.stdout.write(f"{email} is an administrator. With this link, good once and for half an hour, they choose a password:")
        self.stdout.write(f"{settings.SITE_ADDRESS}{address}")
