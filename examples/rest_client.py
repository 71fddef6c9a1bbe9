"""Asks a running `korex serve` for the relation of each pair, then shows how a wrong request is rejected.

    python3 examples/rest_client.py http://localhost:8080
"""

import json
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"


def post(path, body):
    request = Request(address + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urlopen(request) as response:
        return json.load(response)


sentence = "한빛전자는 2011년 서지우가 세운 회사이다."
company, founder = {"word": "한빛전자", "type": "ORG"}, {"word": "서지우", "type": "PER"}
requests = [
    {"sentence": sentence, "subject": subject, "object": object_}
    for subject, object_ in [(company, founder), (founder, company)]
]
for answer in post("/v1/predict", {"requests": requests})["results"]:
    print(answer["relation"], round(answer["confidence"], 2), answer["decision"])

try:
    post("/v1/predict", {"sentence": sentence, "subject": {"word": "가람"}, "object": founder})
except HTTPError as error:
    # Every error is problem details (RFC 9457).
    problem = json.load(error)
    print(error.code, problem["title"] + ":", problem["detail"])
