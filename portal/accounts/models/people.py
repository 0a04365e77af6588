"""A person who signs in: the e-mail address is the name."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac


class UserManager(BaseUserManager["User"]):
    """Creates people. Addresses are kept in lower case: two that differ only in case are one person."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with this address. Without a password nobody can sign in as them. Raises ``ValueError`` without an address."""
        if not email:
            raise ValueError("a person needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """As ``create_user``, with every right. For ``manage.py createsuperuser``."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in does not care for the case of an address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # of devices, whose base has no types
    """A person with an account. Ids are random, so that no address counts or guesses people."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    first_name = models.CharField("first name", max_length=150, blank=True)
    last_name = models.CharField("last name", max_length=150, blank=True)
    is_staff = models.BooleanField("staff", default=False)
    is_active = models.BooleanField("active", default=True)
    date_joined = models.DateTimeField("joined", default=timezone.now, editable=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)  # one more, and every session begun before is dead

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        """First and last name, or nothing."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """The first name, or the address."""
        return self.first_name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What ties a session to this person: the password, as in Django, and the epoch, which "sign out everywhere" moves on."""
        what = f"{self.password}:{self.session_epoch}"
        return salted_hmac("portal.accounts.session", what, secret=secret, algorithm="sha256").hexdigest()
