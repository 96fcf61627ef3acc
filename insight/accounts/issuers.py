"""Which provider is meant: the issuer that the settings stand for, and whether its own description says the same.

OpenID Connect Discovery 1.0, section 4.3; OWASP ASVS 5.0, V10.5.3. Streamlit and Authlib take the keys and addresses of
whatever description they are given, so this is looked at before anybody is sent there, and again when they come back.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from insight.errors import NotReady
from insight.language import _
from insight.settings import is_loopback, settings

WELL_KNOWN = "/.well-known/openid-configuration"
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
WITHIN = 5  # seconds
log = logging.getLogger("throughline")


def look_at_provider_settings() -> None:
    """:class:`~insight.errors.NotReady` in words for whoever runs this, where the provider's settings cannot hold."""
    here = settings()
    if not here.oidc_metadata_url:
        return
    for name, address in (("METADATA_URL", here.oidc_metadata_url), ("ISSUER", here.oidc_issuer)):
        if address and not _is_protected(address):
            raise NotReady(f"INSIGHT_OIDC_{name} must begin with https://, so that nobody on the way can change it.")
    if not issuers():
        raise NotReady(f"INSIGHT_OIDC_METADATA_URL must end in {WELL_KNOWN}, or set INSIGHT_OIDC_ISSUER as well.")


def issuers() -> frozenset[str]:
    """The issuer that is meant: as it is set, else what the description's address begins with.

    That address is made of an issuer without the slash at its end, so both forms are meant by it.
    """
    here = settings()
    if here.oidc_issuer:
        return frozenset({here.oidc_issuer})
    begins = here.oidc_metadata_url.removesuffix(WELL_KNOWN)
    return frozenset({begins, f"{begins}/"}) if begins != here.oidc_metadata_url else frozenset()


def check_description() -> str:
    """Ask the provider who it says it is; gives its issuer.

    :class:`~insight.errors.NotReady` where it cannot be reached, is another than is meant, or names an address that is
    not protected on the way.
    """
    told = _description()
    issuer = told.get("issuer")
    if not (isinstance(issuer, str) and issuer in issuers()):
        log.error("the provider's description names another issuer than the settings: see docs/sign-in.md")
        raise _not_set_up()
    if not all(_is_protected(str(told.get(name, ""))) for name in ADDRESSES):
        log.error("the provider's description names an address that does not begin with https://")
        raise _not_set_up()
    return issuer


def _description() -> Mapping[str, Any]:
    import httpx

    try:
        answer = httpx.get(settings().oidc_metadata_url, timeout=WITHIN, follow_redirects=False)
        told = answer.raise_for_status().json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as fault:
        log.error("the provider's description cannot be read: %s", type(fault).__name__)
        raise NotReady(
            _("Your organisation's sign-in cannot be reached just now. Try again in a few minutes.")
        ) from None
    return told if isinstance(told, dict) else {}


def _is_protected(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def _not_set_up() -> NotReady:
    return NotReady(_("Your organisation's sign-in is not set up rightly here. Tell whoever runs this."))
