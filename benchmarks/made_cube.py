"""A made cube in which no theme depends on anything: what differs or goes together in it does so by chance."""

import numpy as np

from insight.columns import packed
from insight.painpoints.cube import Cube

THEMES, SERVICES, UNPLACED_SHARE = 60, 20, 0.1
MONTHS = (*(f"2025-{month:02}" for month in range(1, 13)), "2026-01", "2026-02")


def made_cube(seed: int, passages: int, stories: int) -> Cube:
    """Themes of unlike size, numbered far apart; stories of unlike length."""
    draw = np.random.default_rng(seed)
    talkative = draw.gamma(1, 1, stories)
    more = draw.choice(stories, passages - stories, p=talkative / talkative.sum())
    size = draw.gamma(0.8, 1, THEMES)
    theme = draw.choice(THEMES, passages, p=size / size.sum()).astype(np.int32) * 7 + 3
    theme[draw.random(passages) < UNPLACED_SHARE] = -1

    def codes(n: int, kinds: int) -> np.ndarray:
        return draw.integers(0, kinds, n).astype(np.int32)

    def nothing(n: int) -> np.ndarray:
        return np.zeros(n, np.float32)

    held = {
        "theme": theme,
        "passage_story": np.sort(np.concatenate([np.arange(stories), more])).astype(np.int32),
        "passage_service": codes(passages, SERVICES),
        "passage_organisation": codes(passages, 5),
        "passage_channel": codes(passages, 4),
        **{name: nothing(passages) for name in ("feeling", "side", "severity", "score")},
        "story_id": np.arange(stories, dtype=np.int64),
        "story_need": codes(stories, 8),
        "story_source": codes(stories, 2),
        "story_teller": codes(stories, 3),
        "story_month": codes(stories, len(MONTHS)),
        **{name: codes(0, 1) for name in ("step_story", "step_service", "step_organisation", "step_channel")},
        "map_passage": codes(0, 1),
        "map_xy": np.zeros((0, 2), np.float32),
    }
    words = {
        "service": tuple(f"service {number}" for number in range(SERVICES)),
        "organisation": tuple("abcde"),
        "channel": tuple("pqrs"),
        "need": tuple("abcdefgh"),
        "source": ("x", "y"),
        "teller": ("u", "v", "w"),
        "month": MONTHS,
    }
    return Cube.from_bytes(packed(held, words))
