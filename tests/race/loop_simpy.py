"""The loop of drydock in SimPy 4: clients that try again, a balancer with one
build a pod and a queue that lasts 5 s, KEDA's poll, the HPA with its window and
its policies, pods that start, nodes that start and go. The settings are those
of scenarios/prod.yaml.

usage: loop_simpy.py TRACE SEED    prints a JSON object with served, mean wait
and CPU seconds; reading the trace is not in them.

Left out, as this loop never needs it: attempts that run out, the job's limit,
balancer restarts, check results, DNS answers that are too long, API rates of
ReplicaSets, budgets against eviction, refusals of the cloud, boots that fail,
expiry, prices, lower bounds, waiting by cause, levels over time and every other
figure but builds served and their wait."""
import collections
import csv
import datetime
import json
import math
import random
import sys
import time

import simpy

SYNC_S, POLL_S, PASS_S, BATCH_S = 15.0, 30.0, 10.0, 45.0
QUEUE_S, BUDGET_S, PAUSE_S = 5.0, 20.0, 15.0
WINDOW_S, EMPTY_S, DRAIN_LOOK_S = 1200.0, 300.0, 15.0
TOLERANCE, MIN, MAX = 0.1, 2, {"amd64": 360, "arm64": 30}
# Pods that fit on a node: requests against an instance of the only type.
PER_NODE = {"amd64": 2, "arm64": 5}


def lognormal(p50, p90, low, high):
    sigma = math.log(p90 / p50) / 1.2815515655446004
    return min(max(p50 * math.exp(sigma * random.gauss(0, 1)), low), high)


class Node:
    def __init__(self):
        self.pods = 0
        self.ready = False
        self.warm = False
        self.empty_since = math.inf


class Pod:
    def __init__(self, born_s):
        self.node = None
        self.born_s = born_s
        self.ready_s = math.inf
        self.busy = False
        self.known = False
        self.leaving = False


