"""Pages and the languages they are read in."""

from portal.cms.models.languages import LanguageStatus, SignOff, TextState
from portal.cms.models.pages import BasePage

__all__ = ["BasePage", "LanguageStatus", "SignOff", "TextState"]
