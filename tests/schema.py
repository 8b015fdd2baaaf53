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

print(f"{len(paths)} scenarios, {rows} parameters, {len(BAD)} mistakes")
sys.exit(failed > 0)
