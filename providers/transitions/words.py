"""What the keys of a pathway are called. A key that an administrator's own version adds is shown as its file calls it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

CLOCKS: dict[str, Any] = {
    "support_ends": _("Support ends"),
    "statutory_support": _("Support in law runs until"),
    "reconsideration_nrm": _("Asking for the NRM decision to be looked at again"),
    "reconsideration_vts": _("Asking for the decision about temporary permission to be looked at again"),
    "domestic_worker": _("Application as a domestic worker"),
    "injuries_claim": _("Claim for criminal injuries"),
    "plan_started": _("Planning has begun"),
    "rna_offered": _("Recovery Needs Assessment offered and answered"),
    "referral_sent": _("Offered to the next service"),
    "receiver_accepts": _("A named person has accepted"),
    "joint_meeting": _("Joint meeting with the next worker"),
    "leaves": _("She moves"),
    "arrival_confirmed": _("Arrival confirmed"),
    "risk_answered": _("Answer to the risk"),
    "found_again": _("Found again, or with the manager"),
    "manager_decides": _("The manager decides"),
    "re_entry_answered": _("Answer to her wish to come back"),
}
CHECKS: dict[str, Any] = {
    "safety_plan": _("We agreed a safety plan and a safe way to contact you"),
    "consent_recorded": _("You agreed what we share, with whom; you have a copy in your language"),
    "interpreter_booked": _("Interpreter arranged for the first meeting and first month"),
    "named_receiver": _("The new service gave a named person, phone and start date"),
    "joint_meeting": _("You met the new worker with your current worker"),
    "first_night": _("You know where you will sleep on the first night and it has been risk-checked"),
    "housing_papers": _("Homelessness or asylum support application made; reference number kept"),
    "move_date_ok": _("Notice and moving dates given in writing"),
    "money_gap": _("Money for the first 5 weeks: benefit advance, last payment date, travel"),
    "bank_id_evisa": _("Bank account, ID, eVisa account work; somebody showed you how"),
    "legal_deadlines": _("Lawyer named; dates for reconsideration, permission to stay, appeal, compensation written down"),
    "nrm_contact_updated": _("Home Office and police have your new safe contact details"),
    "gp_registered": _("Doctor at the new address; 28 days of medicine; hospital letters moved"),
    "mental_health": _("Counselling continues or a new referral has a date"),
    "pregnancy_children": _("School, health visitor, midwife, child social worker told"),
    "care_assessment": _("Social care assessment requested"),
    "work_learning": _("English class, college, work and rights to work explained"),
    "belongings_documents": _("Belongings, decision letters and copies are with you"),
    "how_to_come_back": _("You know how to ask for help again: Reach-In, re-entry, helpline"),
    "follow_up_agreed": _("You chose if, when and how we check in"),
    "asylum_unsafe_areas": _("Areas that are not safe for you were sent to whoever gives you the room"),
    "asylum_vulnerability": _("The Home Office was told that you need special care"),
    "asylum_outreach_stays": _("Your support worker stays with you as outreach"),
    "asylum_room_sharing": _("You do not share a room with anybody linked to the people who used you"),
    "age18_stays_in_nrm": _("You said yes or no to staying in the NRM now that you are 18"),
    "age18_leaving_care_plan": _("You have a plan for leaving care"),
    "age18_adult_support": _("You said yes or no to support for adults"),
}
BASES = {"official": _("Official rule"), "proposal": _("Proposed by this project; nobody is bound by it")}


def clock(key: str) -> str:
    """What a clock is called."""
    return str(CLOCKS.get(key, key.replace("_", " ").capitalize()))


def check(key: str) -> str:
    """What a point of the checklist says, to the person herself."""
    return str(CHECKS.get(key, key.replace("_", " ").capitalize()))
