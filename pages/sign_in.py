"""Every address of signing in and of one's own account. The application mounts ``routes``."""

from insight.access import Permission
from pages.accounts import accepting, entering, leaving, own, provider
from pages.accounts.desk import screen
from pages.kit.stated import StatedRoute

DOOR = "nobody is signed in yet who comes to sign in"
LINK = "the link's token is what lets somebody in"
OUT = "whoever signs out may be signed out already"
OWN = Permission.OWN_ACCOUNT

routes: list[StatedRoute] = [
    screen("/sign-in", entering.ask_who, entering.take_who, why=DOOR),
    screen("/sign-in/code", entering.ask_code, entering.take_code, why=DOOR),
    screen("/sign-in/second-factor", entering.ask_second_factor, entering.take_second_factor, why=DOOR),
    screen("/sign-in/organisation", provider.leave_for_provider, why=DOOR),
    screen("/sign-in/handover", provider.take_over, provider.take_over, why=DOOR),
    screen("/sign-in/first", accepting.ask_for_account, accepting.take_account, why=LINK),
    screen("/invitation/{token}", accepting.follow, why=LINK),
    screen("/sign-out", leaving.ask_to_leave, leaving.leave, why=OUT),
    screen("/account", own.overview, permission=OWN),
    screen("/account/password", own.ask_password, own.take_password, permission=OWN),
    screen("/account/second-factor", own.ask_before_second_factor, own.begin_second_factor, permission=OWN),
    screen("/account/second-factor/code", own.finish_second_factor, own.finish_second_factor, permission=OWN),
    screen("/account/second-factor/drop", own.drop_second_factor, own.drop_second_factor, permission=OWN),
    screen("/account/recovery-codes", own.ask_before_recovery_codes, own.make_recovery_codes, permission=OWN),
    screen("/account/sessions", own.end_session, own.end_session, permission=OWN),
    screen("/account/everywhere", own.everywhere, own.everywhere, permission=OWN),
]
