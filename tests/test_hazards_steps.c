/* What production found the hard way, found in the manifests of the day. */
#include "tests/support.h"

#include "sim/plan/hazards_try.h"

#include <stdlib.h>
#include <string.h>

#define PROD "scenarios/manifests/prod"
#define STEP(name) PROD, "scenarios/manifests/steps/" name ".yaml"
#define WITHOUT_SCALERS                                                        \
    PROD "/services.yaml", PROD "/haproxy.yaml", PROD "/nodepools.yaml",       \
        PROD "/drain.yaml", "scenarios/manifests/steps/fixed-32-8.yaml"

enum { PATHS = 6, SETS = 4, CODES = 10 };

static const struct step {
    const char *name;
    const char *manifests[PATHS], *set[SETS]; /* end in NULL */
    const char *found[CODES];  /* "code" or "code words", as in its text */
    const char *absent[CODES]; /* the same, of what it must not say */
} steps[] = {
    {"a fixed pool queues at the peak",
     {WITHOUT_SCALERS},
     {0},
     {"maximum-below-demand pool amd64 may have 32 pods"},
     {"maximum-below-demand pool arm64", "fallback-jump", "no-fallback",
      "tolerance-hides-last", "outage-moves-pool"}},
    {"the first version has no fallback; its 128 carry the peak",
     {STEP("first-brake")},
     {0},
     {"no-fallback pool amd64", "no-fallback pool arm64",
      "no-effect cooldownPeriod of pool amd64"},
     {"fallback-jump", "outage-moves-pool", "dns-answer-too-small",
      "servers-lost", "maximum-below-demand"}},
    {"a queue of an hour: the client leaves first",
     {STEP("queue-60m")},
     {0},
     {"patience-beyond-job-limit"},
     {"queue-below-patience", "queue-timeout-unset"}},
    {"incident 1: ten slots before 360 pods",
     {STEP("slots-10")},
     {0},
     {"slots-below-maximum backend bk_amd64 has 10 slots, but its pools may "
      "have 360 pods",
      "slots-below-maximum backend bk_arm64",
      "slots-below-maximum backend bk_all has 20 slots",
      "no-effect maxReplicaCount 360 of pool amd64 has no use above 10 pods"},
     {0}},
    {"any number of builds on a pod: still ten pods",
     {STEP("no-limit")},
     {0},
     {"slots-below-maximum backend bk_amd64"},
     {0}},
    {"incident 2: one size",
     {PROD},
     {0},
     {"one-size pool amd64 can only run on m6id.24xlarge",
      "one-size pool arm64", "fallback-jump KEDA 2.16 sets pool amd64 to 32",
      "fallback-lowers", "dns-answer-too-small", "single-balancer",
      "pod-booked-twice", "queue-below-patience", "readiness-period",
      "budget-slot-held node pool buildkit-amd64"},
     {"slots-below-maximum", "no-room-for-maximum", "maximum-below-demand",
      "no-drain", "zero-never-wakes", "grace-below-history"}},
    {"what no manifest says: the outage and the cliff, seen",
     {PROD},
     {0},
     {"outage-moves-pool pool amd64 to 32 replicas",
      "servers-lost in a burst of 390 builds", "queue-unseen pool amd64",
      "tolerance-hides-last pool amd64"},
     {"builds-killed", "update-stops-service"}},
    {"two sizes in one pool: small nodes for ever; one family",
     {STEP("two-sizes")},
     {0},
     {"sizes-unweighted node pool buildkit-amd64",
      "one-family pool amd64 can only run on m6id"},
     {"one-size pool amd64"}},
    {"incident 3: weighted sizes of one family",
     {STEP("weighted-pools")},
     {0},
     {"one-family pool amd64 can only run on m6id"},
     {"sizes-unweighted", "one-size pool amd64", "one-node-pool-too-small"}},
    {"minimum zero never wakes",
     {PROD},
     {"amd64.min_replicas=0"},
     {"zero-never-wakes pool amd64"},
     {"zero-never-wakes pool arm64"}},
    {"minimum one and an update that takes a pod away first",
     {STEP("small-machines")},
     {"amd64.min_replicas=1", "rollout.max_unavailable=1",
      "rollout.max_surge=0"},
     {"update-empties-pool update of pool amd64",
      "update-stops-service idle pool amd64"},
     {"update-empties-pool update of pool arm64"}},
    {"minimum two cures it",
     {STEP("small-machines")},
     {"amd64.min_replicas=2", "rollout.max_unavailable=1",
      "rollout.max_surge=0"},
     {"tolerance-hides-last"},
     {"update-empties-pool"}},
    {"a warm base does not lift any ceiling",
     {STEP("warm-base-32-8")},
     {0},
     {"dns-answer-too-small", "one-size pool amd64"},
     {"slots-below-maximum"}},
    {"the draft of the backlog alert: dropped by the scrape, noise without",
     {STEP("alerts-draft")},
     {0},
     {"alert-metric-dropped BuildkitQueueBacklog",
      "alert-often-true BuildkitQueueBacklog"},
     {"alert-silent BuildkitQueueBacklog", "alert-unknown-series"}},
    {"the backlog alert as proposed",
     {STEP("alerts")},
     {0},
     {"alert-silent BuildkitQueueBacklog"},
     {"alert-metric-dropped", "alert-often-true", "alert-not-judged",
      "alert-never-fires"}},
};

static size_t count(const char *const list[], size_t most)
{
    size_t n = 0;

    while (n < most && list[n])
        n++;
    return n;
}

/* Whether there is "code words": a hazard of the code with words in its text.
 */
static bool has(const struct hazards *h, const char *wanted)
{
    size_t n = strcspn(wanted, " ");
    const char *words = wanted + n + (wanted[n] == ' ');

    for (size_t i = 0; i < h->n; i++)
        if (strlen(h->at[i].code) == n &&
            strncmp(h->at[i].code, wanted, n) == 0 &&
            strstr(h->at[i].what, words))
            return true;
    return false;
}

/* A word that is no code would be absent for ever. */
static void is_code(const char *wanted)
{
    char code[64];

    (void)snprintf(code, sizeof code, "%.*s", (int)strcspn(wanted, " "),
                   wanted);
    if (!hazard_kind(code))
        fail_msg("%s is no hazard", code);
}

static void test_a_step(void **state)
{
    const struct step *x = *state;
    struct scenario_options o = {
        .manifests = x->manifests,
        .n_manifests = count(x->manifests, PATHS),
        .set = x->set,
        .n_set = count(x->set, SETS),
    };
    struct scenario s;
    struct hazards h;
    struct err e;

    if (scenario_load(&s, "scenarios/prod.yaml", &o, &e) != ERR_OK)
        fail_msg("refused: %s", e.msg);
    hazards_find(&h, &s);
    hazards_try(&h, &s, 1);
    for (size_t i = 0; i < count(x->found, CODES); i++)
        if (!has(&h, x->found[i]))
            fail_msg("%s: not found: %s", x->name, x->found[i]);
    for (size_t i = 0; i < count(x->absent, CODES); i++) {
        is_code(x->absent[i]);
        if (has(&h, x->absent[i]))
            fail_msg("%s: found: %s", x->name, x->absent[i]);
    }
    hazards_free(&h);
    scenario_free(&s);
}

int main(void)
{
    enum { N = sizeof steps / sizeof *steps };
    struct CMUnitTest tests[N];

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name = steps[i].name,
                                       .test_func = test_a_step,
                                       .initial_state = (void *)&steps[i]};
    return _cmocka_run_group_tests("steps", tests, N, NULL, NULL);
}
