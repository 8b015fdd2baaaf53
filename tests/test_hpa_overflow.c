/* Proposals and averages that no integer holds, by version. */
#include "models/hpa.h"
#include "models/hpa_rules.h"
#include "tests/support.h"

struct fixture {
    struct hpa_params p;
    struct hpa_reading r;
    int64_t average;
};

static int setup(void **state)
{
    static struct fixture f;

    f = (struct fixture){0};
    hpa_defaults(&f.p);
    f.p.min = 2;
    f.p.max = 1000;
    f.p.n_metrics = 1;
    f.p.metrics[0].target_milli = 1000;
    f.r = (struct hpa_reading){.spec = 5, .status = 5, .ready = 5};
    *state = &f;
    return 0;
}

/* Proposal of that version for five pods. */
static int32_t propose(struct fixture *f, uint32_t minor, int64_t usage_milli)
{
    int64_t average[HPA_METRICS];
    int32_t p;

    f->p.kubernetes_minor = minor;
    f->r.metrics[0].ok = true;
    f->r.metrics[0].usage_milli = usage_milli;
    assert_true(hpa_propose(&f->p, &f->r, average, &p));
    f->average = average[0];
    return p;
}

/* Before, it becomes INT32_MIN and so nothing. */
static void test_too_large_a_value_is_clamped_from_1_35(void **state)
{
    struct fixture *f = *state;

    f->p.metrics[0].is_value = true;
    assert_int_equal(propose(f, 34, INT64_MAX), 0);
    assert_int_equal(propose(f, 35, INT64_MAX), INT32_MAX);
}

static void test_a_negative_average_stays_so_up_to_1_33(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(propose(f, 33, -4001), 0);
    assert_int_equal(f->average, -800); /* ceil(-800.2) */
    assert_int_equal(propose(f, 34, -4001), INT32_MAX);
    assert_true(f->average == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_too_large_a_value_is_clamped_from_1_35,
                               setup),
        cmocka_unit_test_setup(test_a_negative_average_stays_so_up_to_1_33,
                               setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
