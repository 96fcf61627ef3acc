"""More names, by a spaCy model, where a place has one: the rules alone work without."""

from functools import lru_cache
from importlib import import_module
from typing import Any

from insight.errors import NotReady
from insight.identifiers.finding import apart, find
from insight.identifiers.model import Kind, Mark
from insight.settings import settings


def find_more(text: str) -> tuple[Mark, ...]:
    """What ``find`` finds,
    and the people that the model named by INSIGHT_NAMES_MODEL sees; raises NotReady without it."""
    model = settings().names_model
    if not model:
        return find(text)
    people = [
        Mark(entity.start_char, entity.end_char, Kind.NAME)
        for entity in _model(model)(text).ents
        if entity.label_ in ("PERSON", "PER")
    ]
    return apart([*find(text), *people])


@lru_cache
def _model(name: str) -> Any:
    try:
        return import_module("spacy").load(name)
    except (ImportError, OSError) as fault:
        raise NotReady(
            "The setting INSIGHT_NAMES_MODEL names a spaCy model that is not installed here. Install spaCy and the "
            "model, or leave the setting empty."
        ) from fault
