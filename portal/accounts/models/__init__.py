"""People, their second factors, their sessions, and invitations."""

from portal.accounts.models.devices import RecoveryCode, RecoveryDevice, TOTPDevice
from portal.accounts.models.invitations import Invitation
from portal.accounts.models.people import User, UserManager
from portal.accounts.models.sessions import SignedInSession
from portal.accounts.models.tallies import Tally

__all__ = ["Invitation", "RecoveryCode", "RecoveryDevice", "SignedInSession", "TOTPDevice", "Tally", "User", "UserManager"]
