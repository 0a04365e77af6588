"""What the demo's providers did in two years. All of it is made up; nobody in it exists."""

from dataclasses import dataclass
from typing import NamedTuple

from standards.actions.models import Action
from standards.assessments.models import Assessment
from standards.evidence.models import Evidence

DRAFT, IN_REVIEW, APPROVED = Assessment.Status.DRAFT, Assessment.Status.IN_REVIEW, Assessment.Status.APPROVED
SHARED, PRIVATE, ARCHIVED = Assessment.Status.SHARED, Assessment.Status.KEPT_PRIVATE, Assessment.Status.ARCHIVED
SCS, FIRST_RESPONSE = "scs-2018", "first-response-2026"


class Round(NamedTuple):
    """One self-assessment: how many months ago it was sent (or begun, for a draft), its state now, how good the service was.

    ``level``: 0 (much is missing) to 0.5 (nearly everything is there). ``share`` of the questions is answered.
    """

    months: int
    status: str
    level: float
    share: float = 1.0


@dataclass(frozen=True)
class Story:
    """The assessments of one service, oldest first, by people of its organisation (their addresses)."""

    service: str
    author: str
    approver: str
    rounds: tuple[Round, ...]
    edition: str = SCS


STORIES = (
    Story("Lantern", "assessor@harbour.example", "manager@harbour.example",
          (Round(23, ARCHIVED, 0.12), Round(11, SHARED, 0.24), Round(0, DRAFT, 0.32, 0.62))),
    Story("Anchor", "assessor@harbour.example", "manager@harbour.example", (Round(20, ARCHIVED, 0.18), Round(8, SHARED, 0.30))),
    Story("Harbour Outreach North", "assessor@harbour.example", "manager@harbour.example",
          (Round(22, ARCHIVED, 0.10), Round(10, PRIVATE, 0.22), Round(0, IN_REVIEW, 0.34))),
    Story("Kestrel", "assessor@rowan.example", "manager@rowan.example", (Round(18, ARCHIVED, 0.20), Round(6, SHARED, 0.28))),
    Story("Rowan Flats", "assessor@rowan.example", "manager@rowan.example", (Round(14, APPROVED, 0.16), Round(0, DRAFT, 0.20, 0.2))),
    Story("Cairn Outreach Scotland", "assessor@cairn.example", "manager@cairn.example",
          (Round(21, ARCHIVED, 0.22), Round(9, SHARED, 0.36))),
    Story("Cairn First Response", "assessor@cairn.example", "manager@cairn.example", (Round(5, SHARED, 0.26),), FIRST_RESPONSE),
)  # fmt: skip

COMMENTS: dict[str, tuple[str, ...]] = {
    "fully_met": (
        "In place, and looked at in each monthly walk-round. In the house meeting people said that they know about it.",
        "Everybody who arrives gets this on the first day, in their own language, and we write down that they did.",
        "Part of induction and of every supervision. The sample of ten files in spring showed it in all ten.",
        "We do this each time. A manager checks one in five.",
    ),
    "mostly_met": (
        "In place during the day. At weekends it depends on who is on duty; the rota changes in the new year.",
        "Done for all but two people this quarter; both had only just come.",
        "The procedure is followed. What is missing is a written note each time.",
        "New staff know it; two who have been here longest have still to be trained.",
    ),
    "partly_met": (
        "There is a procedure, but new staff have not been trained in it yet.",
        "It happens when somebody asks. We want to offer it to everybody.",
        "Begun this year; about half of the files show it.",
        "Works in one language only. Interpreters have been asked for.",
    ),
    "not_met": (
        "Not in place. We know, and it is in the plan.",
        "We used to do this. Since a colleague left, nobody has taken it over.",
        "We have talked about it and not yet begun.",
    ),
    "not_applicable": (
        "The other service of our organisation does this for us, under a written agreement.",
        "This service was not asked to do this in the year that is looked at.",
    ),
}
CONFIDENCE = {
    "fully_met": ("document", "observed", "document"),
    "mostly_met": ("document", "described"),
    "partly_met": ("described", "document"),
    "not_met": ("none", "described"),
    "not_applicable": ("described",),
}
ACTIONS = (
    "Train the whole team in this, night and weekend staff included",
    "Write the procedure down and go through it in the team meeting",
    "Ask in the next house meeting what would help, and report back",
    "Name one person who is responsible, and a second for when they are away",
    "Look at ten files in three months and count how many show it",
    "Arrange interpreters for the three languages asked for most",
)
DONE = "Done and gone through in the team meeting; the note is in the shared folder."
LATER = "Our landlord mends this in spring; until then a second worker is on duty at night."
REMARKS = (
    "Please say how you know. “We do this” is not enough for somebody who was not there.",
    "Is this still so since the move? I think the answer is older than the house.",
)


class Item(NamedTuple):
    """An item of evidence: kind, title, what it shows, where it is kept, months since the end of its period, months until its review."""

    kind: str
    title: str
    shows: str
    reference: str
    ended: int
    review: int


KINDS = Evidence.Kind
EVIDENCE = (
    Item(KINDS.POLICY, "Welcome and first-day procedure", "What every new arrival is told and given on the first day.",
         "Shared folder, Procedures, 2.1", 2, 10),
    Item(KINDS.POLICY, "Safeguarding policy", "How concerns are raised, who decides, and within what time.",
         "Shared folder, Policies, 1", 15, -1),
    Item(KINDS.AUDIT, "Sample of ten support plans", "Nine of ten were reviewed in the last four weeks; all ten were signed.",
         "Quality folder, spring sample", 5, 4),
    Item(KINDS.AUDIT, "Fire and safety check", "All detectors were tested; two doors were mended the same week.",
         "House file, section 4", 1, 5),
    Item(KINDS.PRACTICE, "Interpreter bookings", "Bookings by language and how many were kept.", "Booking system, yearly report", 1, 11),
    Item(KINDS.PRACTICE, "Training record", "Who was trained in what, and when it runs out.", "Personnel folder, overview", 1, 1),
    Item(KINDS.SURVIVOR_VOICE, "Themes of the house meetings", "What people asked for and what came of it, without names.",
         "Quality folder, meetings", 3, 6),
    Item(KINDS.STAFF_VOICE, "Team survey", "Nineteen of twenty-two answered; supervision got the best marks, rotas the worst.",
         "Quality folder, survey", 7, 5),
    Item(KINDS.OBSERVATION, "Visit of a trustee", "What was seen on an unannounced evening visit.", "Board papers, autumn", 2, 9),
)  # fmt: skip
PRIORITY = {True: Action.Priority.CRITICAL, False: Action.Priority.NORMAL}
