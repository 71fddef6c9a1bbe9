"""moto's S3 on a free port, with one bucket, until standard input ends."""

import logging
import os
import sys

os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION="us-east-1")

from moto.server import ThreadedMotoServer  # noqa: E402

logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
# Requests that a test cuts end in tracebacks here.
os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
sys.stdin.read()
server.stop()
