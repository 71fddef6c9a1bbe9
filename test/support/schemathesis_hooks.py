"""How schemathesis sends lines of JSON, which it does not know of itself, and when."""

import json
import os

import schemathesis

LINES = "application/x-ndjson"


@schemathesis.serializer(LINES)
def ndjson(_context, value):
    text = value if isinstance(value, str) else json.dumps(value)
    return text.encode("utf-8", errors="surrogatepass")


@schemathesis.hook
def filter_case(_context, case):
    """Streams of lines in runs of their own: a wrong line has its problem in the stream, whose status is 200."""
    return (case.media_type == LINES) == (os.environ["KOREX_LINES"] == "1") or case.media_type is None
