"""html_year.py POOL.yaml NAME - a scenario NAME.yaml of a year with six pools
that are like the one pool of POOL.yaml: a burst of each every 7 hours."""
import sys

POOLS, HOURS, BURST = 6, 365 * 24, 3


def manifests(text):
    """Objects that belong to a pool are there for each; the balancer once."""
    shared, own, balancer = [], [], ""
    for part in text.split("---\n"):
        if "kind: ConfigMap" in part and "haproxy.cfg" in part:
            balancer = part
        elif "amd64" in part:
            own.append(part)
        else:
            shared.append(part)
    head, ends = balancer.split("    frontend", 1)
    for i in range(1, POOLS + 1):
        pool = "p%d" % i
        for part in own:
            shared.append(part.replace("amd64", pool)
                          .replace("app: buildkitd", "app: buildkitd-" + pool))
        end = ends.replace("amd64", pool)
        end = end.replace("template amd ", "template %s " % pool)
        head += "    frontend" + end.replace(":1234\n", ":%d\n" % (1233 + i))
    return "---\n".join(shared + [head])


def trace():
    yield "build,pool,asked_at,work_s\n"
    n = 0
    for hour in range(0, HOURS, 7):
        for i in range(1, POOLS + 1):
            for k in range(BURST + hour % 5):
                n += 1
                yield "%d,p%d,%d,%d\n" % (n, i, 3600 * hour + 60 * i + k, 900)


with open(sys.argv[1]) as f:
    source = f.read()
name = sys.argv[2]
with open(name + "-pools.yaml", "w") as f:
    f.write(manifests(source))
with open(name + ".csv", "w") as f:
    f.writelines(trace())
with open(name + ".yaml", "w") as f:
    f.write("trace: %s.csv\nmanifests: %s-pools.yaml\n" % (name, name))
