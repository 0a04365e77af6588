"""Who may reach which address under /workspace/ and /accounts/: one line a route. ``test_access.py`` holds it against the portal.

To add a route: one line ``"noun:view": WHO,``. WHO are the people of the cast (below) who are *not* refused, by GET or POST, at the
address with dummy ids. So an address with an id in it is ``ID``: what is not there is 404 to everybody. Whether the owner, a rival and
a reader get what they should for a row that exists is the noun's own test. Run ``tests/integration/test_access.py -k workspace``: it
names every line that is missing, stale or wrong, and what it saw instead.

What the test proves beside the line: whoever is not signed in is led to the one sign-in; what is refused writes nothing; reading
writes nothing; every unsafe method without the token is 403.
"""

from portal.accounts.roles import Kind, Role

Who = frozenset[str]

# The cast: name -> kind of organisation, role. "stranger" is signed in with both factors and has no role; "nobody" is not signed in.
CAST: dict[str, tuple[Kind, Role]] = {
    "manager": (Kind.PROVIDER, Role.MANAGER),
    "assessor": (Kind.PROVIDER, Role.ASSESSOR),
    "reader": (Kind.PROVIDER, Role.READER),
    "rival": (Kind.PROVIDER, Role.MANAGER),
    "inspector": (Kind.INSPECTORATE, Role.INSPECTOR),
    "lead": (Kind.INSPECTORATE, Role.LEAD_INSPECTOR),
    "commissioner": (Kind.OVERSIGHT, Role.COMMISSIONER),
    "editor": (Kind.OFFICE, Role.EDITOR),
    "translator": (Kind.OFFICE, Role.TRANSLATOR),
    "administrator": (Kind.OFFICE, Role.ADMINISTRATOR),
}

SIGNED_IN: Who = frozenset({*CAST, "stranger"})
EVERYBODY: Who = SIGNED_IN | {"nobody"}
ID: Who = frozenset()  # the address names a row: the dummy is not there, for anybody
MANAGERS: Who = frozenset({"manager", "rival"})
ASSESSORS: Who = MANAGERS | {"assessor"}
MEMBERS: Who = ASSESSORS | {"reader"}  # of a provider
ADMINISTRATORS: Who = frozenset({"administrator"})
PEOPLE_MANAGERS: Who = MANAGERS | {"lead", "administrator"}

