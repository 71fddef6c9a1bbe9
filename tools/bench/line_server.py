"""Answers lines of JSON on standard input with lines of JSON on standard output, one at a time."""
import json
import os
import resource
import sys
import traceback


def serve(handlers):
    """`handlers`: what `do` names → a function of the request's other fields that returns a dictionary."""
    # Libraries print; only answers may reach standard output.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    handlers = {**handlers, "peak": peak}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = handlers[request.pop("do")](**request)
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def peak():
    """The largest resident set of this process so far; Linux counts in KiB, macOS in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return {"bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}
