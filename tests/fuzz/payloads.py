"""What is thrown: texts that have broken other products, fillings for paths, queries, headers, cookies and bodies."""

import json
from random import Random
from urllib.parse import quote_from_bytes

MARK = "tlx9"  # stands in everything that would act if it were let: it must never stand where it could
HUGE = 40_000

MARKUP = [
    f"<script>{MARK}()</script>",
    f'"><img src=x onerror={MARK}()>',
    f"'><svg/onload={MARK}()>",
    f"</title></style></textarea></script><script>{MARK}()</script>",
    f"javascript:{MARK}()",
    f"java\tscript:{MARK}()",
    f"data:text/html,<script>{MARK}()</script>",
    f'<a href="javascript:{MARK}()">x</a>',
    f"<style>@import'//{MARK}.example'</style>",
    f'" style="background:url(//{MARK}.example)" x="',
    f'" autofocus onfocus="{MARK}()" x="',
    f"<iframe srcdoc='<script>{MARK}()</script>'>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror={MARK}()>'>",
    f"<!--><script>{MARK}()</script>",
    f"\\u003cscript\\u003e{MARK}()\\u003c/script\\u003e",
    f"&lt;script&gt;{MARK}()&lt;/script&gt;",
    f"<{MARK} onclick={MARK}()>",
    f"[x](javascript:{MARK}()) ![x](javascript:{MARK}())",
    f"<form action=//{MARK}.example><button>x",
    f"<meta http-equiv=refresh content='0;url=//{MARK}.example'>",
    f"<base href=//{MARK}.example>",
]
TEMPLATES = [f"{{{{ 7*7 }}}}{MARK}", f"${{7*7}}{MARK}", f"<%= 7*7 %>{MARK}", f"{{% raise %}}{MARK}", "{0.__class__}"]
TEMPLATES += ["%s%s%n%x", "{password}", "%(asctime)s", "$(id)", "`id`", "{{config}}"]
EVALUATED = f"49{MARK}"
SQL = [
    "' OR 1=1 --",
    "'; DROP TABLE story; --",
    "1 UNION SELECT 1,2,3",
    '" OR ""="',
    "\\'; --",
    "%' ESCAPE '\\",
    "1;--",
]
PATHS = ["../../../../etc/passwd", "..%2f..%2fapp.py", "..\\..\\app.py", "/etc/passwd", "file:///etc/passwd", ".", ".."]
PATHS += ["....//....//data/secret.key", "%2e%2e/%2e%2e/data/insight.db", "C:\\boot.ini", "\\\\host\\share", "~", "//x"]
ELSEWHERE = [
    f"//{MARK}.example",
    f"https://{MARK}.example",
    f"/\\{MARK}.example",
    f"/\t/{MARK}.example",
    f"\\\\{MARK}.example",
]
ELSEWHERE += [f"https:{MARK}.example", f"//127.0.0.1@{MARK}.example", f"/%09/{MARK}.example", f"//[{MARK}", "/%2f%2fx"]
LINES = [
    f"a\r\nX-{MARK}: 1",
    f"a\nSet-Cookie: {MARK}=1",
    f"a\r\n\r\n<script>{MARK}()</script>",
    f"%0d%0aX-{MARK}:1",
    "\u2028\u2029",
]
ODD = [
    "",
    " ",
    "\0",
    "a\0b",
    "\ufeff",
    "\u200b\u200d",
    "\u202eabc\u202c",
    "e\u0301",
    "\U0001f469\u200d\U0001f467",
    "\U0010ffff",
]
ODD += [
    "\ud800",
    "a\udfffb",
    "Z\u0351\u036b\u0343" * 40,
    "\u0130\u0131\u017f",
    "\ufdfa" * 50,
    "\x7f\x1b[31m",
    "\x85",
    "\ufffe",
]
NUMBERS = [
    "0",
    "-1",
    "1e999",
    "nan",
    "inf",
    "-0",
    "00",
    "9" * 19,
    "9" * 400,
    "0x10",
    "1_000",
    "\uff11",
    "\u0663",
    "\u00b2",
    "1.5",
    "+1",
]
NUMBERS += ["2147483648", "9223372036854775808", "-9223372036854775809", "1,5", "true", "null", "[]", "{}", "NaN"]
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    "\u2212 1",
    "\uff1d1+1",
    " =HYPERLINK(1)",
    "'=1",
]
LONG = ["a" * HUGE, "\U0001f600" * 9_000, "<" * 9_000, "%" * 9_000, "((((" * 4_000, "a b " * 9_000, "\n" * 9_000]
EVERY = [MARKUP, TEMPLATES, SQL, PATHS, ELSEWHERE, LINES, ODD, NUMBERS, FORMULAS]
LANGUAGES = ["en", "cy", "ar", "EN", "xx", "en-GB", "ar;q=9", "../en", "\0", "pl", "zz" * 200]
HOSTS = [
    "evil.example",
    f"{MARK}.example",
    "127.0.0.1:99999",
    "127.0.0.1@evil.example",
    "localhost\\@x",
    "[::1",
    "",
    "a" * 900,
]
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "\u0130"]


