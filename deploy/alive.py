"""Asks the app of this container whether it is up; exit code 0 says yes. For an image's HEALTHCHECK."""

import os
import ssl
import urllib.request

AT = f"127.0.0.1:{os.environ.get('INSIGHT_PORT', '8501')}"


def main() -> None:
    """Ask by https where the app speaks it. Over the loopback address there is nobody else to tell it from."""
    if os.environ.get("INSIGHT_TLS_CERTIFICATE"):
        unverified = ssl.create_default_context()
        unverified.check_hostname, unverified.verify_mode = False, ssl.CERT_NONE
        urllib.request.urlopen(f"https://{AT}/health/live", timeout=4, context=unverified).close()
    else:
        urllib.request.urlopen(f"http://{AT}/health/live", timeout=4).close()


if __name__ == "__main__":
    main()
