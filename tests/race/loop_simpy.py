"""The loop of drydock in SimPy 4: clients that try again, a balancer that knows
its servers by name and has a queue of 5 s, KEDA's poll, the HPA with its window
and policies, a ReplicaSet, a scheduler, kubelets, pods that drain, and nodes of
Karpenter that come in batches and go when empty. The settings are those of
scenarios/prod.yaml, without nodes that expire and boots that fail.

usage: loop_simpy.py TRACE SEED [WAITS]

Prints a JSON object: builds served, their mean wait, and CPU seconds without
reading the trace. Draws are Python's own. With WAITS they are drydock's for
this seed, so that the history is drydock's, too: the file gets the wait of each
build in microseconds, which must be drydock's to the last digit.

Left out, since this loop never comes to it: attempts that run out, the job's
limit, the grace of a pod, failing health checks, names without an address, a
full node pool. Left out, too: every figure but the wait."""
import collections
import csv
import datetime
import json
import math
import random
import re
import statistics
import sys
import time

import simpy

MS, S = 1000, 1000000
MASK = (1 << 64) - 1


# ----------------------------------------------------------------- draws


def purposes():
    """Numbers of the purposes, by name."""
    with open("models/system_event.h", encoding="utf-8") as f:
        return {name: i for i, name in enumerate(re.findall(r"DRAW_(\w+)", f.read()))}


class DrydockDraws:
    """As sim/engine/random.c: looked up by purpose, entity and ordinal."""

    def __init__(self, seed):
        self.start = {
            name: self.mix(seed * 0x9E3779B97F4A7C15 + (i + 1) * 0x8CB92BA72F3D8DD7)
            for name, i in purposes().items()
        }

    @staticmethod
    def mix(x):
        x &= MASK
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
        x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
        return x ^ x >> 31

    def bits(self, purpose, entity, ordinal=0):
        step = entity * 0xF1357AEA2E62A9C5 + ordinal * 0xDB4F0B9175AE2165
        return self.mix(self.start[purpose] + step)

    def u01(self, purpose, entity, ordinal=0):
        return (self.bits(purpose, entity, ordinal) >> 11 | 1) * 2.0**-53


class OwnDraws:
    def __init__(self, seed):
        self.draw = random.Random(seed)

    def bits(self, purpose, entity, ordinal=0):
        return self.draw.getrandbits(64)

    def u01(self, purpose, entity, ordinal=0):
        return self.draw.random()


def to_us(s):
    return int(s * 1e6 + 0.5)


def lognormal(p50, p90, low, high):
    normal = statistics.NormalDist().inv_cdf
    sigma = math.log(p90 / p50) / 1.2815515655446004

    def draw(u, factor=1.0):
        s = p50 * math.exp(sigma * normal(u)) * factor
        return to_us(min(max(s, low), high))

    return draw


def uniform(low, high):
    return lambda u: to_us(low + (high - low) * u)


RS_LAG, RS_TRIP = lognormal(0.3, 1, 0.05, 5), lognormal(0.02, 0.06, 0.005, 1)
BIND = lognormal(0.5, 2, 0.05, 15)
PULL, START = lognormal(6, 40, 2, 300), lognormal(1.5, 3, 0.5, 30)
NOTICED, EXEC, STATUS = uniform(0.2, 1.5), uniform(0.1, 0.5), uniform(0.1, 1)
EXIT = lognormal(2, 5, 0.5, 60)
REDIAL, SLICE = uniform(0, 1), uniform(0, 1)
TRIGGER, SOLVE = lognormal(0.2, 0.5, 0.05, 2), lognormal(0.2, 0.5, 0.05, 60)
LAUNCH = lognormal(1.5, 3, 0.7, 30)
REGISTER, INITIALIZE = lognormal(35, 60, 15, 900), lognormal(10, 18, 3, 300)
DAEMONS, TERMINATE = lognormal(35, 38, 31, 120), lognormal(60, 120, 20, 900)


def after(env, delay_us, call):
    env.timeout(delay_us).callbacks.append(lambda _: call())


class Late(simpy.Event):
    """A timeout behind the others of its instant, the smaller rank first."""

    BATCH, DISRUPT = 2, 3

    def __init__(self, env, delay_us, rank):
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, rank, delay_us)


