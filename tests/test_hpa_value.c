/* Targets of type Value, which count pods. */
#include "models/hpa_rules.h"
#include "tests/support.h"

struct fixture {
    struct hpa_params p;
    struct hpa_reading r;
};

/* Ten pods asked for, twelve there, seven of them ready; 1.5 times the target.
 */
static int setup(void **state)
{
    static struct fixture f;

    f = (struct fixture){
        .r = {.spec = 10, .status = 12, .ready = 7, .metrics = {{true, 1500}}}};
    hpa_defaults(&f.p);
    f.p.n_metrics = 1;
    f.p.metrics[0] = (struct hpa_metric){1000, true};
    *state = &f;
    return 0;
}

/* The proposal; -1: the metric is lost. */
static int32_t propose(const struct fixture *f)
{
    int64_t average[HPA_METRICS];
    int32_t p;

    if (!hpa_propose(&f->p, &f->r, average, &p))
        return -1;
    assert_int_equal(average[0], f->r.metrics[0].usage_milli);
    return p;
}

static void test_it_multiplies_ready_pods(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(propose(f), 11); /* ceil(1.5 x 7) */
    f->r.metrics[0].usage_milli = 1050;
    assert_int_equal(propose(f), 10); /* inside: the spec count */
    f->r.metrics[0].usage_milli = 1500;
    f->r.ready = 0;
    assert_int_equal(propose(f), 0); /* those that start do not count */
}

static void test_without_any_pod_it_is_lost_outside_the_band(void **state)
{
    struct fixture *f = *state;

    f->r.no_pods = true;
    assert_int_equal(propose(f), -1);
    f->r.metrics[0].usage_milli = 1050; /* inside nobody counts pods */
    assert_int_equal(propose(f), 10);
    f->r.metrics[0].usage_milli = 1500;
    f->r.spec = 0;                   /* and at zero neither */
    assert_int_equal(propose(f), 2); /* ceil(1.5) */
}

static void test_a_lost_one_shows_no_average(void **state)
{
    struct fixture *f = *state;
    struct hpa h;

    f->p.min = 1;
    f->p.max = 20;
    hpa_behavior_defaults(&f->p);
    hpa_init(&h, &f->p);
    (void)hpa_on_sync(&h, 0, &f->r);
    assert_true(h.status.has_average[0]);
    f->r.no_pods = true;
    struct hpa_decision d = hpa_on_sync(&h, 15 * US_PER_S, &f->r);
    assert_false(d.write);
    assert_false(h.status.has_average[0]);
    assert_int_equal(h.status.conditions.active,
                     HPA_FAILED_GET_EXTERNAL_METRIC);
    hpa_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_it_multiplies_ready_pods, setup),
        cmocka_unit_test_setup(test_without_any_pod_it_is_lost_outside_the_band,
                               setup),
        cmocka_unit_test_setup(test_a_lost_one_shows_no_average, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
