"""Relations of rows in Spark: a korex process beside each task, which loads the model once and is fed row after row.

    spark-submit deploy/spark.py pipe IN OUT      lines of JSON in, lines of JSON out (RDD.pipe)
    spark-submit deploy/spark.py pandas IN OUT    a table in, a table out (DataFrame.mapInPandas; needs pandas and pyarrow)

IN has rows as `korex batch` takes them, each with an `id`: one JSON object a line, or for `pandas` any table that Spark reads as
Parquet. KOREX names the command where it is not `korex`; what is in KOREX_OPTIONS is added to it.

Rows that cannot be answered are named in the executors' logs and missing in the result: join by `id` to find them.
"""

import itertools
import json
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator

from pyspark.sql import SparkSession

# A task has one core, unless spark.task.cpus says more.
COMMAND = f"{os.environ.get('KOREX', 'korex')} batch - - --threads 1 --lang en {os.environ.get('KOREX_OPTIONS', '')}"

# Tasks without a row have nothing to ask; korex takes an empty input for a mistake.
PIPE = f"""sh -c 'IFS= read -r first || exit 0; {{ printf "%s\\n" "$first"; cat; }} | {COMMAND}'"""

SCHEMA = "id string, relation string, confidence double"


def answered(frames: Iterator["pandas.DataFrame"]) -> Iterator["pandas.DataFrame"]:  # noqa: F821
    """Answers of a partition's rows. One process for all of its frames, fed by a thread while its answers are read."""
    import pandas

    first = next((frame for frame in frames if len(frame) > 0), None)
    if first is None:
        return
    process = subprocess.Popen(shlex.split(COMMAND), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    failure: list[BaseException] = []

    def feed() -> None:
        try:
            with process.stdin as rows:
                for frame in itertools.chain([first], frames):
                    write(rows, frame)
        except BrokenPipeError:
            pass  # Its exit code says why it ended.
        except BaseException as error:
            failure.append(error)
            process.kill()

    def write(rows, frame) -> None:
        # Nested columns come as numpy's; JSON of pandas' own makes lists and objects of them.
        rows.write(frame.to_json(orient="records", lines=True, force_ascii=False))

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        answers = []
        for line in process.stdout:
            answer = json.loads(line)
            answers.append((answer["guid"], answer["relation"], answer["confidence"]))
            if len(answers) == 1000:
                yield pandas.DataFrame(answers, columns=["id", "relation", "confidence"])
                answers = []
        if answers:
            yield pandas.DataFrame(answers, columns=["id", "relation", "confidence"])
        feeder.join()
        if failure:
            raise failure[0]
        if process.wait() != 0:
            raise RuntimeError(f"{COMMAND} ended with {process.returncode}; the executor's log has its reason")
    finally:
        process.kill()


def main(way: str, source: str, target: str) -> None:
    spark = SparkSession.builder.appName("korex").getOrCreate()
    if way == "pipe":
        spark.sparkContext.textFile(source).pipe(PIPE, checkCode=True).saveAsTextFile(target)
    else:
        spark.read.parquet(source).mapInPandas(answered, SCHEMA).write.parquet(target)
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("pipe", "pandas"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
