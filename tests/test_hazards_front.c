#include "tests/hazard_rig.h"

#include "scenarios/scenario.h"

#include <stdlib.h>

/* ------------------------------------------------------------ queue */

static void test_a_queue_limit_below_the_patience_is_told(void **state)
{
    struct rig x = {0};
    (void)state;

    /* A try of 25 s stands in the queue for 22.5 s: gaps of 1 s, then of
     * 0.5 s after 11, 16.5 and 22 s; with the sleep it lasts 40.2 s.
     */
    init(&x);
    x.f.backends[0].queue_us = us_from_s(5.0);
    assert_hazard(&x, "queue-below-patience", HAZARD_WARNING,
                  "backend bk_amd64 drops a queued client after 5s, before "
                  "the 20s that it would stay: waiting clients are counted "
                  "about 56 % of the time, so that the scaler sees only so "
                  "many of them");
    x.f.backends[0].queue_us = us_from_s(20.0) - 1;
    assert_non_null(find(&x, "queue-below-patience"));
    x.f.backends[0].queue_us = us_from_s(20.0);
    assert_null(find(&x, "queue-below-patience"));
    done(&x);
}

static void test_buildctl_is_seen_while_its_one_dial_lasts(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x); /* 5 s of 20.2 s */
    x.f.backends[0].queue_us = us_from_s(5.0);
    x.f.callers[0].client.tool = CLIENT_BUILDCTL;
    const struct hazard *h = find(&x, "queue-below-patience");
    assert_non_null(strstr(h->what, "about 25 % of the time"));
    x.f.pools[0].autoscaled = false;
    assert_null(find(&x, "queue-below-patience"));
    done(&x);
}

/* ------------------------------------------------------------ tolerance */

static void test_the_tolerance_hides_a_build_from_ten_pods_on(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.pools[0].keda.max = 10;
    assert_null(find(&x, "tolerance-hides-last"));
    x.f.pools[0].keda.max = 11; /* 11 sessions on 10 pods: ratio 1.1 */
    assert_hazard(&x, "tolerance-hides-last", HAZARD_WARNING,
                  "inside its tolerance the HPA keeps pool amd64 as it is: "
                  "from 10 pods on a build may wait and none is added, at 10 "
                  "pods up to 1 builds");
    x.f.pools[0].hpa.kubernetes_minor = 32; /* there 1.1 is outside */
    assert_null(find(&x, "tolerance-hides-last"));
    x.f.pools[0].keda.max = 12;
    assert_non_null(
        strstr(find(&x, "tolerance-hides-last")->what, "from 11 pods on"));
    x.f.pools[0].hpa.kubernetes_minor = 35;
    x.f.pools[0].hpa.has_behavior = true;
    hpa_behavior_defaults(&x.f.pools[0].hpa);
    x.f.pools[0].hpa.up.has_tolerance = true;
    x.f.pools[0].hpa.up.tolerance_frac = 0.0;
    assert_null(find(&x, "tolerance-hides-last"));
    done(&x);
}

static void test_a_large_maximum_hides_many(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x); /* 330 pods and 33 more would be 363; 320 and 32 are 352 */
    x.f.pools[0].keda.max = 360;
    assert_non_null(strstr(find(&x, "tolerance-hides-last")->what,
                           "at 320 pods up to 32 builds"));
    done(&x);
}

static void test_a_maximum_that_cannot_be_reached_is_of_no_use(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.backends[0].n_slots = 8;
    assert_null(find(&x, "no-effect"));
    x.f.backends[0].n_slots = 7;
    assert_hazard(&x, "no-effect", HAZARD_NOTE,
                  "maxReplicaCount 8 of pool amd64 has no use above 7 pods: "
                  "its backend has no slots for more");
    x.f.p.karpenter.pools[0].limit.mcpu = 3 * 96000;
    assert_hazard(&x, "no-effect", HAZARD_NOTE,
                  "maxReplicaCount 8 of pool amd64 has no use above 6 pods: "
                  "there are no nodes for more");
    done(&x);
}

/* ------------------------------------------------------------ nodes */

