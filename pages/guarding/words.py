"""How items of the queue are said: the clock, who raised it, what was done. Pure functions, times as on a UK clock."""

from datetime import datetime, timedelta

from insight.language import _, day, ngettext, noted
from insight.safeguarding import Decision, Event, Item, State, What
from pages.kit.words import UK

KINDS = {
    "harm": noted("Violence or threats"),
    "abuse": noted("Abuse or control"),
    "self_harm": noted("Self-harm or suicide"),
    "child": noted("A child at risk"),
    "adult_at_risk": noted("An adult at risk"),
}
RAISED_BY = {
    "rule": noted("Its words matched the signs of harm"),
    "reader": noted("Somebody who read it on the board raised it"),
    "teller": noted("Its teller raised it"),
}
STATES = {
    State.OPEN: noted("Open"),
    State.RELEASED: noted("Released"),
    State.WITHHELD: noted("Withheld"),
    State.ERASED: noted("Erased by its teller"),
}
EVENTS = {
    What.READ: noted("Read by {name} {when}"),
    What.RAISED: noted("Raised from the board by {name} {when}"),
    What.CHANGED: noted("Changed by {name} {when}"),
    Decision.REFER: noted("Referred by {name} {when}"),
    Decision.RELEASE: noted("Released by {name} {when}"),
    Decision.WITHHOLD: noted("Withheld by {name} {when}"),
    Decision.REOPEN: noted("Opened again by {name} {when}"),
}
DECISIONS = {
    Decision.REFER: noted("**Refer it.** You passed it on to somebody who can act. The item stays open."),
    Decision.RELEASE: noted(
        "**Release the story.** It may be analysed and quoted, as far as its teller agreed to that."
    ),
    Decision.WITHHOLD: noted("**Withhold the story.** It stays out of every analysis, board, quote and export."),
}


def kind(code: str) -> str:
    """A kind of concern, as people call it."""
    return _(KINDS[code]) if code in KINDS else code.replace("_", " ").capitalize()


def raised_by(item: Item) -> str:
    """Who or what brought an item into the queue."""
    return _(RAISED_BY[item.raised_by]) if item.raised_by in RAISED_BY else item.raised_by


def decision(code: Decision) -> str:
    """A decision as it is offered: its name, and what it leads to."""
    return _(DECISIONS[code])


def clock(item: Item, now: datetime) -> str:
    """By when it must be read, or that it was: Read by 14:20 today, Overdue by 2 hours."""
    if item.state is not State.OPEN:
        return _(STATES[item.state])
    if item.left is None:
        return _("Read {when}. It waits for a decision").format(when=when(item.read_at or now, now))
    if item.left < timedelta(0):
        return _("Overdue by {length}").format(length=length(-item.left))
    return _("Read by {time}").format(time=on_the_clock(item.due_at, now))


def when(moment: datetime, now: datetime) -> str:
    """At 14:20 today, at 9:05 on 3 March 2026."""
    return _("at {time}").format(time=on_the_clock(moment, now))


def length(time: timedelta) -> str:
    """A length of time in its largest unit: 40 minutes, 2 hours, 3 days."""
    minutes = max(1, int(time.total_seconds() // 60))
    if minutes < 60:
        return ngettext("{number} minute", "{number} minutes", minutes).format(number=minutes)
    if minutes < 48 * 60:
        return ngettext("{number} hour", "{number} hours", minutes // 60).format(number=minutes // 60)
    days = minutes // (24 * 60)
    return ngettext("{number} day", "{number} days", days).format(number=f"{days:,}")


def event(done: Event, now: datetime) -> str:
    """What somebody did and when; the teller of a story has no other name."""
    by = _("its teller") if done.what is What.CHANGED and done.by == "teller" else done.by
    return _(EVENTS[done.what]).format(name=by, when=when(done.at, now))


def readings(item: Item, now: datetime) -> str:
    """How often it was read, and by whom last."""
    last = next((done for done in reversed(item.events) if done.what is What.READ), None)
    if last is None:
        return _("Nobody has read it yet")
    number = item.times_read
    often = {1: _("Read once, last by {name} {when}"), 2: _("Read twice, last by {name} {when}")}.get(
        number
    ) or ngettext("Read {number} time, last by {name} {when}", "Read {number} times, last by {name} {when}", number)
    return often.format(number=number, name=last.by, when=when(last.at, now))


def on_the_clock(moment: datetime, now: datetime) -> str:
    """14:20 today, 9:05 on 3 March 2026."""
    here, today = moment.astimezone(UK), now.astimezone(UK).date()
    days = {-1: _("{time} yesterday"), 0: _("{time} today"), 1: _("{time} tomorrow")}
    named = days.get((here.date() - today).days) or _("{time} on {day}")
    return named.format(time=f"{here.hour}:{here.minute:02d}", day=day(here))
