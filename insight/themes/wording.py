"""Words that hold phrases together: what a phrase may open with and end on, so that it reads as something said."""

from collections.abc import Sequence
from itertools import pairwise

from insight.themes.terms import TURNING

_FILLING = (
    "very really so extremely absolutely just quite always also both all totally completely incredibly truly most "
    "particularly especially exceptionally super such ever still already"
)
_BEING = "is are was were be been being am"
_DETERMINERS = "the a an my our your his her their its this that these those some any every each"
_JOINING = (
    "and or but nor so because then than of for with by at in on from to as into onto about per via after before "
    "during until while when whilst since if unless though although through over under between against around within "
    "who whom whose which where whether upon like plus due"
)
_HELPING = (
    "have has had having do does did done will would shall should can could may might must let get got gets getting "
    "make made makes go goes went going came come give gave given put seems seemed felt "
    "i'm i've i'd i'll it's that's there's they're we're you're he's she's we've they've you've isn't aren't wasn't "
    "weren't don't doesn't didn't won't wouldn't can't cannot couldn't shouldn't haven't hasn't hadn't what's"
)
_SUBJECTS = "i we he she they you it there who me us him them"
_NEGATING = (
    "no not never nobody none nothing without neither nor hardly barely rarely cannot isn't aren't wasn't weren't "
    "don't doesn't didn't won't wouldn't can't couldn't shouldn't haven't hasn't hadn't ain't cant dont didnt doesnt "
    "wont wasnt isnt couldnt lack lacked lacking"
)
_COUNTS = "one two three four five six seven eight nine ten twelve twenty several few half couple first second"
_QUESTIONS = "how why what when where who do does can"
_OPENING = f"i we {_QUESTIONS} could should don't doesn't didn't won't can't cannot couldn't"
_LOOSE = "etc else too up out off even only please thanks again there here"
_ENDLESS = (
    "i we he she they you there how why what no many much few even only every please want need needs using feeling"
)

# They add nothing to what is said: "staff are very friendly" counts as "staff are friendly".
FILLING = frozenset(_FILLING.split())
BEING = frozenset(_BEING.split())
DETERMINERS = frozenset(_DETERMINERS.split())
JOINING = frozenset(_JOINING.split())
HELPING = BEING | frozenset(_HELPING.split())
SUBJECTS = frozenset(_SUBJECTS.split())
SPEAKERS = frozenset({"i", "we"})
NEGATING = frozenset(_NEGATING.split())
COUNTS = frozenset(_COUNTS.split())
QUESTIONS = frozenset(_QUESTIONS.split())
LEAST_QUESTION = 4
# Before a name; those that are not formal stand alone as often as not.
FORMAL = frozenset({"mr", "mrs", "ms", "mx", "dr", "prof"})
TITLES = FORMAL | {"miss", "nurse", "sister", "doctor", "named", "called"}

NOT_FIRST = (JOINING | HELPING | DETERMINERS | SUBJECTS | FILLING | frozenset(_LOOSE.split())) - set(_OPENING.split())
NOT_LAST = (JOINING | HELPING | DETERMINERS | FILLING | TURNING | set(_ENDLESS.split())) - {"through", "done"}
# What stands before or after a whole phrase; any other word there that comes again and again belongs to it.
BOUNDS_BEFORE = (JOINING | SUBJECTS) - {"for", "of", "than", "by", "with"}
_GOES_ON = "to of for with into about from by"
BOUNDS_AFTER = (JOINING | DETERMINERS | SUBJECTS | HELPING) - set(_GOES_ON.split())


def reads_well(words: Sequence[str], telling: int) -> bool:
    """Whether a phrase of so many telling words reads as something whole.

    Not: "Dr Smith was kind" (it names somebody), "I feel" (says nothing yet), "I spoke to was helpful" (a part is
    missing), "countries do you support" (asks without its first word).
    """
    asks = words[0] in QUESTIONS
    if FORMAL.intersection(words[:-1]) or (asks and len(words) < LEAST_QUESTION):
        return False
    if telling < 2 and words[0] in SPEAKERS | HELPING:
        return False
    for word, following in pairwise(words):
        if (word in JOINING and following in BEING) or (word in HELPING and following in SUBJECTS and not asks):
            return False
    return True