class Pool:
    def __init__(self, env, name, results):
        self.env, self.name, self.results = env, name, results
        self.pods, self.nodes, self.unplaced = [], [], []
        self.queue = collections.deque()
        self.idle = collections.deque()
        self.sessions = 0
        self.wanted = MIN
        self.advice = collections.deque()
        self.ups = collections.deque()
        self.downs = collections.deque()
        self.batching = False
        self.active = True
        for loop in (self.hpa, self.keda, self.consolidation):
            env.process(loop())
        for _ in range(MIN):
            env.process(self.pod_life(Pod(0.0)))

    # ------------------------------------------------------------ clients

    def build(self, work_s):
        env, asked_s = self.env, self.env.now
        while True:
            pod = yield from self.attempt()
            if pod:
                break
            yield env.timeout(PAUSE_S)
        self.results.append(env.now - asked_s)
        yield env.timeout(work_s)
        pod.busy = False
        self.sessions -= 1
        self.offer(pod)

    def attempt(self):
        env = self.env
        yield env.timeout(0.15)
        end_s = env.now + BUDGET_S
        gap_s = 1.0
        while True:
            self.sessions += 1
            pod = self.free_pod()
            if not pod:
                turn = env.event()
                self.queue.append(turn)
                left_s = min(QUEUE_S, end_s - env.now)
                yield turn | env.timeout(left_s)
                if turn.triggered:
                    pod = turn.value
                else:
                    self.queue.remove(turn)
            if pod:
                return pod
            self.sessions -= 1
            if env.now + gap_s >= end_s:
                yield env.timeout(max(end_s - env.now, 0.0))
                return None
            yield env.timeout(gap_s)
            gap_s = random.random()

    # ------------------------------------------------------------ balancer

    def free_pod(self):
        while self.idle:
            pod = self.idle.popleft()
            if pod.known and not pod.busy:
                pod.busy = True
                return pod
        return None

    def offer(self, pod):
        if not pod.known:
            return
        if self.queue:
            pod.busy = True
            self.queue.popleft().succeed(pod)
        else:
            self.idle.append(pod)

    def name_lag_s(self):
        cached_s = random.uniform(0, 5) if random.random() < 0.5 else 0.0
        return random.uniform(0, 1) + random.uniform(0, 1) + cached_s

    # -------------------------------------------------------------- scaler

    def keda(self):
        while True:
            yield self.env.timeout(POLL_S)
            self.active = self.sessions > 0

    def hpa(self):
        yield self.env.timeout(random.uniform(0, SYNC_S))
        while True:
            wanted = self.decide(self.sessions)
            if wanted != self.wanted:
                self.env.process(self.scale(wanted))
            yield self.env.timeout(SYNC_S)

    def decide(self, load):
        now, n = self.env.now, self.wanted
        wish = n if abs(load / n - 1) <= TOLERANCE else load
        wish = min(max(wish, MIN), MAX[self.name])
        while self.advice and self.advice[0][0] <= now - WINDOW_S:
            self.advice.popleft()
        while self.advice and self.advice[-1][1] <= wish:
            self.advice.pop()
        self.advice.append((now, wish))
        if wish > n:
            while self.ups and self.ups[0][0] <= now - 15:
                self.ups.popleft()
            start = n - sum(k for _, k in self.ups)
            wish = max(min(wish, max(start + 4, start * 2)), n)
            if wish > n:
                self.ups.append((now, wish - n))
        elif wish < n:
            wish = min(max(wish, self.advice[0][1]), n)
            while self.downs and self.downs[0][0] <= now - WINDOW_S:
                self.downs.popleft()
            start = n + sum(k for _, k in self.downs)
            most = min(start - 10, math.floor(start * 0.8))
            wish = min(max(wish, most, MIN), n)
            if wish < n:
                self.downs.append((now, n - wish))
        return wish

    def scale(self, wanted):
        yield self.env.timeout(0.08)
        self.wanted = wanted
        yield self.env.timeout(lognormal(0.3, 1, 0.05, 5))
        alive = [p for p in self.pods if not p.leaving]
        for _ in range(self.wanted - len(alive)):
            self.env.process(self.pod_life(Pod(self.env.now)))
        if len(alive) > self.wanted:
            for pod in self.victims(alive)[: len(alive) - self.wanted]:
                pod.leaving = True
                self.env.process(self.removal(pod))

    def victims(self, alive):
        now = self.env.now
        on_node = collections.Counter(p.node for p in alive)

        def rank(p):
            ready = p.ready_s <= now
            ready_for = math.floor(math.log10(max(now - p.ready_s, 1))) if ready else 0
            return (p.node is not None, ready, -on_node[p.node], ready_for, -p.born_s)

        return sorted(alive, key=rank)

    # ---------------------------------------------------------------- pods

    def pod_life(self, pod):
        env = self.env
        self.pods.append(pod)
        yield env.timeout(lognormal(0.5, 2, 0.05, 15))
        node = self.room()
        if not node:
            self.unplaced.append(pod)
            if not self.batching:
                env.process(self.batch())
            pod.placed = env.event()
            node = yield pod.placed
        else:
            self.place(pod, node)
        if pod.leaving:
            return
        pull_s = 0.0 if node.warm else lognormal(6, 40, 2, 300)
        yield env.timeout(pull_s + lognormal(1.5, 3, 0.5, 30))
        node.warm = True
        yield env.timeout(30 + random.uniform(0.1, 0.5) + random.uniform(0.1, 1))
        if pod.leaving:
            return
        pod.ready_s = env.now
        yield env.timeout(self.name_lag_s())
        if not pod.leaving:
            pod.known = True
            self.offer(pod)

    def removal(self, pod):
        env = self.env
        if pod.known:
            yield env.timeout(self.name_lag_s())
            pod.known = False
        idle_looks = 0
        while pod.ready_s < math.inf and idle_looks < 2:
            yield env.timeout(DRAIN_LOOK_S)
            idle_looks = 0 if pod.busy else idle_looks + 1
        yield env.timeout(lognormal(2, 5, 0.5, 60))
        self.pods.remove(pod)
        if pod.node:
            pod.node.pods -= 1
            if pod.node.pods == 0:
                pod.node.empty_since = env.now
        self.place_waiting()

    # --------------------------------------------------------------- nodes

    def room(self):
        for node in self.nodes:
            if node.ready and node.pods < PER_NODE[self.name]:
                return node
        return None

    def place(self, pod, node):
        pod.node = node
        node.pods += 1
        node.empty_since = math.inf

    def place_waiting(self):
        while self.unplaced:
            pod = self.unplaced[0]
            node = None if pod.leaving else self.room()
            if not node and not pod.leaving:
                return
            self.unplaced.pop(0)
            if node:
                self.place(pod, node)
            pod.placed.succeed(node)

    def batch(self):
        env = self.env
        self.batching = True
        yield env.timeout(BATCH_S)
        self.batching = False
        coming = sum(not n.ready for n in self.nodes) * PER_NODE[self.name]
        missing = len(self.unplaced) - coming
        for _ in range(math.ceil(missing / PER_NODE[self.name])):
            node = Node()
            self.nodes.append(node)
            env.process(self.node_life(node))

    def node_life(self, node):
        yield self.env.timeout(lognormal(0.2, 0.5, 0.05, 60) + lognormal(1.5, 3, 0.7, 30))
        yield self.env.timeout(lognormal(35, 60, 15, 900) + lognormal(10, 18, 3, 300))
        node.ready = True
        node.empty_since = self.env.now
        self.place_waiting()

    def consolidation(self):
        leaving_until = 0.0
        while True:
            yield self.env.timeout(PASS_S)
            now = self.env.now
            if now < leaving_until:
                continue
            for node in self.nodes:
                if node.ready and now - node.empty_since >= EMPTY_S:
                    self.nodes.remove(node)
                    leaving_until = now + 15 + lognormal(35, 38, 31, 120) + lognormal(60, 120, 20, 900)
                    break


def clients(env, builds, pools):
    for asked_s, pool, work_s in builds:
        yield env.timeout(asked_s - env.now)
        env.process(pools[pool].build(work_s))


def read(path):
    rows, first = [], None
    with open(path, newline="") as f:
        for row in csv.DictReader(f):
            at = datetime.datetime.fromisoformat(row["asked_at"].replace("Z", "+00:00"))
            first = first or at.replace(hour=0, minute=0, second=0, microsecond=0)
            rows.append(((at - first).total_seconds(), row["pool"], float(row["work_s"])))
    return sorted(rows)


def main():
    builds = read(sys.argv[1])
    random.seed(int(sys.argv[2]))
    began_s = time.process_time()
    env, waits = simpy.Environment(), {"amd64": [], "arm64": []}
    pools = {name: Pool(env, name, waits[name]) for name in waits}
    env.process(clients(env, builds, pools))
    env.run(until=14 * 86400 + 7200)
    took_s = time.process_time() - began_s
    every = waits["amd64"] + waits["arm64"]
    print(json.dumps({"served": len(every), "mean_s": sum(every) / len(every),
                      "amd64_mean_s": sum(waits["amd64"]) / len(waits["amd64"]),
                      "cpu_s": took_s}))


main()
