"""The four nations of the UK, as the rules on support distinguish them. Pure data."""

from django.utils.translation import gettext_lazy as _

UK = "uk"
NATIONS = (
    ("england", _("England")),
    ("wales", _("Wales")),
    ("scotland", _("Scotland")),
    ("northern_ireland", _("Northern Ireland")),
)
WHERE = ((UK, _("All of the UK")), *NATIONS)
