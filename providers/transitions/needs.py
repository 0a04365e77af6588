"""What a record holds about somebody: coded answers, item by item. Lists, not stories; the few texts there are say why they are there.

Each item is one form and one sealed section. Nothing here asks for a name, an NRM number, a date of birth, a nationality or what
happened.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.languages import FIRST_RELEASE
from providers.transitions.codes import Item

YES_NO = (("no", _("No")), ("yes", _("Yes")))
LANGUAGES = (*((language.code, language.native) for language in FIRST_RELEASE), ("other", _("Another language")))


@dataclass(frozen=True)
class Question:
    """One field of an item. ``looks_for_places``: a text that may hold no place, number or address."""

    key: str
    label: Any
    choices: tuple[tuple[str, Any], ...] = ()
    many: bool = False
    help: Any = ""
    looks_for_places: bool = True
    is_time: bool = False

    @property
    def kind(self) -> str:
        """``yes_no`` (sealed as true or false), ``many``, ``one``, ``time`` or ``text``."""
        if self.choices is YES_NO:
            return "yes_no"
        return "many" if self.many else "one" if self.choices else "time" if self.is_time else "text"


HEALTH = (
    ("medicine", _("Takes medicine every day")), ("mobility", _("Moving around is hard")), ("sight_hearing", _("Sight, hearing")),
    ("pregnant", _("Expecting a child")), ("mental_health", _("Mental health support")),
    ("sleep", _("Sleep")),
    ("addiction", _("Help with alcohol or drugs")), ("long_term", _("A long-term illness")),
    ("learning", _("Needs things explained simply")),
)  # fmt: skip
SAFETY = (
    ("unsafe_area", _("Some areas are not safe")), ("single_sex", _("Women only, or men only")), ("no_sharing", _("A room of one's own")),
    ("no_post", _("No letters with a sender's name")), ("community_risk", _("People from the same community can be a risk")),
    ("online_risk", _("Can be found through a phone or online")), ("self_harm", _("Has wanted to hurt herself or himself")),
)  # fmt: skip
HOUSING = (
    ("step_free", _("Step-free")), ("ground_floor", _("Ground floor")), ("cooking", _("A kitchen to cook in")),
    ("near_school", _("Near the children's school")), ("near_clinic", _("Near a clinic")), ("quiet", _("A quiet place")),
)  # fmt: skip
MONEY = (
    ("bank", _("No bank account")), ("papers", _("Papers are missing")), ("evisa", _("eVisa not set up")),
    ("benefits", _("Benefits not claimed")), ("debts", _("Debts in her or his name")), ("work", _("Wants to work")),
    ("first_weeks", _("No money for the first weeks")),
)  # fmt: skip
LEGAL = (
    ("asylum", _("Asylum")), ("leave", _("Permission to stay")), ("criminal", _("A criminal case")), ("compensation", _("Compensation")),
    ("family", _("Family")), ("employment", _("Unpaid wages")), ("challenge", _("Challenging a decision")),
)  # fmt: skip
WISHES = (
    ("english", _("Learn English")), ("work", _("Find work")), ("study", _("Study")), ("friends", _("Meet people")),
    ("faith", _("A place to pray")), ("family", _("Be with family")), ("rest", _("Rest and quiet")), ("justice", _("See justice done")),
)  # fmt: skip
CHANNELS = (
    ("call", _("Call")), ("text", _("Text message")), ("messenger", _("Messenger")), ("email", _("E-mail")), ("letter", _("Letter")),
    ("worker", _("Through a worker only")), ("meeting", _("In person")),
)  # fmt: skip
DAYS = (("0", _("Monday")), ("1", _("Tuesday")), ("2", _("Wednesday")), ("3", _("Thursday")), ("4", _("Friday")), ("5", _("Saturday")),
        ("6", _("Sunday")))  # fmt: skip
COUNTS = tuple((str(number), str(number)) for number in range(7))

QUESTIONS: dict[str, tuple[Question, ...]] = {
    Item.CONTACT: (
        Question("channels", _("Agreed ways"), CHANNELS, many=True),
        Question("details", _("Number or address for that way"), looks_for_places=False,
                 help=_("Only what is needed to reach her or him in the agreed way. The named worker alone sees it.")),
        Question("days", _("Safe days"), DAYS, many=True),
        Question("from", _("Not before"), is_time=True),
        Question("to", _("Not after"), is_time=True),
        Question("voicemail", _("May a message be left"), YES_NO),
        Question("letters", _("May letters be sent"), YES_NO),
        Question("code_word", _("Code word"), help=_("Said first, so that each knows who is speaking."), looks_for_places=False),
    ),
    Item.LANGUAGE: (
        Question("language", _("Language"), LANGUAGES),
        Question("interpreter", _("Interpreter"), (("no", _("Not needed")), ("any", _("Needed")), ("woman", _("Needed, a woman")),
                                                   ("man", _("Needed, a man")))),
        Question("reads", _("Reads this language"), YES_NO),
    ),
    Item.DEPENDANTS: (
        Question("children", _("Children who come along"), COUNTS),
        Question("adults", _("Adults who come along"), COUNTS),
        Question("school", _("Children of school age"), YES_NO),
        Question("newborn", _("A baby under one year"), YES_NO),
    ),
    Item.HEALTH: (Question("needs", _("Health needs in broad terms"), HEALTH, many=True),),
    Item.SAFETY: (Question("needs", _("Safety needs in broad terms"), SAFETY, many=True),),
    Item.HOUSING: (Question("needs", _("Housing needs"), HOUSING, many=True),),
    Item.MONEY: (Question("needs", _("Money and papers"), MONEY, many=True),),
    Item.LEGAL: (
        Question("matters", _("Open matters"), LEGAL, many=True),
        Question("lawyer", _("Lawyer or adviser: firm and how to reach them"), looks_for_places=False,
                 help=_("The adviser's business details. Nothing about the case.")),
    ),
    Item.WISHES: (
        Question("wishes", _("Wishes and goals"), WISHES, many=True),
        Question("words", _("In her or his own words"),
                 help=_("One or two sentences, only if she or he wants. No names, no places, nothing of what happened.")),
    ),
}  # fmt: skip
EDITED = tuple(QUESTIONS)  # the say-it-once card has pages of its own


def words_of(item: str, value: dict[str, Any]) -> list[tuple[Any, str]]:
    """Label and answer of every question that was answered, as people read them."""
    shown = []
    for question in QUESTIONS.get(item, ()):
        given = value.get(question.key)
        if given is None or given in ("", []):
            continue
        labels = dict(question.choices)
        codes = given if isinstance(given, list) else [{True: "yes", False: "no"}[given] if isinstance(given, bool) else given]
        shown.append((question.label, ", ".join(str(labels.get(str(code), code)) for code in codes)))
    return shown
