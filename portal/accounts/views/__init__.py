"""Pages of the accounts, by what they are for: the entrance, enrolment, one's own account, invitations, the demo's short cut."""
