"""The sentences that the scripts of the visit pack say, translated when the page is made. Whatever stands in braces is filled in there."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

TAKING: Mapping[str, Any] = {
    "short": _("Too short: at least 14 characters."),
    "simple": _("Too simple: use more different characters, or more words."),
    "fair": _("Good enough. One more word would make it much stronger."),
    "strong": _("Strong."),
    "differ": _("The two passphrases differ. Type them again."),
    "working": _("The pack is being made. This takes some seconds."),
    "offline": _("The portal cannot be reached now. Try again when you have network."),
    "signedOut": _("You are signed out. Sign in again in a new tab, then try again."),
    "refused": _("The pack cannot be taken: the inspection is closed for writing, or not open to you any more."),
    "failed": _("This device could not keep the pack. Is its storage full, or is this a private window? Use the paper form instead."),
    "waiting": _("On this device is a pack of this inspection in which something has not been sent yet. Open it and send that first."),
    "elsewhere": _("This pack is open in another tab. Lock it there first."),
    "done": _("The pack is on this device, encrypted."),
    "persistent": _("The browser promised to keep it until you remove it."),
    "evictable": _(
        "The browser did not promise to keep it. It may drop it if storage runs low: save the file as well, and do not clear data."
    ),
    "notAFile": _("This is no file of a visit pack, or it is damaged."),
    "otherFile": _("This file belongs to another inspection."),
}
READING: Mapping[str, Any] = {
    "unlocking": _("Opening. This takes a second or two."),
    "wrong": _("This is not the passphrase of this pack. Nothing was lost; try again as often as you like."),
    "locked": _("Locked. Everything that was saved is here, encrypted."),
    "idle": _("Locked, because nothing was done for ten minutes. Everything that was saved is here, encrypted."),
    "elsewhere": _("This pack is open in another tab. Lock it there first."),
    "waiting": _("Not yet sent: {number}"),
    "nothingWaits": _("Nothing waits to be sent."),
    "saving": _("Saving …"),
    "saved": _("Saved on this tablet, {time}"),
    "notKept": _("NOT saved: this device cannot store it. Write it on paper now, then save to a file."),
    "fileSaved": _("Saved to a file. It is encrypted with the same passphrase."),
    "removeAsk": _("Remove this entry from the tablet? It was not sent. This cannot be undone."),
    "removeAll": _("Remove the pack from this tablet? What was not sent is lost: {number}. This cannot be undone."),
    "removed": _("The pack was removed from this tablet."),
    "unfinished": _("Not finished: {fields}"),
    "ready": _("Ready to send"),
    "needsActivity": _("Waits for an activity that it names."),
    "isRefused": _("Not taken. Look at it again."),
    "isConflict": _("Changed on both sides. Choose which words stand."),
    "isNew": _("New"),
    "isChange": _("Change of {code}"),
    "finding": _("Finding"),
    "activity": _("Activity"),
    "untitled": _("Without words yet"),
    "change": _("Open"),
    "settle": _("Choose"),
    "unknown": _("As it stands in the inspection"),
    "unreadable": _(
        "Entries that this passphrase does not open: {number}. They are kept; save to a file and speak with whoever runs Waymark."
    ),
    "yes": _("yes"),
    "no": _("no"),
    "none": _("none"),
}
SENDING: Mapping[str, Any] = {
    "sending": _("Sending …"),
    "offline": _("No network. Everything is kept here; it is sent when there is network, or press the button then."),
    "signedOut": _("You are signed out. Sign in in a new tab, come back and send again. Nothing is lost."),
    "other": _("This pack was taken by somebody else. Whoever took it signs in and sends it."),
    "refused": _("You may not write in this inspection now. Nothing is lost: save to a file, and speak with the lead."),
    "failed": _("The portal could not take it. Nothing is lost; try again, or save to a file."),
    "taken": _("Taken: {number}."),
    "left": _("Still here: {number}. The list says why."),
    "allSent": _("Everything is sent. The pack stays while you are at the visit; press the button to remove it."),
    "gone": _("Everything was sent. The pack, its key and the page for use without network were removed from this tablet."),
    "onServer": _("In the inspection now"),
    "onTablet": _("On this tablet"),
    "useServer": _("Keep what is in the inspection"),
    "useTablet": _("Use what is on this tablet"),
    "useBoth": _("Keep both, one after the other"),
    "choose": _("Choose for every field."),
}


def said(*groups: Mapping[str, Any]) -> dict[str, str]:
    """As plain text, in the language of the page."""
    return {name: str(words) for group in groups for name, words in group.items()}
