"""The queue of `drydock bench queue` in SimPy 4: a process for each customer
and a resource. Its draws are Python's own: drawing ours in Python would only
make it slower."""
import random
import sys
import time

import simpy

LOAD = 0.9


def customer(env, server, inside_s):
    asked_s = env.now
    with server.request() as turn:
        yield turn
        yield env.timeout(random.expovariate(1.0))
    inside_s.append(env.now - asked_s)


def source(env, server, n, inside_s):
    for _ in range(n):
        yield env.timeout(random.expovariate(LOAD))
        env.process(customer(env, server, inside_s))


def main():
    n = int(sys.argv[1])
    inside_s = []
    random.seed(1)
    began_s = time.process_time()
    env = simpy.Environment()
    env.process(source(env, simpy.Resource(env), n, inside_s))
    env.run()
    took_s = time.process_time() - began_s
    print(f"{sum(inside_s) / n:.6f} {n / took_s:.0f}")


main()
