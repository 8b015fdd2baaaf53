#include "tests/hazard_rig.h"

#include "sim/plan/trial.h"

#include <stdlib.h>

static void test_the_busiest_day_surrounds_the_peak(void **state)
{
    struct rig x;
    struct trial_load l;
    (void)state;

    init(&x); /* the rig's own build is asked for at 0 s */
    fixture_build(&x.f, 0, 0, 100000.0, 60.0);
    fixture_build(&x.f, 0, 0, 143199.0, 60.0);
    fixture_build(&x.f, 0, 0, 143200.0, 60.0);
    struct scenario s = scenario_of(&x.f);
    /* The last two overlap: the peak is at 143200 s, 43200 s after 100000. */
    trial_busiest(&l, &s);
    assert_int_equal(l.trace.n, 3);
    assert_int_equal(l.start_us, 100000 * US_PER_S);
    assert_int_equal(l.peak_us, 43200 * US_PER_S);
    assert_int_equal(l.trace.builds[0].asked_us, 0);
    assert_int_equal(l.trace.builds[2].asked_us, 43200 * US_PER_S);
    assert_int_equal(l.trace.origin_us, 100000 * US_PER_S);
    trial_load_free(&l);
    assert_int_equal(l.trace.n, 0);
    done(&x);
}

static void test_many_pods_make_the_day_shorter(void **state)
{
    struct rig x;
    struct trial_load l;
    (void)state;

    init(&x);
    fixture_build(&x.f, 0, 0, 100000.0, 60.0);
    fixture_build(&x.f, 0, 0, 100000.0, 60.0);
    x.f.pools[0].keda.min = 400; /* a quarter of 12 h on each side */
    struct scenario s = scenario_of(&x.f);
    trial_busiest(&l, &s);
    assert_int_equal(l.start_us, (100000 - 10800) * US_PER_S);
    assert_int_equal(l.settle_us, 7200 * US_PER_S);
    trial_load_free(&l);
    x.f.pools[0].keda.min = 800;
    trial_busiest(&l, &s);
    assert_int_equal(l.settle_us, 5400 * US_PER_S);
    assert_int_equal(trial_pods(&s), 800);
    trial_load_free(&l);
    done(&x);
}

static void test_a_day_has_so_many_builds_at_most(void **state)
{
    struct rig x;
    struct trial_load l;
    (void)state;

    init(&x);
    for (int i = 0; i < TRIAL_BUILDS + 10; i++)
        fixture_build(&x.f, 0, 0, 10.0 * i, 1.0);
    struct scenario s = scenario_of(&x.f);
    trial_busiest(&l, &s);
    assert_true(l.trace.n > 100 && l.trace.n <= TRIAL_BUILDS);
    trial_load_free(&l);
    done(&x);
}

static void test_a_burst_asks_for_every_pod(void **state)
{
    struct rig x;
    struct trial_load l;
    (void)state;

    init(&x);
    struct scenario s = scenario_of(&x.f);
    trial_burst(&l, &s);
    assert_int_equal(l.trace.n, 8);
    assert_int_equal(l.trace.builds[7].asked_us, l.peak_us);
    trial_load_free(&l);
    x.f.pools[0].keda.max = TRIAL_BURST + 1;
    trial_burst(&l, &s);
    assert_int_equal(l.trace.n, TRIAL_BURST);
    trial_load_free(&l);
    trial_idle(&l, &s);
    assert_int_equal(l.trace.n, 1);
    trial_load_free(&l);
    done(&x);
}

static void
test_a_run_adds_up_what_waits_and_takes_a_sample_a_minute(void **state)
{
    struct rig x;
    struct trial_load l;
    struct trial t, again;
    (void)state;

    init(&x); /* two pods stand; the third build waits for one of them */
    fixture_build(&x.f, 0, 1, 0.0, 100.0);
    fixture_build(&x.f, 0, 1, 0.0, 100.0);
    x.f.p.n_callers = 2;
    x.f.pools[0].autoscaled = false;
    struct scenario s = scenario_of(&x.f);
    trial_busiest(&l, &s);
    trial_run(&t, &l, &s, &s.system, 1, 0);
    assert_int_equal(t.pools[0].builds, 3);
    assert_true(t.pools[0].waiting_s > 99.0 && t.pools[0].waiting_s < 125.0);
    assert_true(t.pools[0].unseen_s < t.pools[0].waiting_s);
    assert_int_equal(t.pools[0].samples[1].wanted, 2);
    assert_int_equal(t.pools[0].samples[1].ready, 2);
    assert_true(t.pools[0].samples[1].sessions >= 2); /* at 60 s */
    assert_int_equal(t.pools[0].samples[5].sessions, 0);
    assert_int_equal(t.n_samples, 121); /* two hours, and the first instant */
    assert_int_equal(t.pools[0].wanted_least, 2);
    assert_int_equal(t.pools[0].wanted_peak, 2);
    assert_true(t.pools[0].lost_s == 0.0);
    trial_run(&again, &l, &s, &s.system, 1, 0);
    assert_int_equal(again.pools[0].fingerprint, t.pools[0].fingerprint);
    trial_free(&again);
    l.trace.builds[0].work_us++;
    trial_run(&again, &l, &s, &s.system, 1, 0);
    assert_int_not_equal(again.pools[0].fingerprint, t.pools[0].fingerprint);
    trial_free(&again);
    trial_free(&t);
    trial_load_free(&l);
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_busiest_day_surrounds_the_peak),
        cmocka_unit_test(test_many_pods_make_the_day_shorter),
        cmocka_unit_test(test_a_day_has_so_many_builds_at_most),
        cmocka_unit_test(test_a_burst_asks_for_every_pod),
        cmocka_unit_test(
            test_a_run_adds_up_what_waits_and_takes_a_sample_a_minute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