static void test_a_quota_of_cores_below_the_maximum_is_an_error(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x); /* 96 cores carry two pods */
    x.f.p.karpenter.quota_mcpu = 4 * 96000;
    assert_null(find(&x, "quota-below-maximum"));
    x.f.p.karpenter.quota_mcpu = 4 * 96000 - 1;
    assert_hazard(&x, "quota-below-maximum", HAZARD_ERROR,
                  "the account's quota of 383.999 cores carries 6 pods of "
                  "pool amd64 even if no other pool has any; its maximum is "
                  "8");
    done(&x);
}

static void test_requests_that_just_miss_are_told(void **state)
{
    struct rig x = {0};
    const struct karp_type *t = &x.f.p.karpenter.types[0];
    (void)state;

    init(&x);
    x.f.p.karpenter.pools[0].types = 1;
    x.f.pools[0].request_mcpu = (t->allocatable.mcpu - 300) / 2;
    assert_null(find(&x, "reserve-costs-a-pod"));
    x.f.pools[0].request_mcpu++;
    const struct hazard *h = find(&x, "reserve-costs-a-pod");
    assert_int_equal(h->level, HAZARD_WARNING);
    assert_non_null(strstr(h->what, "2 pods of pool amd64, "));
    assert_non_null(strstr(h->what, "it carries 1"));
    x.f.pools[0].request_mcpu = 48001; /* two would not fill the machine */
    assert_null(find(&x, "reserve-costs-a-pod"));
    done(&x);
}

static void test_the_kubelet_takes_so_many_pods(void **state)
{
    struct rig x = {0};
    struct scenario s;
    (void)state;

    init(&x);
    s = scenario_of(&x.f);
    s.facts[0].max_pods = s.facts[1].max_pods = 2; /* two fit by requests */
    hazards_find(&x.h, &s);
    assert_int_equal(x.h.n, 0);
    hazards_free(&x.h);
    s.facts[1].max_pods = 1;
    hazards_find(&x.h, &s);
    assert_int_equal(x.h.n, 1);
    assert_string_equal(x.h.at[0].code, "pods-per-node-quota");
    assert_string_equal(x.h.at[0].what,
                        "by their requests 2 pods of pool amd64 fit a "
                        "m8id.24xlarge, whose kubelet takes 1 pods in all, "
                        "DaemonSets included");
    done(&x);
}

static void test_two_sizes_in_one_node_pool_are_told(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.p.karpenter.types[1].allocatable.mcpu /= 2;
    x.f.p.karpenter.types[1].capacity.mcpu /= 2;
    assert_hazard(&x, "sizes-unweighted", HAZARD_NOTE,
                  "node pool builders offers sizes for 1 and for 2 pods of "
                  "pool amd64: growth by single pods takes the small one each "
                  "time, 8 nodes in place of 4, and removal of empty nodes "
                  "never mends it");
    done(&x);
}

static void test_one_node_at_a_time_holds_up_the_others(void **state)
{
    struct rig x = {0};
    struct karp_pool *p = &x.f.p.karpenter.pools[0];
    (void)state;

    init(&x);
    p->budgets[0].value = 1;
    assert_hazard(&x, "budget-slot-held", HAZARD_WARNING,
                  "node pool builders gives back one node at a time, and a "
                  "node whose pods only drain counts as empty: it may hold "
                  "that slot for up to 4h30s while the others of the 4 nodes "
                  "of a full pool amd64 stand empty");
    p->budgets[0] = (struct karp_budget){.value = 25.0, .percent = true};
    assert_non_null(find(&x, "budget-slot-held")); /* 25 % of 4 nodes */
    p->budgets[0].value = 26.0;                    /* is rounded up to 2 */
    assert_null(find(&x, "budget-slot-held"));
    p->budgets[0] = (struct karp_budget){.value = 1, .reasons = KARP_DRIFTED};
    assert_null(find(&x, "budget-slot-held"));
    done(&x);
}

static void test_nodes_that_are_never_given_back_are_told(void **state)
{
    struct rig x = {0};
    struct karp_pool *p = &x.f.p.karpenter.pools[0];
    (void)state;

    init(&x);
    p->budgets[0].value = 0;
    assert_hazard(&x, "nodes-never-return", HAZARD_WARNING,
                  "empty nodes of node pool builders are never given back: "
                  "its budget allows none, so that a peak is paid for until "
                  "the nodes expire");
    p->budgets[0].value = 2;
    assert_null(find(&x, "nodes-never-return"));
    p->consolidate_after_us = SIM_NEVER;
    assert_non_null(find(&x, "nodes-never-return"));
    done(&x);
}

