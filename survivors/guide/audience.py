"""Whom a text is for: how far along the path, where in the UK, how old. Pure data, in the terms of the rules."""

from django.utils.translation import gettext_lazy as _

ANY = "any"
STAGES = (
    (ANY, _("Any time")),
    ("not_referred", _("Not referred yet")),
    ("declined_nrm", _("Said no to referral")),
    ("withdrawn", _("Left the process")),
    ("referred_waiting_rg", _("Waiting for the first decision")),
    ("rg_positive", _("First decision: yes")),
    ("rg_negative", _("First decision: no")),
    ("cg_positive", _("Final decision: yes")),
    ("cg_negative", _("Final decision: no")),
    ("disqualified", _("Told “disqualified”")),
    ("exited", _("Support has ended")),
)
AGES = (("adult", _("Adults")), ("child", _("Children and young people")))
STEPS = (
    ("found", _("Found")),
    ("referral", _("Referral")),
    ("first-decision", _("First decision")),
    ("recovery", _("Recovery")),
    ("final-decision", _("Final decision")),
    ("moving-on", _("Moving on")),
)
