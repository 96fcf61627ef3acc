"""A second factor as it is shown: a picture to scan, and its key in groups of four to type."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import segno

from insight.accounts import Enrolment
from insight.errors import BadInput
from insight.language import _


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture (an address with the picture in it), and the key in groups of four."""

    picture: str = field(repr=False)
    spaced: str = field(repr=False)
    uri: str = field(repr=False)


def shown(enrolment: Enrolment) -> Shown:
    """What to show of a second factor that is being set up."""
    drawn = segno.make_qr(enrolment.uri, error="m").svg_data_uri(scale=4, border=2)
    key = enrolment.secret
    return Shown(drawn, " ".join(key[at : at + 4] for at in range(0, len(key), 4)), enrolment.uri)


def again(uri: str) -> Enrolment:
    """What was shown before, from the page that showed it."""
    parts = urlsplit(uri[:1_000])
    secret = parse_qs(parts.query).get("secret", [""])[0]
    if parts.scheme != "otpauth" or not secret.isalnum():
        raise BadInput(_("Begin again with setting up your second factor."))
    return Enrolment(secret, uri[:1_000])
