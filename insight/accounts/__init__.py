"""Accounts: who may sign in, how, and for how long. This is the room's front door.

Signing in is one of three things (``Entry``): a session (``SignedIn``), a question for a code (``NeedsCode`` ->
``confirm``), or a question to set a second factor up first (``MustEnrol`` -> ``begin_enrolment`` -> show it ->
``finish_enrolment`` -> show the recovery codes once). Only ``SignedIn`` holds a token for the cookie. Until there is
one, ``actor_of`` gives None: there is no half signed-in actor.
"""

from insight.accounts.breached import look_at_list
from insight.accounts.entering import (
    begin_enrolment,
    confirm,
    finish_enrolment,
    handover,
    sign_in,
    take_over,
)
from insight.accounts.inviting import accept, first_admin_token, seen_invitation
from insight.accounts.issuers import check_description, look_at_provider_settings
from insight.accounts.model import (
    Account,
    Enrolled,
    Enrolment,
    Entry,
    How,
    InvitationMade,
    InvitationSeen,
    InvitationView,
    MustEnrol,
    NeedsCode,
    Refused,
    SessionView,
    SignedIn,
)
from insight.accounts.own import (
    begin_second_factor,
    change_password,
    drop_second_factor,
    end_session,
    finish_second_factor,
    my_account,
    my_sessions,
    new_recovery_codes,
    sign_out_everywhere,
)
from insight.accounts.providers import sign_in_by_provider
from insight.accounts.service import (
    change_person,
    disable,
    enable,
    invitations,
    invite,
    people,
    refused_sign_ins,
    reset_link,
    reset_second_factor,
    revoke_invitation,
    sign_everybody_out,
    sign_person_out,
)
from insight.accounts.sessions import actor_of, forget_old_sessions, sign_out

__all__ = [
    "Account",
    "Enrolled",
    "Enrolment",
    "Entry",
    "How",
    "InvitationMade",
    "InvitationSeen",
    "InvitationView",
    "MustEnrol",
    "NeedsCode",
    "Refused",
    "SessionView",
    "SignedIn",
    "accept",
    "actor_of",
    "begin_enrolment",
    "begin_second_factor",
    "change_password",
    "change_person",
    "check_description",
    "confirm",
    "disable",
    "drop_second_factor",
    "enable",
    "end_session",
    "finish_enrolment",
    "finish_second_factor",
    "first_admin_token",
    "forget_old_sessions",
    "handover",
    "invitations",
    "invite",
    "look_at_list",
    "look_at_provider_settings",
    "my_account",
    "my_sessions",
    "new_recovery_codes",
    "people",
    "refused_sign_ins",
    "reset_link",
    "reset_second_factor",
    "revoke_invitation",
    "seen_invitation",
    "sign_everybody_out",
    "sign_in",
    "sign_in_by_provider",
    "sign_out",
    "sign_out_everywhere",
    "sign_person_out",
    "take_over",
]
