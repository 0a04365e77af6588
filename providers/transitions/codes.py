"""Fixed codes of the field, from the domain research on entitlements, part 7. Counts are made of these; no text is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Destination(models.TextChoices):
    """Where people go (7.1)."""

    ASYLUM_S95 = "asylum_support_s95", _("Asylum support (section 95)")
    ASYLUM_S98 = "asylum_support_s98", _("Emergency asylum support (section 98)")
    ASYLUM_S4 = "asylum_support_s4", _("Asylum support after refusal (section 4)")
    BAIL_SCHEDULE_10 = "immigration_bail_schedule_10", _("Immigration bail accommodation (schedule 10)")
    COUNCIL_TEMPORARY = "council_temporary", _("Temporary home from a council")
    COUNCIL_SOCIAL = "council_social_housing", _("Council or social housing")
    PRIVATE_RENTED = "private_rented", _("Private rented home")
    SUPPORTED = "supported_housing", _("Supported housing")
    CHARITY = "charity_or_hosting", _("Charity accommodation or hosting")
    FAMILY = "family_or_friends", _("Family or friends")
    REFUGE = "refuge_domestic_abuse", _("Refuge from domestic abuse")
    ADULT_SOCIAL_CARE = "adult_social_care", _("Adult social care")
    NHS = "nhs_inpatient", _("Hospital")
    CHILD_TO_ADULT = "child_to_adult", _("From children's to adults' support")
    ANOTHER_CONTRACT = "another_specialist_contract", _("Another specialist service")
    LONGER_TERM = "longer_term_programme", _("Longer-term programme")
    RETURN = "voluntary_return", _("Voluntary return")
    DETENTION = "detention_or_custody", _("Detention or custody")
    LOST = "unknown_lost_contact", _("Not known: contact lost")
    DIED = "died", _("Died")
    NOT_SAID = "prefer_not_to_say", _("Prefers not to say")


ASYLUM = frozenset({"asylum_support_s95", "asylum_support_s98", "asylum_support_s4", "immigration_bail_schedule_10"})

HOMELESS = ASYLUM | {"council_temporary", "unknown_lost_contact", "prefer_not_to_say", ""}  # no home of her own to go to


class Trigger(models.TextChoices):
    """Why support changes now."""

    CG_POSITIVE = "cg_positive", _("Positive final decision")
    CG_NEGATIVE = "cg_negative", _("Negative final decision")
    RG_NEGATIVE = "rg_negative", _("Negative first decision")
    DISQUALIFIED = "disqualified", _("Disqualification")
    ASYLUM_GRANTED = "asylum_granted", _("Asylum granted")
    ASYLUM_REFUSED = "asylum_refused", _("Asylum refused")
    TURNING_18 = "turning_18", _("Turning 18")
    OWN_WISH = "own_wish", _("Her or his own wish")
    SERVICE_ENDS = "service_ends", _("The service ends")


class DeclineReason(models.TextChoices):
    """Why a service says no. Each asks for a next step."""

    NO_SPACE = "no_space", _("No space")
    NOT_OUR_AREA = "not_our_area", _("Not our area")
    NEED_NOT_MET = "need_not_met", _("We cannot meet a need")
    RISK = "risk", _("A risk we cannot manage")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible here")
    NO_FUNDING = "no_funding", _("No funding")
    INFORMATION = "information", _("We need more information")
    OTHER = "other", _("Another reason")


class Basis(models.TextChoices):
    """On what ground information is kept or shared without agreement."""

    SAFEGUARDING = "safeguarding", _("Safeguarding: a real sign of serious harm")
    LEGAL_DUTY = "legal_duty", _("A duty in law")
    COURT = "court", _("An order of a court")
    CLAIM = "claim", _("A legal claim")


class Item(models.TextChoices):
    """What a hand-over may hold. Each is agreed to, left out or withdrawn by itself; each is one sealed section."""

    CONTACT = "contact", _("How to contact safely")
    LANGUAGE = "language", _("Language and interpreter")
    DEPENDANTS = "dependants", _("Children and others who come along")
    HEALTH = "health", _("Health needs in broad terms")
    SAFETY = "safety", _("Safety needs in broad terms")
    HOUSING = "housing", _("Housing needs")
    MONEY = "money", _("Money and papers")
    LEGAL = "legal", _("Lawyer and legal dates")
    CARD = "card", _("Say-it-once card")
    WISHES = "wishes", _("Wishes and goals")


class Purpose(models.TextChoices):
    """What something is shared for."""

    HAND_OVER = "hand_over", _("To move support to the next service")
    FOLLOW_UP = "follow_up", _("To ask how things go afterwards")
    HOUSING = "housing", _("To find a home")
    LEGAL = "legal", _("To get legal help")


class NextStep(models.TextChoices):
    """What a service that says no offers instead: a refusal never stands alone (C37)."""

    ANOTHER_OF_OURS = "another_of_ours", _("Another service of ours may help")
    ASK_LATER = "ask_later", _("Ask us again in two weeks")
    MORE_INFORMATION = "more_information", _("Send us more, and we look again")
    COUNCIL = "council", _("Ask the council")
    SPECIALIST = "specialist", _("A specialist service is needed")
    TALK = "talk", _("Call us: we look for a way together")


class CheckReason(models.TextChoices):
    """Why a point of the checklist is not needed or waived."""

    SHE_DECLINED = "she_declined", _("She does not want it")
    NO_NEED = "no_need", _("She does not need it")
    ELSEWHERE = "elsewhere", _("Somebody else does it")
    NOT_POSSIBLE = "not_possible", _("The other service could not")
    TOO_SHORT = "too_short", _("The time was too short")
    SAFETY = "safety", _("It would not have been safe")


class AmendReason(models.TextChoices):
    """Why something was changed after it was sent (C34)."""

    CORRECTED = "corrected", _("It was wrong")
    CHANGED = "changed", _("It has changed")
    ASKED = "asked", _("She asked for it")
    MORE_KNOWN = "more_known", _("We know more now")


class RiskTheme(models.TextChoices):
    """What the danger is about."""

    SAFETY = "safety", _("Safety")
    MONEY = "money", _("Money")
    HOUSING = "housing", _("Home")
    HEALTH = "health", _("Health")
