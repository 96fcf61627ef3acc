"""What an entry says a deed was about: numbers and codes as they are, a reference only as a keyed tag."""

from collections.abc import Mapping

from insight.keys import tag

NUMBERS = {
    "run_id": "analysis",
    "concern_id": "item",
    "story_id": "story",
    "round_id": "round",
    "account_id": "account",
    "number": "number",
}
# A reference, and the key of a draft, open what somebody told: only a tag stands for them, and it opens nothing.
SECRET = ("reference", "key")
TAG = 16


def about(arguments: Mapping[str, object]) -> str:
    """What a use case's arguments say it is about, such as ``analysis 12``; nothing that a person wrote is among it."""
    told = [
        f"{word} {value}"
        for name, word in NUMBERS.items()
        if isinstance(value := arguments.get(name), int) and not isinstance(value, bool)
    ]
    told += [tagged(value) for name in SECRET if isinstance(value := arguments.get(name), str)]
    return ", ".join(told)


def tagged(reference: str) -> str:
    """What stands for a reference: the same one gives the same tag, and no tag leads back to it without the key."""
    return f"tag {tag('audit-about', reference)[:TAG]}"
