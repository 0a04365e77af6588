"""Who may do what with the register. Pure: each answers about a person and a row that are already at hand."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import User
    from survivors.facts.models import FactProposal

PROPOSE, DECIDE, CHECK = "facts.add_factproposal", "facts.accept_factproposal", "facts.change_fact"


def may_see(by: "User | AnonymousUser") -> bool:
    """Read proposals, open and decided."""
    return by.is_active and (by.has_perm(PROPOSE) or by.has_perm(DECIDE))


def may_propose(by: "User | AnonymousUser") -> bool:
    """Propose a new fact, a change or a removal."""
    return by.is_active and by.has_perm(PROPOSE)


def may_decide(by: "User | AnonymousUser", proposal: "FactProposal") -> bool:
    """Accept or refuse: a second person, never the one who proposed, whatever their rights."""
    return proposal.is_open and by.is_active and by.has_perm(DECIDE) and by.pk != proposal.proposed_by_id


def may_withdraw(by: "User | AnonymousUser", proposal: "FactProposal") -> bool:
    """Take one's own proposal back."""
    return proposal.is_open and by.is_active and by.pk == proposal.proposed_by_id


def may_check(by: "User | AnonymousUser") -> bool:
    """Say that one has called, opened or read what a fact says."""
    return by.is_active and by.has_perm(CHECK)