def text(draw: Random, *, long: bool = True) -> str:
    """A hostile text."""
    roll = draw.random()
    if long and roll < 0.02:
        return draw.choice(LONG)
    if roll < 0.12:
        return "".join(
            chr(draw.choice((draw.randrange(0x20, 0x7F), draw.randrange(0x3000)))) for _ in range(draw.randrange(30))
        )
    if roll < 0.22:
        return text(draw, long=False) + text(draw, long=False)
    return draw.choice(draw.choice(EVERY))


def raw(draw: Random, size: int = 200) -> bytes:
    """Bytes of no meaning."""
    return draw.randbytes(draw.randrange(size))


def encoded(value: str) -> str:
    """A text as an address carries it; half a surrogate becomes bytes that are no UTF-8."""
    return quote_from_bytes(value.encode("utf-8", "surrogatepass"))


def query(draw: Random, names: list[str]) -> str:
    """A query string: known and unknown names, several times, well or badly written."""
    if draw.random() < 0.1:
        return draw.choice(
            ["&&&=", "%", "%zz=%", "a" * 9_000, "=".join(names), "a[]=1&a[b]=2", "%00=%ff&%ed%a0%80=1", "?" * 9]
        )
    pairs = [(draw.choice([*names, text(draw, long=False)]), text(draw)) for _ in range(draw.randrange(1, 5))]
    return "&".join(f"{encoded(name)}={encoded(value)}" for name, value in pairs)


def fields(draw: Random, names: list[str]) -> list[tuple[str, str]]:
    """Fields of a form: known and unknown, doubled, nested by their names."""
    made = [(draw.choice(names), text(draw)) for _ in range(draw.randrange(1, 8))]
    if draw.random() < 0.2:
        made += [(f"{draw.choice(names)}[{draw.choice(['', '0', '__proto__'])}]", text(draw, long=False))]
    if draw.random() < 0.03:
        made *= 150
    return made


def written(draw: Random, made: list[tuple[str, str]]) -> tuple[bytes, str]:
    """A body of fields, with what it is said to be: as a form most often, else as something a form is not."""
    plain = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in made).encode()
    roll = draw.random()
    if roll < 0.7:
        return plain, "application/x-www-form-urlencoded"
    if roll < 0.8:
        return multipart(made), "multipart/form-data; boundary=tl"
    if roll < 0.85:
        return json.dumps(dict(made)).encode(), "application/json"
    if roll < 0.9:
        return plain, draw.choice(
            ["text/plain", "multipart/form-data", "", "application/xml", "a" * 5_000, "x/y;charset=utf-7"]
        )
    if roll < 0.95:
        return plain[: draw.randrange(len(plain) + 1)] + draw.choice(
            [b"%", b"%f", b"&&=", b"\xff\xfe"]
        ), "application/x-www-form-urlencoded"
    return raw(draw, 3_000), "application/x-www-form-urlencoded; charset=utf-16"


def multipart(made: list[tuple[str, str]]) -> bytes:
    """Fields as a form with files sends them, one of them called a file with a path."""
    parts = [
        f'--tl\r\nContent-Disposition: form-data; name="{name}"; filename="../{name}"\r\n\r\n{value}\r\n'
        for name, value in made
    ]
    return ("".join(parts) + "--tl--").encode("utf-8", "surrogatepass")
