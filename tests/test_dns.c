#include "models/dns.h"
#include "sim/engine/tally.h"
#include "tests/support.h"

#include <stdbool.h>

static const struct random_world world = {.seed = 3};

static struct dns_params params(double stale_frac)
{
    struct dns_params p;

    dns_defaults(&p);
    p.stale_frac = stale_frac;
    return p;
}

static struct dns start(const struct dns_params *p, sim_us phase_us)
{
    struct dns d;

    dns_init(&d, p, &world, 1, 2);
    dns_start(&d, phase_us);
    return d;
}

static void test_a_change_is_seen_at_the_next_fill(void **state)
{
    (void)state;
    struct dns_params p = params(0.0);
    struct dns d = start(&p, 300 * US_PER_MS);

    /* Fills at 0.3, 5.3, 10.3 ... */
    assert_int_equal(dns_visible_us(&d, 5300 * US_PER_MS), 5300 * US_PER_MS);
    assert_int_equal(dns_visible_us(&d, 5300 * US_PER_MS + 1),
                     10300 * US_PER_MS);
    assert_int_equal(dns_visible_us(&d, -9 * US_PER_S), 300 * US_PER_MS);
}

static void test_a_fill_comes_whatever_it_shows(void **state)
{
    (void)state;
    struct dns_params p = params(1.0); /* all answers are old */
    struct dns d = start(&p, 300 * US_PER_MS);

    assert_int_equal(dns_next_fill_us(&d, 5300 * US_PER_MS), 5300 * US_PER_MS);
    assert_int_equal(dns_next_fill_us(&d, 5300 * US_PER_MS + 1),
                     10300 * US_PER_MS);
    assert_int_equal(dns_next_fill_us(&d, -9 * US_PER_S), 300 * US_PER_MS);
}

static void test_between_fills_the_cache_answers(void **state)
{
    (void)state;
    struct dns_params p = params(0.0);
    struct dns d = start(&p, -700 * US_PER_MS);

    assert_int_equal(dns_snapshot_us(&d, -700 * US_PER_MS), -700 * US_PER_MS);
    assert_int_equal(dns_snapshot_us(&d, 4299 * US_PER_MS), -700 * US_PER_MS);
    assert_int_equal(dns_snapshot_us(&d, 4300 * US_PER_MS), 4300 * US_PER_MS);
}

static void test_a_ttl_ends_at_a_whole_query(void **state)
{
    (void)state;
    struct dns_params p = params(0.0);

    p.cache_us = 4200 * US_PER_MS; /* the fifth query finds it expired */
    struct dns d = start(&p, 0);
    assert_int_equal(dns_visible_us(&d, 1), 5 * US_PER_S);
    p.cache_us = 0; /* no cache: every query is a fill */
    assert_int_equal(dns_visible_us(&d, 1), US_PER_S);
}

static void test_a_stale_fill_shows_up_to_5_s_less(void **state)
{
    (void)state;
    struct dns_params p = params(1.0);
    struct dns d = start(&p, 0);

    for (int64_t fill = 1; fill < 200; fill++) {
        double u = random_u01(&world, 1, 2, (uint64_t)fill);
        sim_us at_us = fill * 5 * US_PER_S;
        sim_us want_us = at_us - (sim_us)(u * 5e6);
        assert_int_equal(dns_snapshot_us(&d, at_us), want_us);
        assert_int_equal(dns_visible_us(&d, want_us), at_us);
        assert_int_equal(dns_visible_us(&d, want_us + 1), at_us + 5 * US_PER_S);
    }
}

static void test_visible_means_first_shown_in_a_snapshot(void **state)
{
    (void)state;
    struct dns_params p = params(0.5);

    p.upstream_us = 23 * US_PER_S; /* fills may even show less than before */
    struct dns d = start(&p, 123457);
    for (sim_us t_us = 0; t_us < 500 * US_PER_S; t_us += 1234567) {
        sim_us seen_us = dns_visible_us(&d, t_us);
        assert_true(seen_us >= t_us);
        assert_true(seen_us <= t_us + 28 * US_PER_S);
        assert_true(dns_snapshot_us(&d, seen_us) >= t_us);
        if (seen_us > d.phase_us)
            assert_true(dns_snapshot_us(&d, seen_us - 1) < t_us);
        assert_true(dns_visible_us(&d, t_us + 1) >= seen_us);
    }
}

static void test_snapshots_never_go_back(void **state)
{
    (void)state;
    struct dns_params p = params(0.5);
    sim_us before_us = -SIM_NEVER;

    p.upstream_us = 23 * US_PER_S;
    struct dns d = start(&p, 0);
    for (sim_us t_us = 0; t_us < 2000 * US_PER_S; t_us += US_PER_S) {
        sim_us shown_us = dns_snapshot_us(&d, t_us);
        assert_true(shown_us >= before_us && shown_us <= t_us);
        before_us = shown_us;
    }
}

static void test_names_have_draws_of_their_own(void **state)
{
    (void)state;
    struct dns_params p = params(1.0);
    struct dns a = start(&p, 0), b = start(&p, 0);

    b.name = 3;
    assert_int_not_equal(dns_snapshot_us(&a, 50 * US_PER_S),
                         dns_snapshot_us(&b, 50 * US_PER_S));
    b.name = 2;
    assert_int_equal(dns_snapshot_us(&a, 50 * US_PER_S),
                     dns_snapshot_us(&b, 50 * US_PER_S));
}

static void test_ready_pods_are_seen_after_3_5_and_at_most_11_s(void **state)
{
    (void)state;
    enum { N = 20000 };
    static double delay_s[N];
    struct dns_params p = params(0.0);
    double sum_s = 0.0;

    dns_defaults(&p);
    struct dns d = start(&p, 0);
    for (int i = 0; i < N; i++) {
        sim_us t_us = us_from_s(1e6 * random_u01(&world, 9, 0, (uint64_t)i));
        double u = random_u01(&world, 9, 1, (uint64_t)i);
        sim_us seen_us = dns_visible_us(&d, dns_listed_us(&p, t_us, u));
        delay_s[i] = s_from_us(seen_us - t_us);
        sum_s += delay_s[i];
    }
    sort_doubles(delay_s, N);
    /* Mean: 0.5 + 2.5, and 5 s more for a quarter of the fills in the half of
     * the cases in which the stale copy is older than the change.
     */
    assert_close(sum_s / N, 3.625, 0.05);
    assert_close(quantile(delay_s, N, 0.5), 3.53, 0.07);
    assert_close(quantile(delay_s, N, 0.9), 6.06, 0.2);
    assert_close(quantile(delay_s, N, 0.99), 9.1, 0.2);
    assert_true(delay_s[N - 1] > 10.0 && delay_s[N - 1] <= 11.0);
    assert_true(delay_s[0] >= 0.0 && delay_s[0] < 0.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_change_is_seen_at_the_next_fill),
        cmocka_unit_test(test_a_fill_comes_whatever_it_shows),
        cmocka_unit_test(test_between_fills_the_cache_answers),
        cmocka_unit_test(test_a_ttl_ends_at_a_whole_query),
        cmocka_unit_test(test_a_stale_fill_shows_up_to_5_s_less),
        cmocka_unit_test(test_visible_means_first_shown_in_a_snapshot),
        cmocka_unit_test(test_snapshots_never_go_back),
        cmocka_unit_test(test_names_have_draws_of_their_own),
        cmocka_unit_test(test_ready_pods_are_seen_after_3_5_and_at_most_11_s),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
