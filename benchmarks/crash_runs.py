"""Analyses that are under way while their workers are killed, and how they ended: for ``benchmarks/crash.py``."""

from collections import Counter

from sqlalchemy import func, select

from insight import jobs, runs
from insight.access import SYSTEM
from insight.database import Base, session
from insight.errors import InsightError
from insight.runs.tables import RunRow


class Runs:
    """Analyses of another place, asked for again and again while their workers are killed."""

    def __init__(self, demo: int) -> None:
        self.demo, self.asked = demo, 0

    def ask(self) -> None:
        """Start one unless one is on its way."""
        try:
            runs.start(SYSTEM, self.demo)
            self.asked += 1
        except InsightError:
            pass  # one is on its way, or the database is away

    def ended(self) -> bool:
        """Whether none is on its way."""
        return not any(one.state in (jobs.State.WAITING, jobs.State.TAKEN) for one in jobs.sizes())

    def counts(self) -> Counter[str]:
        """How many runs ended how."""
        return Counter(run.status.value for run in runs.recent(SYSTEM, self.demo, 10_000))

    def unexplained(self) -> list[str]:
        """Why runs failed, other than that their workers were killed as often as a job is tried."""
        with session() as opened:
            reasons = opened.scalars(select(RunRow.error).where(RunRow.status == "failed")).all()
        return [str(reason) for reason in reasons if reason != jobs.GIVEN_UP]

    def different(self) -> list[str]:
        """Tables in which runs that are done hold different numbers of rows: the same place, the same result."""
        found = []
        with session() as opened:
            done = opened.scalars(select(RunRow.id).where(RunRow.status == "done")).all()
            for table in Base.metadata.sorted_tables:
                if "run_id" in table.primary_key.columns:
                    query = (
                        select(table.c.run_id, func.count()).where(table.c.run_id.in_(done)).group_by(table.c.run_id)
                    )
                    numbers = {run: int(number) for run, number in opened.execute(query)}
                    if numbers and len({numbers.get(run, 0) for run in done}) > 1:
                        found.append(table.name)
        return found