/* ------------------------------------------------------------ manifests */

static const struct hazard *of(const struct hazards *h, const char *code)
{
    for (size_t i = 0; i < h->n; i++)
        if (strcmp(h->at[i].code, code) == 0)
            return &h->at[i];
    return NULL;
}

static void load(struct scenario *s, struct hazards *h, const char *overlay)
{
    const char *m[] = {"scenarios/manifests/prod", overlay};
    struct scenario_options o = {.manifests = m,
                                 .n_manifests = overlay ? 2 : 1};
    struct err e;

    if (scenario_load(s, "tests/corpus/scenario/small.yaml", &o, &e) != ERR_OK)
        fail_msg("refused: %s", e.msg);
    hazards_find(h, s);
}

static void
test_the_number_of_balancers_is_read_from_the_manifests(void **state)
{
    struct scenario s;
    struct hazards h = {0};
    (void)state;

    load(&s, &h, NULL);
    assert_string_equal(of(&h, "single-balancer")->what,
                        "Deployment haproxy is the only balancer: when it "
                        "restarts or its configuration changes, every build "
                        "on it is cut");
    assert_null(of(&h, "several-balancers"));
    assert_string_equal(
        of(&h, "pod-booked-twice")->what,
        "backends bk_all and bk_amd64 both list the pods of pool amd64 and "
        "count apart: a pod may hold 1 from one and 1 from the other at once, "
        "and the scaler reads bk_amd64 alone");
    hazards_free(&h);
    scenario_free(&s);
    load(&s, &h, "tests/corpus/scenario/overlays/two-balancers.yaml");
    assert_null(of(&h, "single-balancer"));
    assert_int_equal(of(&h, "several-balancers")->level, HAZARD_WARNING);
    hazards_free(&h);
    scenario_free(&s);
}

/* ------------------------------------------------------------ the list */

static void test_each_kind_is_there_once_and_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_hazard_kinds; i++) {
        const struct hazard_kind *k = &hazard_kinds[i];
        assert_ptr_equal(hazard_kind(k->code), k);
        assert_true(*k->level && *k->when && *k->source);
        if (i > 0)
            assert_true(strcmp(k[-1].code, k->code) < 0);
    }
    assert_null(hazard_kind("no-such-hazard"));
}

static void test_the_documentation_has_the_list(void **state)
{
    char *text = NULL, *readme = NULL;
    size_t n = 0, size = 0;
    (void)state;

    FILE *out = open_memstream(&text, &n);
    hazard_kinds_print(out);
    fclose(out);
    FILE *in = fopen("scenarios/README.md", "rb");
    assert_non_null(in);
    assert_true(getdelim(&readme, &size, 0, in) > 0);
    fclose(in);
    bool found = strstr(readme, text) != NULL;
    free(text);
    free(readme);
    if (!found)
        fail_msg("scenarios/README.md: put the output of "
                 "`drydock check --explain hazards` in place of the table");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_queue_limit_below_the_patience_is_told),
        cmocka_unit_test(test_buildctl_is_seen_while_its_one_dial_lasts),
        cmocka_unit_test(test_the_tolerance_hides_a_build_from_ten_pods_on),
        cmocka_unit_test(test_a_large_maximum_hides_many),
        cmocka_unit_test(test_a_maximum_that_cannot_be_reached_is_of_no_use),
        cmocka_unit_test(test_a_quota_of_cores_below_the_maximum_is_an_error),
        cmocka_unit_test(test_requests_that_just_miss_are_told),
        cmocka_unit_test(test_the_kubelet_takes_so_many_pods),
        cmocka_unit_test(test_two_sizes_in_one_node_pool_are_told),
        cmocka_unit_test(test_one_node_at_a_time_holds_up_the_others),
        cmocka_unit_test(test_nodes_that_are_never_given_back_are_told),
        cmocka_unit_test(
            test_the_number_of_balancers_is_read_from_the_manifests),
        cmocka_unit_test(test_each_kind_is_there_once_and_in_order),
        cmocka_unit_test(test_the_documentation_has_the_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
