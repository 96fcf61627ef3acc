"""The page table: every screen, where it lives, and who may open it. Menu, guard and tests read this one list."""

from dataclasses import dataclass
from importlib import import_module

from insight.access import Actor, Permission, may
from insight.language import noted


@dataclass(frozen=True, slots=True)
class Entry:
    """One screen. ``module`` defines ``render(actor)`` and is imported when the screen is first opened.

    ``title`` is English; who draws it translates it.
    """

    path: str
    title: str
    module: str
    permission: Permission
    in_menu: bool = True

    def open(self, actor: Actor) -> None:
        """Draw the screen."""
        import_module(self.module).render(actor)


HOME = Entry("home", noted("Start"), "pages.home", Permission.TELL)
PAGES: tuple[Entry, ...] = (
    HOME,
    Entry("share", noted("Tell your journey"), "pages.share", Permission.TELL),
    Entry("log", noted("Log a story"), "pages.log", Permission.LOG),
    Entry("keying", noted("Key in paper forms"), "pages.keying", Permission.LOG),
    Entry("phone", noted("Phone script"), "pages.phone", Permission.LOG),
    Entry("pain-points", noted("Pain points"), "pages.pain_points", Permission.SEE_INSIGHT),
    Entry("search", noted("Search"), "pages.search", Permission.READ_STORIES),
    Entry("journeys", noted("Journeys"), "pages.journeys", Permission.SEE_INSIGHT),
    Entry("codebook", noted("Codebook"), "pages.codebook", Permission.CODE),
    Entry("replies", noted("Replies"), "pages.replies", Permission.REPLY),
    Entry("runs", noted("Analyses"), "pages.runs", Permission.RUN_ANALYSIS),
    Entry("import", noted("Import"), "pages.imports", Permission.IMPORT),
    Entry("surveys", noted("Surveys"), "pages.surveys", Permission.RUN_SURVEYS),
    Entry("people", noted("People"), "pages.people", Permission.MANAGE_PEOPLE),
    Entry("heard", noted("Who we heard"), "pages.heard", Permission.COUNT_EQUALITY),
    Entry("safeguarding", noted("Safeguarding"), "pages.safeguarding", Permission.SAFEGUARD),
    Entry("moderation", noted("Moderation"), "pages.moderation", Permission.MODERATE),
    Entry("audit", noted("Audit"), "pages.audit", Permission.READ_AUDIT),
    Entry("records", noted("Records and retention"), "pages.records", Permission.KEEP_RECORDS),
)


def visible_to(actor: Actor) -> list[Entry]:
    """The screens in this actor's menu."""
    return [entry for entry in PAGES if entry.in_menu and may(actor, entry.permission)]
