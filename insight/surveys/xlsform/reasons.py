"""Why something in an XLSForm cannot be carried, in words for the person who brings it in."""

_DEVICE = "Nothing is taken from somebody's device: nobody is asked who or where they are."
_FILE = "No picture, sound or file can be sent with a journey."
_CALCULATED = "Nothing is calculated or kept out of sight while somebody answers."
_LIST = "Answers from a list in another file cannot be carried. Put them into the sheet named choices."

OF_TYPE = {
    "select_multiple": "Choosing several answers cannot be asked here. Ask a yes-or-no question for each.",
    "rank": "Putting answers into an order cannot be asked here.",
    "note": "Words on their own cannot be shown. Put them into the help of the next question.",
    "acknowledge": "A box to tick cannot be asked here. Ask a yes-or-no question.",
    "datetime": "A time of day cannot be asked here. Ask for the date, or in own words.",
    "time": "A time of day cannot be asked here. Ask for the date, or in own words.",
    "barcode": "A barcode cannot be read here.",
    "calculate": _CALCULATED,
    "hidden": _CALCULATED,
    "xml-external": _LIST,
    "csv-external": _LIST,
    "select_one_from_file": _LIST,
    "select_one_external": _LIST,
    **dict.fromkeys(("select_multiple_from_file", "cascading_select"), _LIST),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "start-geopoint", "osm"), "Nobody is asked where they are."),
    **dict.fromkeys(("image", "photo", "audio", "video", "file", "background-audio", "draw", "signature"), _FILE),
    **dict.fromkeys(("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber"), _DEVICE),
    **dict.fromkeys(("username", "email", "audit", "imei", "device", "uri:deviceid"), _DEVICE),
}
UNKNOWN_TYPE = "There is no question of this type here."

OF_COLUMN = {
    "relevant": "Its condition is not carried: everyone is asked it.",
    "constraint": "Its check is not carried, except for a largest number or length.",
    "choice_filter": "All answers of its list are offered, whatever was answered before.",
    "calculation": _CALCULATED,
    "default": "Nothing is filled in before somebody answers.",
    "trigger": _CALCULATED,
    "read_only": "Every question can be answered.",
    "repeat_count": "How often a group is asked is not carried.",
    "parameters": "Its parameters are not carried.",
    "appearance": "How it looks is not carried.",
    "required_message": "The message is ours: it names the question that was not answered.",
    **dict.fromkeys(("image", "audio", "video", "big-image"), "Its picture or sound is not carried."),
}
OTHER_COLUMN = "What stands in this column is not carried."
SILENT = ("type", "name", "required", "constraint_message", "list_name")
MEDIA = ("image", "audio", "video", "big-image")

NO_WORDS = "It has no words in a language of ours."
NO_LIST = "Its list of answers is not in the sheet named choices, or has fewer than two answers."
MANY_ANSWERS = "It has more than {most} answers."
MANY_QUESTIONS = "A survey has at most {most} questions."
OTHER = "The answer Other is offered, without a box to write in. Ask for it in a question of its own."
SOMETIMES_REQUIRED = "It may be skipped: whether it must be answered cannot depend on another answer."
MAY_BE_SKIPPED = "It may be skipped, as every question of the journey may."
REFERS = "Its words name another answer ({name}), which is not filled in. Change the words."
GROUP = "The heading of the group is not carried; its questions are."
REPEAT = "Only the steps of a journey are asked several times. What stands in this group is not carried."
STEP = "It is not one of the questions about a step. Ask it about the whole journey."
STAYS = "The file does not ask it. A journey needs it, so it stays, in our words."
OWN_ANSWERS = "These answers are the journey's own and stay: {names}."
TOO_LONG = "Its words were cut to {most} characters."
