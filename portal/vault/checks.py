"""Says at start-up what is missing: without root keys the portal serves the guide, and no record."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured

from portal.vault import keyring


@register(deploy=True)
def root_keys_are_set(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A public server without usable root keys is an error."""
    try:
        keyring.root_keys()
    except ImproperlyConfigured as wrong:
        return [Error(str(wrong), id="vault.E001", hint="See docs/operators.md, Keys.")]
    if any(settings.SECRET_KEY in entry for entry in settings.VAULT_ROOT_KEYS):
        return [Error("A root key must not contain SECRET_KEY.", id="vault.E002")]
    return []
