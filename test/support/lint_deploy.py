"""Checks the files of deploy/ by the tools of their kinds; prints what is wrong, and the command lines of korex in them, as JSON."""

import json
import subprocess
import sys
from pathlib import Path

import botocore.session
import botocore.validate
import compose_spec
import yaml

folder = Path(sys.argv[1])
problems: list[str] = []
commands: list[list[str]] = []


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        problems.append(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


run("hadolint", "--no-color", str(folder / "Dockerfile"))
run("shellcheck", str(folder / "slurm.sh"))

for path in sorted((folder / "kubernetes").glob("*.yaml")):
    documents = [document for document in yaml.safe_load_all(path.read_text()) if document]
    # KEDA's kinds are not Kubernetes's own: nothing here knows their schema.
    if all(document["apiVersion"].startswith("keda.sh/") for document in documents):
        continue
    said = run("kubernetes-validate", "--strict", str(path))
    if "WARN" in said:
        problems.append(said)
    for document in documents:
        template = document["spec"].get("template", {}).get("spec", {})
        commands += [one["args"] for one in template.get("containers", []) if one["name"] == "korex"]
        if document["kind"] == "Job" and document["spec"].get("completionMode") == "Indexed":
            environment = {one["name"]: one["value"] for one in template["containers"][0]["env"]}
            if environment["KOREX_SHARDS"] != str(document["spec"]["completions"]):
                problems.append(f"{path}: KOREX_SHARDS is not the number of completions")

text = (folder / "compose.yaml").read_text()
try:
    compose_spec.PyOptions(apply_merge=True).from_yaml(text)
except Exception as error:
    problems.append(f"compose.yaml: {error}")
for service in yaml.safe_load(text)["services"].values():
    if service["image"].startswith("korex:"):
        commands.append(service["command"])

batch = botocore.session.Session().get_service_model("batch")
for operation, name in (("RegisterJobDefinition", "aws-batch-definition.json"), ("SubmitJob", "aws-batch-job.json")):
    value = json.loads((folder / name).read_text())
    report = botocore.validate.ParamValidator().validate(value, batch.operation_model(operation).input_shape)
    if report.has_errors():
        problems.append(f"{name}: {report.generate_report()}")
    if "containerProperties" in value:
        commands.append(value["containerProperties"]["command"])

print(json.dumps({"problems": problems, "commands": commands}))
