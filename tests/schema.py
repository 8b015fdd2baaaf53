"""schema.py PROGRAM ROOT WORK - the JSON Schemas agree with the program: what
is shipped passes, and what the program refuses for its form is refused."""

import glob
import json
import os
import subprocess
import sys

import jsonschema
import yaml

program, root, work = sys.argv[1:]
failed = 0


class Loader(yaml.SafeLoader):
    """YAML as its core schema has it: no dates, and yes is a text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regex) for tag, regex in pairs
            if not tag.endswith((":timestamp", ":bool"))]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$"),
    list("tf"))


def check(good, what):
    global failed
    if not good:
        print("FAIL", what)
        failed += 1


def output(*words, status=0):
    p = subprocess.run([program, *words], capture_output=True, text=True,
                       timeout=60, check=False)
    check(p.returncode == status, f"{words}: status {p.returncode}: {p.stderr}")
    return p.stdout


def error_of(validator, document):
    e = jsonschema.exceptions.best_match(validator.iter_errors(document))
    return f"{'/'.join(map(str, e.absolute_path))}: {e.message}" if e else None


def validator_of(which):
    schema = json.loads(output("check", "--schema=" + which))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


# ---------------------------------------------------------------- scenarios

scenario = validator_of("scenario")
paths = [p for folder in ("scenarios", "scenarios/stories",
                          "scenarios/compare", "tests/golden",
                          "tests/corpus/scenario")
         for p in sorted(glob.glob(os.path.join(root, folder, "*.yaml")))]
check(len(paths) > 30, "the shipped scenarios are there")
for path in paths:
    with open(path, encoding="utf-8") as f:
        wrong = error_of(scenario, yaml.load(f, Loader))
    check(wrong is None, f"{path}: {wrong}")

rows = 0
for line in output("check", "--explain").splitlines()[2:]:
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    key, value = cells[0].strip("`"), cells[2].removeprefix("manifests; ")
    if value == "not set":
        continue
    rows += 1
    kinds = {"a pool": "p." + key, "": key}
    names = [key, kinds.get(cells[1], key.replace(".", ".n-1.x.", 1))]
    for name in names:
        text = f"set: {{{name}: {json.dumps(value) if '(' in value else value}}}"
        wrong = error_of(scenario, yaml.load(text, Loader))
        check(wrong is None, f"{text}: {wrong}")
check(rows > 150, "the defaults of the table are there")

BASE = f"""trace: {root}/traces/data/scale-test.csv
manifests: {root}/scenarios/manifests/prod
"""
GOOD = """
lb: {bk_amd64: {slots: 4}, bk_arm64.slots: 5, maxconn: 2}
hpa: {sync_period: 15s}
hpa.sync_period: no, see bad
kubelet: {readiness: {period: 5s}, readiness.delay: 1s}
set: {amd64: {max_replicas: 9}, arm64.max_replicas: 9, lb: {retries: 1}}
set: {lb.bk_amd64.slots: 4, nodepool.a.b.weight: 3}
sharing: {exponent: 1}
clients: {default: {tool: buildctl, attempts: 3}}
faults: [{at: 36h, for: 1h, no_capacity: {types: [m6id.24xlarge]}}]
faults: [{at: 1s, lb_restart: }]
targets: {p95_wait: 5m, killed: 0}
instance_types: {x.large: {arch: arm64, vcpu: 2, memory: 8Gi}}
start: {amd64: 3}
""".strip().splitlines()
GOOD = [line for line in GOOD if "see bad" not in line]
BAD = """
tagrets: {p95_wait: 5m}
hpa.sync_period: 15s
hpa: {sync_perid: 15s}
hpa: {sync_period: 15}
hpa: {sync_period: 15 s}
hpa: {amd64: {sync_period: 15s}}
lb: {slots: 0}
lb: {slots: 4.5}
lb: {slots: 65536}
lb: {bk_amd64: {slotz: 4}}
kubelet: {readiness: {perod: 5s}}
set: {max_replica: 9}
set: {amd64.max_replica: 9}
set: {amd64: {max_replica: 9}}
versions: {kubernetes: new}
clients: {default: {tool: docker}}
clients: {default: {attempt: 3}}
targets: {p95_wait: 5}
targets: {p96_wait: 5m}
targets: {killed: -1}
faults: [{for: 1h, lb_restart: {}}]
faults: [{at: 1s}]
faults: [{at: 1s, lb_restart: {}, lb_reload: {}}]
faults: [{at: 1s, for: 1h, lb_restart: {}}]
faults: [{at: 1s, no_capacity: {}}]
faults: [{at: 1s, for: 1h, until: 2h, no_capacity: {}}]
faults: [{at: 1s, for: 1h, slow_boot: }]
faults: [{at: 1s, for: 1h, slow_boot: {factor: 0}}]
faults: [{at: 1s, lb_restart: {gasp: 5s}}]
faults: [{at: 1s, node_lost: {nodes: 0}}]
instance_types: {x.large: {arch: sparc, vcpu: 2, memory: 8Gi}}
start: {amd64: -1}
pools: {x: {backend: bk_amd64}}
""".strip().splitlines()
for line in BAD:
    name = os.path.join(work, "bad.yaml")
    with open(name, "w", encoding="utf-8") as f:
        f.write(BASE + line + "\n")
    output("check", name, "--quiet", status=1)
    check(error_of(scenario, yaml.load(BASE + line, Loader)) is not None,
          f"the schema accepts {line}")
for line in GOOD:
    wrong = error_of(scenario, yaml.load(BASE + line, Loader))
    check(wrong is None, f"{line}: {wrong}")

output("check", "--schema=alerts", status=2)

# ---------------------------------------------------------------- summary

summary = validator_of("summary")


def undescribed(value, schema, at=""):
    """Keys of a file that its schema does not speak of."""
    if isinstance(value, list):
        return [k for v in value
                for k in undescribed(v, schema.get("items", {}), at + "[]")]
    found = []
    for key in value if isinstance(value, dict) else ():
        known = schema.get("properties", {})
        inner = known.get(key, schema.get("additionalProperties"))
        if inner is None:
            found.append(f"{at}.{key}")
        else:
            found += undescribed(value[key], inner, f"{at}.{key}")
    return found


for reps in ("1", "2"):
    out = os.path.join(work, "run" + reps)
    subprocess.run([program, "run", os.path.join(root, "tests/golden/burst.yaml"),
                    "-q", "--no-plots", "--reps", reps, "-o", out],
                   stdout=subprocess.DEVNULL, timeout=60, check=False)
    with open(os.path.join(out, "summary.json"), encoding="utf-8") as f:
        produced = json.load(f)
    wrong = error_of(summary, produced)
    check(wrong is None, f"summary.json of {reps}: {wrong}")
    missing = undescribed(produced, summary.schema)
    check(not missing, f"not described: {missing}")
pool = next(iter(produced["pools"].values()))
pool["builds"] = "many"
check(error_of(summary, produced) is not None, "a count is a number")
del pool["builds"]
check(error_of(summary, produced) is not None, "builds are needed")

# ---------------------------------------------------------------- lines


def part_of(schema, name):
    """The schema of one kind of line."""
    return jsonschema.Draft7Validator(
        {"$ref": "#/definitions/" + name, "definitions": schema["definitions"]})


def resolved(schema, root):
    """With every reference replaced, for undescribed()."""
    if isinstance(schema, list):
        return [resolved(s, root) for s in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return resolved(root["definitions"][schema["$ref"].split("/")[-1]], root)
    return {key: resolved(value, root) for key, value in schema.items()}


def answers(command, lines, status=0):
    p = subprocess.run([program, command], capture_output=True, text=True,
                       input="".join(json.dumps(line) + "\n" for line in lines),
                       timeout=60, check=False)
    check(p.returncode == status,
          f"{command} {lines[-1]}: status {p.returncode}: {p.stderr}")
    return [json.loads(line) for line in p.stdout.splitlines()]


def lines_pass(schema, kind, lines):
    known = resolved(schema["definitions"][kind], schema)
    for line in lines:
        wrong = error_of(part_of(schema, kind), line)
        check(wrong is None, f"{kind} {line}: {wrong}")
        missing = undescribed(line, known)
        check(not missing, f"{kind}: not described: {missing}")


def changed(line, change):
    """A copy; what is changed to ... is left out."""
    return {k: v for k, v in {**line, **change}.items() if v is not ...}


HPA = {"kubernetes": "1.35", "specReplicas": 4, "statusReplicas": 4,
       "minReplicas": 2, "maxReplicas": 40, "targetMilli": 1000,
       "metricMilli": [9000, 2385]}
HPA_GOOD = [
    {}, {"metricMilli": "error"}, {"specReplicas": 0}, {"proposal": 7},
    {"targetMilli": ..., "metricMilli": None, "proposal": 0},
    {"tolerance": {"up": 0.5, "down": None}, "recommendations": [[5, 10.5]]},
    {"recommendations": None, "scaleUpEvents": [[3, 20], [1, 900, True]],
     "scaleDownEvents": [], "downscaleStabilizationSeconds": 60},
    {"behavior": {"scaleUp": {"stabilizationWindowSeconds": 0, "policies": [
        {"type": "Pods", "value": 4, "periodSeconds": 60}],
        "selectPolicy": "Min", "tolerance": "50m"}, "scaleDown": None}},
]
HPA_BAD = [
    {"kubernetes": ...}, {"kubernetes": "2.1"}, {"kubernetes": 1.35},
    {"specReplicas": -1}, {"statusReplicas": "4"}, {"minReplicas": ...},
    {"maxReplicas": 0}, {"targetMilli": 0}, {"metricMilli": "bad"},
    {"metricMilli": [1.5]}, {"tolerance": 0.1}, {"tolerance": {"up": -1}},
    {"recommendations": [[5]]}, {"recommendations": [[5, -1]]},
    {"recommendations": [[5, 1, True]]}, {"scaleUpEvents": [[0, 1]]},
    {"scaleDownEvents": [[1, 1, 1]]}, {"proposal": 1.5},
    {"downscaleStabilizationSeconds": 86401},
    {"behavior": {"scaleUp": {"policies": []}}},
    {"behavior": {"scaleUp": {"selectPolicy": "Most"}}},
    {"behavior": {"scaleDown": {"stabilizationWindowSeconds": 3601}}},
    {"behavior": {"scaleDown": {"policies": [{"type": "Pods", "value": 4}]}}},
]
hpa = validator_of("hpa").schema
good = [changed(HPA, c) for c in HPA_GOOD]
lines_pass(hpa, "question", good)
lines_pass(hpa, "answer", answers("hpa", good))
for change in HPA_BAD:
    line = changed(HPA, change)
    answers("hpa", [line], status=1)
    check(error_of(part_of(hpa, "question"), line) is not None,
          f"the schema of hpa accepts {change}")

CRON = {"type": "cron", "metadata": {
    "timezone": "UTC", "start": "0 8 * * *", "end": "0 18 * * *",
    "desiredReplicas": "10"}}
METRIC = {"type": "metrics-api", "metricType": "AverageValue",
          "metadata": {"targetValue": "1", "activationTargetValue": 0.5}}
KEDA = {"kedaVersion": "2.16.1", "minReplicaCount": 2, "maxReplicaCount": 40}
KEDA_GOOD = [
    {}, {"spec": {"minReplicaCount": 3}}, {"triggers": [METRIC, CRON]},
    {"origin": "2026-06-09T10:00:00Z", "triggers": None},
    {"fallback": {"failureThreshold": 3, "replicas": 6, "behavior": "static"},
     "metadata": {"annotations": {"autoscaling.keda.sh/paused": "false"}}},
    {"pollingInterval": 30, "cooldownPeriod": 0, "minReplicaCount": 2},
]
KEDA_BAD = [
    {"kedaVersion": ...}, {"kedaVersion": "1.0"}, {"minReplicaCount": -1},
    {"maxReplicaCount": "40"}, {"triggers": []}, {"triggers": [5]},
    {"triggers": [{"type": "prometheus"}]},
    {"triggers": [{"metricType": "Utilization"}]},
    {"triggers": [{"type": "cron", "metadata": {"timezone": "UTC"}}]},
    {"triggers": [{"metadata": {"targetValue": "much"}}]},
    {"fallback": {"replicas": 6}}, {"fallback": 6}, {"pollingInterval": 1.5},
    {"fallback": {"failureThreshold": 3, "replicas": 6, "behavior": "none"}},
    {"spec": []},
]
STEP = {"t": 30, "who": "poll", "result": 12.5}
STEP_GOOD = [
    {}, {"who": "hpa", "spec": 5, "status": 4, "ready": 4, "trigger": 0},
    {"result": "error", "t": 60.5}, {"result": "hang", "t": 90, "spec": None},
    {"result": [3], "t": 120},
]
STEP_BAD = [
    {"t": ...}, {"t": -1}, {"t": "30"}, {"who": "user"}, {"who": ...},
    {"result": "bad"}, {"result": [True]}, {"spec": -1}, {"ready": 2.5},
]
keda = validator_of("keda").schema
good = [changed(STEP, c) for c in STEP_GOOD]
lines_pass(keda, "evaluation", good)
lines_pass(keda, "answer", answers("keda", [KEDA] + good))
for change in KEDA_GOOD:
    line = changed(KEDA, change)
    n = len(line.get("triggers") or [1])
    wrong = error_of(part_of(keda, "scaledObject"), line)
    check(wrong is None, f"{change}: {wrong}")
    lines_pass(keda, "answer",
               answers("keda", [line, {**STEP, "result": [1] * n}]))
for change in KEDA_BAD:
    line = changed(KEDA, change)
    answers("keda", [line], status=1)
    check(error_of(part_of(keda, "scaledObject"), line) is not None,
          f"the schema of keda accepts {change}")
for change in STEP_BAD:
    line = changed(STEP, change)
    answers("keda", [KEDA, line], status=1)
    check(error_of(part_of(keda, "evaluation"), line) is not None,
          f"the schema of keda accepts {change}")

mistakes = len(BAD) + len(HPA_BAD) + len(KEDA_BAD) + len(STEP_BAD)
print(f"{len(paths)} scenarios, {rows} parameters, {mistakes} mistakes")
sys.exit(failed > 0)