WORKSPACE: dict[str, Who] = {
    # Accounts: the entrance is everybody's, one's own account is one's own.
    "account_login": EVERYBODY,
    "account_logout": SIGNED_IN,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "accounts:account": SIGNED_IN,
    "accounts:change_password": SIGNED_IN,
    "accounts:end_session": ID,
    "accounts:end_all_sessions": SIGNED_IN,
    "accounts:alive": EVERYBODY,
    "accounts:back": SIGNED_IN,
    "accounts:confirm": SIGNED_IN,
    "accounts:second_factor": EVERYBODY,
    "accounts:enrol": SIGNED_IN,
    "accounts:enrol_app": SIGNED_IN,
    "accounts:add_app": SIGNED_IN,
    "accounts:add_passkey": SIGNED_IN,
    "accounts:remove_device": ID,
    "accounts:recovery_codes": SIGNED_IN,
    "accounts:codes_kept": ID,
    "accounts:invitation": EVERYBODY,  # 410 without the link of a mail
    "accounts:invitation_link": EVERYBODY,
    "otp_webauthn:credential-registration-begin": SIGNED_IN,
    "otp_webauthn:credential-registration-complete": SIGNED_IN,
    "otp_webauthn:credential-authentication-begin": ID,
    "otp_webauthn:credential-authentication-complete": ID,
    # People of organisations.
    "organisations:people": PEOPLE_MANAGERS,
    "organisations:new_organisation": ADMINISTRATORS,
    "organisations:people_of": ID,
    "organisations:invite": ID,
    "organisations:resend": ID,
    "organisations:revoke": ID,
    "organisations:remove": ID,
    # Evidence, and what stands under answers.
    "evidence:index": SIGNED_IN,  # one's own organisations' only: to anybody else it is empty
    "evidence:add": ASSESSORS,
    "evidence:show": ID,
    "evidence:edit": ID,
    "evidence:add_file": ID,
    "evidence:retire": ID,
    "evidence:restore": ID,
    "evidence:download": ID,
    "assessments:evidence_for": ID,
    "assessments:evidence_under": ID,
    "assessments:coverage": ID,
    # From draft to archive, working together, starting again, comparing.
    "assessments:shared_with_us": frozenset({"inspector", "lead"}),
    "assessments:submit": ID,
    "assessments:receipt": ID,
    "assessments:frozen_copy": ID,
    "assessments:review": ID,
    "assessments:approve": ID,
    "assessments:send_back": ID,
    "assessments:share": ID,
    "assessments:unshare": ID,
    "assessments:keep_private": ID,
    "assessments:reopen": ID,
    "assessments:archive": ID,
    "assessments:results": ID,
    "assessments:compare": ID,
    "assessments:sections": ID,
    "assessments:finish_section": ID,
    "assessments:return_section": ID,
    "assessments:remarks": ID,
    "assessments:settle_remark": ID,
    "assessments:reopen_remark": ID,
    "assessments:begin_again": ID,
    "assessments:still_true": ID,
    "assessments:decide": ID,
    # Actions.
    "actions:board": SIGNED_IN,
    "actions:cancel": ID,
    "actions:change": ID,
    "actions:history": ID,
    "actions:index": SIGNED_IN,
    "actions:plan": ASSESSORS,
    "actions:printed": SIGNED_IN,
    "actions:show": ID,
    "actions:table": SIGNED_IN,
    "actions:take": ID,
    # Assessments.
    "assessments:all_answers": ID,
    "assessments:answer": ID,
    "assessments:apply": ID,
    "assessments:begin": ASSESSORS,
    "assessments:bring": ID,
    "assessments:chapter": ID,
    "assessments:collect": ID,
    "assessments:critical_gaps": ID,
    "assessments:download": ID,
    "assessments:exports": ID,
    "assessments:give_reason": ID,
    "assessments:history": ID,
    "assessments:index": SIGNED_IN,
    "assessments:order": ID,
    "assessments:overview": ID,
    "assessments:plan_action": ID,
    "assessments:waiting": ID,
    # Audit.
    "audit:choose": SIGNED_IN,
    "audit:notices": SIGNED_IN,
    "audit:open_notice": ID,
    "audit:read_all": SIGNED_IN,
    "audit:retry": ID,
    "audit:work": ADMINISTRATORS,
    # Benchmarks.
    "benchmarks:compare": ID,
    "benchmarks:index": SIGNED_IN,
    "benchmarks:show": ID,
    # Catalogue.
    "catalogue:edition": ID,
    "catalogue:index": SIGNED_IN,
    "catalogue:printed": ID,
    "catalogue:standard": ID,
    # Services.
    "services:add_contract": ID,
    "services:create": MANAGERS,
    "services:edit": ID,
    "services:edit_contract": ID,
    "services:history": ID,
    "services:index": SIGNED_IN,
    "services:listing": ID,
    "services:show": ID,
    "services:take_step": ID,
    # Transitions: agreements.
    "consent:recalls": SIGNED_IN,  # to one's own organisations only: to anybody else it is empty
    **dict.fromkeys(("consent:answer", "consent:show", "consent:give", "consent:withdraw", "consent:package", "consent:choose"), ID),
    **dict.fromkeys(("consent:disclose", "consent:review", "consent:move_on", "consent:card"), ID),
    **dict.fromkeys(("consent:follow_up", "consent:follow_up_choose", "consent:follow_up_said", "consent:follow_up_try"), ID),
    **dict.fromkeys(("consent:follow_up_answer", "consent:looks"), ID),
    # Workspace.
    "workspace:language": EVERYBODY,
    "workspace:start": SIGNED_IN,
    "workspace:tasks": SIGNED_IN,
}
