"""How entries of the audit are said: every recorded action in plain words, who, and when on a UK clock."""

from insight.access import ROLE_WORDS, Role
from insight.audit import Entry
from insight.language import _, noted

ACTIONS = {
    "accounts.accept": noted("Take up an invitation"),
    "accounts.begin_second_factor": noted("Begin to set up their second factor"),
    "accounts.change_password": noted("Change their password"),
    "accounts.change_person": noted("Change what somebody may do"),
    "accounts.disable": noted("Disable somebody's account"),
    "accounts.drop_second_factor": noted("Give up their second factor"),
    "accounts.enable": noted("Enable somebody's account again"),
    "accounts.end_session": noted("Sign out in one place"),
    "accounts.finish_enrolment": noted("Set up a second factor while signing in"),
    "accounts.finish_second_factor": noted("Set up their second factor"),
    "accounts.invite": noted("Invite somebody"),
    "accounts.link_provider": noted("Tie an account to the organisation's sign-in"),
    "accounts.new_recovery_codes": noted("Make new recovery codes"),
    "accounts.reset_link": noted("Make a link for a new password"),
    "accounts.sign_person_out": noted("Sign somebody out everywhere"),
    "accounts.sign_everybody_out": noted("Sign everybody out"),
    "accounts.reset_second_factor": noted("Take away somebody's second factor"),
    "accounts.revoke_invitation": noted("Take back an invitation"),
    "accounts.sign_in": noted("Sign in"),
    "accounts.sign_out_everywhere": noted("Sign out everywhere"),
    "accounts.use_reset_link": noted("Choose a new password by a link"),
    "accounts.wrong_code": noted("Give a wrong code while signing in"),
    "coding.as_csv": noted("Download the codebook as a table"),
    "coding.as_qdc": noted("Download the codebook for other programs"),
    "coding.bring_in": noted("Bring in a codebook from a file"),
    "intake.add_place": noted("Set up a place, or look it up by its name"),
    "intake.amend_entry": noted("Change a story they logged"),
    "intake.import_file": noted("Bring in stories from a file, or check such a file"),
    "intake.keep_many": noted("Add invented stories"),
    "journeys.bring_in": noted("Bring in a case log, or check its file"),
    "journeys.export_comparison": noted("Download a comparison of two groups"),
    "journeys.export_table": noted("Download a table of journeys"),
    "journeys.forget_case_log": noted("Delete a case log"),
    "journeys.write_log": noted("Download journeys as an event log"),
    "moderation.accept": noted("Accept a story, having looked it through"),
    "moderation.hide": noted("Hide words of a story"),
    "moderation.mask_older": noted("Look for names and numbers in older stories"),
    "moderation.read": noted("Read a story as it was told, to look it through"),
    "moderation.reject": noted("Reject a story"),
    "moderation.release": noted("Release quotes of a story, or take releases back"),
    "moderation.take_back": noted("Let a story wait to be looked through again"),
    "moderation.unhide": noted("Take a mark off words of a story"),
    "operations.back_up": noted("Back up the database"),
    "operations.move": noted("Copy the database elsewhere"),
    "operations.drop_keys": noted("Drop old keys of what people wrote"),
    "operations.reseal": noted("Lock what people wrote with the newest key"),
    "operations.rotate": noted("Make a new key for what people wrote"),
    "painpoints.export": noted("Download the board of pain points"),
    "painpoints.publish": noted("Publish an analysis"),
    "receipts.answer": noted("Reply to a teller"),
    "receipts.ask_for_reply": noted("Ask for a reply, with a reference"),
    "receipts.download": noted("Take away all that is held under a reference"),
    "receipts.erase": noted("Erase a story, with its reference"),
    "receipts.give": noted("Agree to a use of a story, with its reference"),
    "receipts.send_change": noted("Change a story, with its reference"),
    "receipts.tidy": noted("Forget old drafts and old copies of the database"),
    "receipts.withdraw": noted("Take back an agreement, with a reference"),
    "records.purge": noted("Purge what is overdue"),
    "records.purged": noted("Finish a purge, with its proof"),
    "records.say_processing": noted("Change what the record of processing says"),
    "records.set_retention": noted("Set how long stories are kept"),
    "records.subject_access": noted("Take out all that is held of a person"),
    "runs.create": noted("Start an analysis at the command line"),
    "runs.publish": noted("Publish an analysis without its codebook"),
    "runs.start": noted("Start an analysis"),
    "safeguarding.decide": noted("Decide about a safeguarding item"),
    "safeguarding.raise_concern": noted("Send a story to those who safeguard"),
    "safeguarding.read": noted("Read the story of a safeguarding item"),
    "surveys.close": noted("Close a survey"),
    "surveys.publish": noted("Publish a survey"),
    "surveys.reopen": noted("Open a survey again"),
    "surveys.set_dates": noted("Set the dates of a survey"),
}
ABOUT = {
    "analysis": noted("analysis {number}"),
    "item": noted("item {number}"),
    "story": noted("story {number}"),
    "round": noted("round {number}"),
    "account": noted("account {number}"),
    "number": noted("number {number}"),
    "tag": noted("reference with the tag {number}"),
    "purge": noted("purge {number}"),
    "proof": noted("proof {number}"),
}


def action(what: str) -> str:
    """What somebody asked for; the code where it is one that this program no longer knows."""
    return _(ACTIONS[what]) if what in ACTIONS else what


def about(entry: Entry) -> str:
    """What it was about, as people say it."""
    parts = (part.partition(" ") for part in entry.about.split(", ") if part)
    return ", ".join(
        _(ABOUT[word]).format(number=number) if word in ABOUT else f"{word} {number}".strip()
        for word, _space, number in parts
    )


def who(entry: Entry) -> str:
    """The name under which somebody acted, with their role: Pat Lee (designer)."""
    role = _(ROLE_WORDS[Role(entry.role)]) if entry.role in set(Role) else entry.role
    return role if entry.name in (entry.role, "") else _("{name} ({role})").format(name=entry.name, role=role)