def align(start_us, step_us, us):
    """The first of start, start + step, ... at or after us."""
    steps = -((start_us - us) // step_us)
    return start_us + max(steps, 0) * step_us


# ----------------------------------------------------------------- clients

QUEUE_US, DIAL_US, BUDGET_US = 5 * S, 20 * S, 20 * S
PAUSE_US = 50 * MS + 15 * S + 150 * MS
CONNECT_US, POLL_US, GHOST_US = 50 * MS, S, MS


class Client:
    def __init__(self, loop, number, pool, work_us):
        self.loop, self.env, self.lb = loop, loop.env, pool.lb
        self.number, self.work_us = number, work_us
        self.dials = self.waited_us = 0
        self.done = False

    def run(self):
        self.since_us = self.env.now
        while not (yield from self.attempt()):
            yield self.env.timeout(PAUSE_US)
        self.done = True

    def attempt(self):
        """Whether it has built; if not, now is its end."""
        env, lb = self.env, self.lb
        wait_us = None  # when the wait began: once the first dial is lost
        while True:
            self.dials += 1
            dial_us = env.now
            session = lb.dial()
            if session:
                end_us = dial_us + DIAL_US
                if wait_us is not None:
                    end_us = min(end_us, wait_us + BUDGET_US)
                if not session.slot and end_us <= dial_us + QUEUE_US:
                    after(env, end_us - dial_us, lambda s=session: lb.leave(s))
                if session.slot or (yield session.turn):
                    return (yield from self.build(session, wait_us))
            now_us = env.now
            if wait_us is None:
                wait_us, again_us = now_us, now_us + S
            elif now_us >= wait_us + BUDGET_US:
                return False
            else:
                u = self.loop.u01("GAP", self.number, 2 * self.dials + 1)
                again_us = max(now_us + REDIAL(u), dial_us + POLL_US)
            if again_us >= wait_us + BUDGET_US:
                yield env.timeout(wait_us + BUDGET_US - now_us)
                return False
            yield env.timeout(again_us - now_us)

    def build(self, session, wait_us):
        env = self.env
        self.waited_us += env.now - self.since_us
        start_us = env.now + CONNECT_US
        end_us = math.inf
        if wait_us is not None:
            start_us = align(wait_us, POLL_US, start_us)
            end_us = wait_us + BUDGET_US
        late = start_us >= end_us
        yield env.timeout((end_us if late else start_us + self.work_us) - env.now)
        self.since_us = env.now
        session.pod.builds -= 1
        self.lb.end(session)
        return not late


# ----------------------------------------------------------------- balancer


class Slot:
    def __init__(self, number):
        self.number = number
        self.pod = None
        self.up = self.busy = False


class Session:
    def __init__(self, turn):
        self.turn = turn  # None: its client has left
        self.slot = self.pod = None


class Balancer:
    """One backend; its servers have a slot each, filled from answers."""

    def __init__(self, env, n_slots):
        self.env = env
        self.slots = [Slot(i) for i in range(n_slots)]
        self.slot_of = {}
        self.n_up = self.sessions = 0
        self.idle, self.queue = collections.OrderedDict(), collections.OrderedDict()

    def dial(self):
        """A session, in a slot or in the queue; None if no server is up."""
        if self.n_up == 0:
            return None
        session = Session(self.env.event())
        self.sessions += 1
        if self.idle:
            self.seat(session, self.idle.popitem(last=False)[0])
        else:
            self.queue[session] = None
            after(self.env, QUEUE_US, lambda: self.expire(session))
        return session

    def seat(self, session, slot):
        slot.busy = True
        session.slot, session.pod = slot, slot.pod
        if session.turn:
            slot.pod.builds += 1
        else:
            after(self.env, GHOST_US, lambda: self.end(session))

    def expire(self, session):
        if session not in self.queue:
            return
        del self.queue[session]
        self.sessions -= 1
        if session.turn:
            session.turn.succeed(False)

    def leave(self, session):
        """The balancer does not see it, and keeps the place in the queue."""
        if session in self.queue:
            session.turn.succeed(False)
            session.turn = None

    def end(self, session):
        self.sessions -= 1
        session.slot.busy = False
        self.offer(session.slot)

    def offer(self, slot):
        if not slot.up or slot.busy:
            return
        if self.queue:
            session = self.queue.popitem(last=False)[0]
            self.seat(session, slot)
            if session.turn:
                session.turn.succeed(True)
        else:
            self.idle[slot] = None

    def answer(self, pods):
        """The name has these addresses now."""
        listed = set(pods)
        gone = sum(pod not in listed for pod in self.slot_of)
        new = [pod for pod in pods if pod not in self.slot_of]
        new.reverse()
        for slot in self.slots:
            if not gone and not new:
                return
            old = slot.pod
            if old in listed:
                continue
            if old:
                gone -= 1
                del self.slot_of[old]
            slot.pod = new.pop() if new else None
            if slot.pod:
                self.slot_of[slot.pod] = slot
            if slot.pod and not old:
                slot.up = True
                self.n_up += 1
                self.offer(slot)
            elif old and not slot.pod:
                slot.up = False
                self.n_up -= 1
                self.idle.pop(slot, None)


class Names:
    """What the balancer's resolver sees of a pool, through two caches."""

    FILL_US, STALE = 5 * S, 0.25

    def __init__(self, loop, number, pool):
        self.loop, self.number, self.pool = loop, number, pool
        self.phase_us = int(loop.u01("DNS_PHASE", number) * 6 * S) - 60 * S
        self.answer_us = None
        self.fills = {}

    def shown_us(self, fill):
        if fill not in self.fills:
            u = self.loop.u01("DNS_FILL", self.number, fill)
            old_us = int(u / self.STALE * 5 * S) if u < self.STALE else 0
            self.fills[fill] = self.phase_us + fill * self.FILL_US - old_us
        return self.fills[fill]

    def changed(self, pod, up):
        env = self.loop.env
        u = self.loop.u01("SLICE", pod.identity, 0 if up else 1)
        listed_us = env.now + SLICE(u)
        if up:
            pod.listed_us = listed_us
        else:
            pod.withdrawn_us = max(listed_us, pod.listed_us)
        fill = -((self.phase_us - listed_us) // self.FILL_US)
        while self.shown_us(fill) < listed_us:
            fill += 1
        at_us = self.phase_us + fill * self.FILL_US
        if at_us != self.answer_us:
            self.answer_us = at_us
            after(env, at_us - env.now, self.answer)

    def answer(self):
        now_us = self.loop.env.now
        if self.answer_us == now_us:
            self.answer_us = None
        fill = (now_us - self.phase_us) // self.FILL_US
        shown_us = max(self.shown_us(fill), self.shown_us(fill - 1))
        self.pool.lb.answer(
            [p for p in self.pool.pods if p.listed_us <= shown_us < p.withdrawn_us]
        )


# ------------------------------------------------------------------- scaler

SYNC_US, READ_US, WRITE_US, ECHO_US = 15 * S, 50 * MS, 20 * MS, 5 * MS
WRITES, WINDOW_US = 5, 1200 * S
UP_US, DOWN_US = 15 * S, 1200 * S


class Changes:
    """Changes of the scale; one that is older than the longest period may be
    overwritten."""

    def __init__(self, longest_us):
        self.longest_us = longest_us
        self.at = []

    def store(self, now_us, change):
        slot = len(self.at)
        for i, (at_us, _) in enumerate(self.at):
            if at_us < now_us - self.longest_us:
                slot = i
        self.at[slot : slot + 1] = [(now_us, change)]

    def sum(self, after_us):
        return sum(change for at_us, change in self.at if at_us > after_us)


class Scaler:
    """KEDA and the HPA of a pool."""

    def __init__(self, loop, pool):
        self.loop, self.pool = loop, pool
        self.advice = collections.deque()  # falling; the first is the highest
        self.ups, self.downs = Changes(UP_US), Changes(DOWN_US)
        self.status = None
        self.active = True
        loop.env.process(self.keda())
        loop.env.process(self.hpa())

    def keda(self):
        env = self.loop.env
        yield env.timeout(int(self.loop.u01("KEDA_PHASE", self.pool.number) * 30 * S))
        while True:
            self.active = self.pool.lb.sessions > 0
            yield env.timeout(30 * S)

    def hpa(self):
        env, pool = self.loop.env, self.pool
        phase_us = int(self.loop.u01("HPA_PHASE", pool.number) * SYNC_US)
        yield env.timeout(phase_us + READ_US)
        while True:
            was, wanted = pool.wanted, self.decide()
            changed = self.note(wanted)
            if wanted != was:
                yield from self.write(was, wanted)
            yield env.timeout(SYNC_US + READ_US + (ECHO_US if changed else 0))

    def write(self, was, wanted):
        env, pool = self.loop.env, self.pool
        read_us = env.now - READ_US
        yield env.timeout(WRITE_US)
        for _ in range(WRITES - 1):
            if pool.changed_us <= read_us:
                break
            read_us = env.now
            u = self.loop.u01("HPA_RETRY", pool.number, pool.count())
            yield env.timeout(to_us(0.010 * (1 + 0.1 * u)) + WRITE_US)
        if pool.changed_us > read_us:
            self.status = self.status[:-1] + ("failed",)
            return
        (self.ups if wanted > was else self.downs).store(env.now, abs(wanted - was))
        self.status = (self.status[0], wanted) + self.status[2:]
        pool.want(wanted)

    def note(self, wanted):
        """Whether the status that the decision leaves is another."""
        pool, before = self.pool, self.status
        desired = wanted
        if wanted != pool.wanted:
            desired, self.able = before[1] if before else 0, "rescaled"
        self.status = (pool.wanted, desired, self.average, self.limited, self.able)
        return wanted != pool.wanted or self.status != before

    def decide(self):
        now_us, spec, pods = self.loop.env.now, self.pool.wanted, self.pool.status
        load = self.pool.lb.sessions
        if self.status is None:
            self.advise(now_us, spec)
        self.average = math.ceil(1000 * load / pods)
        wish = pods if 1 - 0.1 <= load / pods <= 1 + 0.1 else load
        while self.advice and self.advice[0][0] <= now_us - WINDOW_US:
            self.advice.popleft()
        stable = wish
        if wish < spec:
            stable = min(spec, max(wish, self.advice[0][1] if self.advice else wish))
        self.advise(now_us, wish)
        self.able = "ready" if stable == wish else "stabilized"
        self.limited = "no"
        if stable > spec:
            return self.limit_up(now_us, spec, stable)
        return self.limit_down(now_us, spec, stable) if stable < spec else spec

    def advise(self, now_us, wish):
        while self.advice and self.advice[-1][1] <= wish:
            self.advice.pop()
        self.advice.append((now_us, wish))

    def before(self, now_us, spec, period_us):
        after_us = now_us - period_us
        return spec - self.ups.sum(after_us) + self.downs.sum(after_us)

    def limit_up(self, now_us, spec, wish):
        start = self.before(now_us, spec, UP_US)
        limit = max(start + 4, start * 2, spec)
        high = min(self.pool.MAX, limit)
        if wish > high:
            self.limited = "rate" if self.pool.MAX > limit else "most"
        return min(wish, high)

    def limit_down(self, now_us, spec, wish):
        start = self.before(now_us, spec, DOWN_US)
        limit = min(start - 10, int(start * (1 - 20 / 100)), spec)
        low = max(self.pool.MIN, limit)
        if wish < low:
            self.limited = "rate" if self.pool.MIN < limit else "least"
        return max(wish, low)


# --------------------------------------------------------------------- pods


class Requests:
    """The controllers' bucket: 20 requests a second, 30 at once."""

    TOKEN_US, BURST = 50 * MS, 30

    def __init__(self):
        self.full_us = 0

    def take(self, now_us):
        self.full_us = max(self.full_us, now_us) + self.TOKEN_US
        return max(self.full_us - self.TOKEN_US * self.BURST, now_us)


PLANNED, PENDING, BINDING, STARTING, RUNNING, GONE = range(6)
LONG_AGO_US = -3600 * S


class Pod:
    def __init__(self, loop, pool):
        self.loop, self.pool = loop, pool
        self.identity = pool.number << 32 | pool.n_pods
        self.uid = loop.bits("POD_UID", self.identity)
        self.phase, self.node, self.builds = PLANNED, None, 0
        self.ready = self.leaving = self.noticed = False
        self.created_us = self.ready_us = None
        self.listed_us = self.withdrawn_us = math.inf
        pool.n_pods += 1
        pool.pods.append(self)

    def u01(self, purpose):
        return self.loop.u01(purpose, self.identity)

    def create(self):
        self.phase, self.created_us = PENDING, self.loop.env.now
        self.pool.n_active += 1
        self.pool.pending.append(self)
        self.pool.schedule()

    def trigger(self):
        if self.phase == PENDING:
            self.loop.batcher.begins(self)

    def settle(self, node):
        """From before the history."""
        self.phase, self.node, self.ready = RUNNING, node, True
        self.created_us = self.ready_us = self.listed_us = LONG_AGO_US
        self.pool.n_active += 1
        node.bind()

    def bind(self, node):
        self.phase, self.node = BINDING, node
        self.loop.batcher.settled(self)
        node.bind()
        self.loop.env.process(self.start(node))

    def start(self, node):
        env = self.loop.env
        yield env.timeout(BIND(self.u01("BIND")))
        if self.leaving:
            return
        self.phase = STARTING
        bound_us = env.now
        started_us = node.pull(self) + START(self.u01("START"))
        ready_us = self.ready_at(bound_us, started_us)
        yield env.timeout(started_us - bound_us)
        if self.leaving:
            return
        self.phase = RUNNING
        yield env.timeout(ready_us - started_us)
        if self.leaving:
            return
        self.ready, self.ready_us = True, env.now
        self.pool.changed_us = env.now
        self.pool.names.changed(self, True)

    def ready_at(self, bound_us, started_us):
        """The first probe that is not skipped: 5 s after the start, each 30 s."""
        period_us = 30 * S
        tick_us = bound_us
        if bound_us - self.node.registered_us < period_us:
            tick_us += int(self.u01("SLEEP") * period_us)
        noticed_us = started_us + NOTICED(self.u01("NOTICED"))
        open_us = started_us + 5 * S
        extra_us = max(tick_us, noticed_us)
        at_us = align(tick_us, period_us, open_us)
        if at_us > extra_us:
            at_us = align(extra_us, period_us, open_us)
        return at_us + EXEC(self.u01("EXEC")) + STATUS(self.u01("STATUS"))

    def delete(self):
        if self.leaving or self.phase == GONE:
            return
        self.pool.n_active -= 1
        if self.phase == PENDING:
            self.loop.batcher.settled(self)
            self.pool.pending.remove(self)
            self.pool.pods.remove(self)
            self.phase = GONE
            return
        self.leaving = True
        if self.ready:
            self.ready = False
            self.pool.names.changed(self, False)
        self.node.pod_leaves()
        self.loop.env.process(self.drain())

    def drain(self):
        env = self.loop.env
        if self.phase == RUNNING:
            idle = 0
            while idle < 2:
                idle = 0 if self.builds else idle + 1
                yield env.timeout(15 * S)
        yield env.timeout(EXIT(self.u01("EXIT")))
        self.phase = GONE
        self.pool.pods.remove(self)
        self.node.pod_gone()
        for pool in self.loop.pools.values():
            pool.schedule()


class Pool:
    def __init__(self, loop, number, size):
        self.loop, self.env, self.number = loop, loop.env, number
        self.MIN, self.MAX, n_slots, self.sizes = size
        self.per_node = min((a - d) // w for a, d, w in self.sizes)
        self.wanted = self.status = self.MIN
        self.n_pods = self.n_active = self.n_draws = 0
        self.n_nodes = 0
        self.changed_us = LONG_AGO_US
        self.seen_us = 0
        self.pods, self.pending = [], []
        self.lb = Balancer(self.env, n_slots)
        self.names = Names(loop, number, self)
        node = loop.karpenter.adopt(self)
        for _ in range(self.MIN):
            Pod(loop, self).settle(node)
        self.names.answer()

    def count(self):
        self.n_draws += 1
        return self.n_draws - 1

    def want(self, replicas):
        self.changed_us = self.env.now
        self.wanted = replicas
        lag_us = RS_LAG(self.loop.u01("RS_LAG", self.number, self.count()))
        after(self.env, max(lag_us, self.seen_us - self.env.now), self.sync)

    # The ReplicaSet: pods in batches of 1, 2, 4, ...

    def sync(self):
        now_us, requests = self.env.now, self.loop.requests
        if self.n_active != self.status:
            self.changed_us = now_us
        self.status = self.n_active
        trip_us = RS_TRIP(self.loop.u01("RS_TRIP", self.number, self.count()))
        if self.n_active == self.wanted:
            return
        if now_us < self.seen_us:
            after(self.env, self.seen_us - now_us, self.sync)
            return
        if self.n_active < self.wanted:
            last_us = self.create(self.wanted - self.n_active, trip_us)
        else:
            for pod in self.victims(self.n_active - self.wanted):
                last_us = requests.take(now_us)
                after(self.env, last_us - now_us, pod.delete)
        self.seen_us = last_us + trip_us
        requests.take(self.seen_us)
        after(self.env, self.seen_us - now_us, self.sync)

    def create(self, n, trip_us):
        sent_us = now_us = self.env.now
        done, batch = 0, 1
        while done < n:
            for _ in range(min(batch, n - done)):
                at_us = self.loop.requests.take(sent_us)
                after(self.env, at_us - now_us, Pod(self.loop, self).create)
                done += 1
            sent_us = at_us + trip_us
            batch *= 2
        return at_us

    def victims(self, n):
        now_us = self.env.now
        active = [p for p in self.pods if p.phase != PLANNED and not p.leaving]
        on_node = collections.Counter(p.node for p in active if p.phase > BINDING)

        def rank(p):
            bound = p.phase > BINDING
            since_us = p.ready_us if p.ready else p.created_us
            age_us = max(now_us - since_us // S * S, 0)
            beside = on_node[p.node] if bound else 0
            age = (age_us * 1000).bit_length()
            return (bound, p.phase == RUNNING, p.ready, -beside, age, p.uid)

        return sorted(active, key=rank)[:n]

    # The scheduler: the emptiest node, and of these one where few pods are.

    def schedule(self):
        while self.pending:
            pod = self.pending[0]
            node = self.pick(pod)
            if not node:
                break
            self.pending.pop(0)
            pod.bind(node)
        for pod in self.pending:
            if not pod.noticed:
                pod.noticed = True
                after(self.env, TRIGGER(pod.u01("TRIGGER")), pod.trigger)

    def pick(self, pod):
        nodes = self.nodes(INITIALIZED)
        fit = [n for n in nodes if n.pods() < self.per_node]
        if len(fit) < 2:
            return fit[0] if fit else None
        in_zone = collections.Counter()
        for n in nodes:
            in_zone[n.zone] += n.active
        host = math.log(len(fit) + 2)
        zone = math.log(len({n.zone for n in fit}) + 2)
        raw = [int(n.active * host + 2 + in_zone[n.zone] * zone + 4 + 0.5) for n in fit]
        high, low = max(raw), min(raw)
        spread = [2 * (100 * (high + low - r) // high) for r in raw]
        score = [self.least(n) + x for n, x in zip(fit, spread)]
        best = [n for n, x in zip(fit, score) if x == max(score)]
        return best[int(pod.u01("SCHED") * len(best))]

    def nodes(self, phase):
        nodes = self.loop.karpenter.nodes
        return [n for n in nodes if n.pool is self and n.phase == phase]

    def least(self, node):
        """How free the node would be with this pod, from 0 to 100."""
        used = node.pods() + 1
        free = [(a - d - used * w) * 100 // a for a, d, w in self.sizes]
        return sum(free) // 2


# -------------------------------------------------------------------- nodes

CLAIMED, LAUNCHED, INITIALIZED, DRAINING, TERMINATING = range(5)


class Node:
    def __init__(self, loop, pool, fleet):
        self.loop, self.pool, self.fleet = loop, pool, fleet
        self.identity = pool.number << 32 | pool.n_nodes
        self.phase, self.zone = CLAIMED, fleet.zone
        self.active = self.terminating = 0
        self.image_us = self.registered_us = self.initialized_us = None
        self.nominated_us = 0
        self.event_us = None
        pool.n_nodes += 1

    def u01(self, draw):
        return self.loop.u01("NODE", self.identity, draw)

    def pods(self):
        return self.active + self.terminating

    def pull(self, pod):
        """When the image is there for a pod that comes now."""
        now_us = self.loop.env.now
        if self.image_us is None:
            self.image_us = now_us + PULL(pod.u01("PULL"))
        return max(self.image_us, now_us)

    def pod_event(self):
        """Restarts the clock of consolidateAfter, in whole seconds."""
        now_us = self.loop.env.now
        if self.event_us is None or now_us - self.event_us >= 10 * S:
            self.event_us = now_us // S * S

    def bind(self):
        self.active += 1
        self.pod_event()

    def pod_leaves(self):
        self.active -= 1
        self.terminating += 1
        self.pod_event()

    def pod_gone(self):
        self.pod_event()
        self.terminating -= 1
        if self.phase == DRAINING and self.pods() == 0:
            self.loop.env.process(self.end())

    def life(self):
        env = self.loop.env
        yield env.timeout(LAUNCH(self.fleet.launch, self.fleet.factor))
        self.launched()
        yield env.timeout(REGISTER(self.u01(0), self.fleet.factor))
        self.registered_us = env.now
        yield env.timeout(INITIALIZE(self.u01(1), self.fleet.factor))
        self.phase = INITIALIZED
        self.initialized_us = env.now // S * S
        for pool in self.loop.pools.values():
            pool.schedule()

    def launched(self):
        self.phase = LAUNCHED
        self.loop.karpenter.n_claimed -= 1

    def empty_from_us(self):
        """Since when it could go, if it has no pods."""
        if self.phase != INITIALIZED:
            return math.inf
        since_us = self.initialized_us if self.event_us is None else self.event_us
        return max(since_us + 300 * S, self.initialized_us, self.nominated_us)

    def mark(self):
        self.phase, self.marked_us = DRAINING, self.loop.env.now
        self.loop.batcher.begins(self)
        if self.pods() == 0:
            self.loop.env.process(self.end())

    def end(self):
        env = self.loop.env
        yield env.timeout(max(DAEMONS(self.u01(3)), self.marked_us + 5 * S - env.now))
        self.phase = TERMINATING
        yield env.timeout(TERMINATE(self.u01(4)))
        self.loop.karpenter.nodes.remove(self)
        self.loop.batcher.settled(self)


class Fleet:
    """Claims of one request to the cloud: one zone, one mood."""

    def __init__(self, loop, number):
        self.zone = int(loop.u01("FLEET", number, 0) * 3)
        self.launch = loop.u01("FLEET", number, 2)
        normal = statistics.NormalDist().inv_cdf(loop.u01("FLEET", number, 1))
        self.factor = math.exp(0.2 * normal)


WAITING, WINDOW, SOLVING = range(3)


class Batcher:
    """Pods without a node and nodes that go ask each 10 s; 45 s after the first
    of them the pods are solved."""

    def __init__(self, loop):
        self.loop, self.env = loop, loop.env
        self.phase, self.remembered = WAITING, False
        self.sources = set()

    def begins(self, source):
        self.sources.add(source)
        self.env.process(self.ask(source))

    def settled(self, source):
        self.sources.discard(source)

    def ask(self, source):
        while source in self.sources:
            if self.phase == SOLVING:
                self.remembered = True
            elif self.phase == WAITING:
                self.open()
            yield self.env.timeout(10 * S)

    def open(self):
        self.phase, self.remembered = WINDOW, False
        self.env.process(self.window())

    def window(self):
        yield Late(self.env, 45 * S, Late.BATCH)
        self.phase = WAITING
        pods = any(isinstance(source, Pod) for source in self.sources)
        if not pods or self.loop.karpenter.n_claimed > 0:
            return
        self.phase = SOLVING
        solve_us = SOLVE(self.loop.u01("SOLVE", 0, self.loop.karpenter.count()))
        nodes = self.loop.karpenter.solve()
        yield self.env.timeout(solve_us)
        for node in nodes:
            self.env.process(node.life())
        self.phase = WAITING
        if self.remembered:
            self.open()


class Karpenter:
    def __init__(self, loop):
        self.loop, self.env = loop, loop.env
        self.nodes = []
        self.n_fleets = self.n_solves = self.n_claimed = 0
        loop.env.process(self.disrupt())

    def count(self):
        self.n_solves += 1
        return self.n_solves - 1

    def claim(self, pool, n):
        fleet = Fleet(self.loop, self.n_fleets)
        self.n_fleets += 1
        new = [Node(self.loop, pool, fleet) for _ in range(n)]
        self.nodes += new
        self.n_claimed += n
        return new

    def adopt(self, pool):
        node = self.claim(pool, 1)[0]
        node.launched()
        node.phase, node.initialized_us = INITIALIZED, 0
        node.registered_us = node.image_us = LONG_AGO_US
        return node

    def solve(self):
        new = []
        for pool in self.loop.pools.values():
            n = sum(pod.noticed for pod in pool.pending)
            for node in pool.nodes(INITIALIZED) + pool.nodes(LAUNCHED):
                room = min(pool.per_node - node.pods(), n)
                if room > 0:
                    node.nominated_us = self.env.now + 90 * S
                    n -= room
            if n > 0:
                new += self.claim(pool, -(-n // pool.per_node))
        return new

    def disrupt(self):
        delay_us = int(self.loop.u01("DISRUPT_PHASE", 0) * 10 * S)
        while True:
            yield Late(self.env, delay_us, Late.DISRUPT)
            if self.n_claimed > 0:
                delay_us = S
                continue
            picks = self.within_budget(self.nodes)
            if picks:
                yield Late(self.env, 15 * S, Late.DISRUPT)
                picks = self.within_budget(picks)
                for node in picks:
                    node.mark()
            delay_us = 0 if picks else 10 * S

    def within_budget(self, nodes):
        """Of the empty nodes, the cheapest of each pool; one at a time."""
        now_us = self.env.now
        empty = [n for n in nodes if not n.active and n.empty_from_us() <= now_us]
        if not empty:
            return []
        out = {n.pool for n in self.nodes if n.phase == DRAINING}
        picks = []
        for node in sorted(empty, key=lambda n: n.terminating):
            if node.pool not in out:
                out.add(node.pool)
                picks.append(node)
        return picks


# ---------------------------------------------------------------- the whole

# Least and most pods, slots of the balancer; then in milli-CPU and in mebibytes
# what a node has to give, what its DaemonSets take of it, and a pod.
SIZES = {
    "amd64": (2, 360, 400, ((95690, 300, 42000), (361161, 440, 158720))),
    "arm64": (4, 30, 40, ((63770, 300, 14000), (237893, 440, 52224))),
}


class Loop:
    def __init__(self, env, draws):
        self.env, self.u01, self.bits = env, draws.u01, draws.bits
        self.requests = Requests()
        self.batcher = Batcher(self)
        self.karpenter = Karpenter(self)
        self.pools = {}
        for number, (name, size) in enumerate(SIZES.items()):
            self.pools[name] = Pool(self, number, size)
        for pool in self.pools.values():
            Scaler(self, pool)

    def ask(self, builds):
        """The builds as they are asked for."""
        self.clients = []
        for number, (asked_us, pool, work_us) in enumerate(builds):
            yield self.env.timeout(asked_us - self.env.now)
            client = Client(self, number, self.pools[pool], work_us)
            self.clients.append(client)
            self.env.process(client.run())


def read(path):
    """Builds by the time at which they were asked for, from the first one on."""
    rows, origin = [], None
    with open(path, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            at = datetime.datetime.fromisoformat(row["asked_at"].replace("Z", "+00:00"))
            rows.append((at, row["pool"], round(float(row["work_s"]) * 1e6)))
    rows.sort(key=lambda row: row[0])
    us = datetime.timedelta(microseconds=1)
    return [((at - rows[0][0]) // us, pool, work_us) for at, pool, work_us in rows]


def main():
    builds, seed = read(sys.argv[1]), int(sys.argv[2])
    waits = sys.argv[3] if len(sys.argv) > 3 else None
    draws = DrydockDraws(seed) if waits else OwnDraws(seed)
    began_s = time.process_time()
    env = simpy.Environment()
    loop = Loop(env, draws)
    env.process(loop.ask(builds))
    env.run(until=14 * 86400 * S + 7200 * S)
    took_s = time.process_time() - began_s
    served = [client.waited_us for client in loop.clients if client.done]
    if waits:
        with open(waits, "w", encoding="utf-8") as f:
            f.writelines(f"{wait_us}\n" for wait_us in served)
    mean_s = sum(served) / len(served) / 1e6
    print(json.dumps({"served": len(served), "mean_s": mean_s, "cpu_s": took_s}))


main()
