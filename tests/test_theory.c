/* Queues whose figures are known in closed form. Seeds are fixed; a figure may
 * lie four standard errors of independent replications from its theory, and
 * those must be small.
 */
#include "tests/support.h"

#include "tests/station.h"

#include <gsl/gsl_statistics_double.h>

enum { REPLICATIONS = 24 };

/* What one replication says about the customers after the warm-up. */
struct figures {
    double wait_s, sojourn_s, inside, waited_frac, lost_frac;
};

static struct figures measure(const struct station *p,
                              struct random_world world)
{
    struct tally wait = {0}, sojourn = {0}, waited = {0};
    struct run r;

    run_station(&r, p, world);
    for (uint32_t i = p->warm_up; i < p->n_customers; i++) {
        const struct customer *c = &r.customer[i];

        if (c->lost)
            continue;
        tally_add(&wait, s_from_us(c->served_us - c->asked_us));
        tally_add(&sojourn, s_from_us(c->done_us - c->asked_us));
        tally_add(&waited, c->served_us > c->asked_us);
    }
    struct figures f = {wait.mean, sojourn.mean, r.inside_mean, waited.mean,
                        r.n_lost / (double)(p->n_customers - p->warm_up)};

    run_free(&r);
    return f;
}

/* The same figure of all replications. */
struct sample {
    double x[REPLICATIONS];
};

struct samples {
    struct sample wait_s, sojourn_s, inside, waited_frac, lost_frac;
};

static void replicate(const struct station *p, uint64_t seed, bool antithetic,
                      struct samples *s)
{
    for (uint64_t i = 0; i < REPLICATIONS; i++) {
        struct figures f =
            measure(p, (struct random_world){seed, i, antithetic});

        s->wait_s.x[i] = f.wait_s;
        s->sojourn_s.x[i] = f.sojourn_s;
        s->inside.x[i] = f.inside;
        s->waited_frac.x[i] = f.waited_frac;
        s->lost_frac.x[i] = f.lost_frac;
    }
}

/* The mean agrees with the theory within four standard errors, and those are
 * below two per cent of it, so that a wrong model cannot hide behind them.
 */
static void assert_theory(const struct sample *s, double want)
{
    double error = gsl_stats_sd(s->x, 1, REPLICATIONS) / sqrt(REPLICATIONS);

    assert_true(error < 0.02 * want);
    assert_close(gsl_stats_mean(s->x, 1, REPLICATIONS), want, 4.0 * error);
}

static struct dist exponential(double mean_s)
{
    return (struct dist){DIST_EXPONENTIAL, mean_s, 0, 0, DIST_NO_BOUND_S};
}

/* Probability that all c servers are busy when nobody may wait. */
static double erlang_b(int c, double load)
{
    double b = 1.0;

    for (int n = 1; n <= c; n++)
        b = load * b / (n + load * b);
    return b;
}

/* Probability of waiting when all may wait. */
static double erlang_c(int c, double load)
{
    double b = erlang_b(c, load);

    return b / (1.0 - load / c * (1.0 - b));
}

static void test_one_server_holds_rho_over_one_minus_rho(void **state)
{
    const struct station p = {.gap = exponential(1.0),
                              .service = exponential(0.7),
                              .n_servers = 1,
                              .room = UINT32_MAX,
                              .n_customers = 42000,
                              .warm_up = 2000};
    struct samples s;

    (void)state;
    replicate(&p, 1, false, &s);
    assert_theory(&s.sojourn_s, 1.0 / (1.0 / 0.7 - 1.0));
    assert_theory(&s.inside, 0.7 / 0.3);
    assert_theory(&s.waited_frac, 0.7);
    assert_theory(&s.wait_s, 0.7 * 0.7 / 0.3);
}

static void test_erlang_b_is_the_loss_of_a_full_house(void **state)
{
    const struct station p = {.gap = exponential(1.0),
                              .service = exponential(8.0),
                              .n_servers = 10,
                              .room = 10,
                              .n_customers = 32000,
                              .warm_up = 2000};
    struct samples s;

    (void)state;
    assert_close(erlang_b(10, 8.0), 0.121661, 1e-6);
    replicate(&p, 2, false, &s);
    assert_theory(&s.lost_frac, erlang_b(10, 8.0));
    assert_theory(&s.inside, 8.0 * (1.0 - erlang_b(10, 8.0)));
}

static void test_erlang_b_does_not_ask_for_the_law_of_service(void **state)
{
    struct station p = {
        .gap = exponential(1.0),
        .n_servers = 10,
        .room = 10,
        .service = {DIST_LOGNORMAL, 5.0, 15.0, 0, DIST_NO_BOUND_S},
        .n_customers = 32000,
        .warm_up = 2000};
    double load = dist_mean_s(&p.service);
    struct samples s;

    (void)state;
    replicate(&p, 3, false, &s);
    assert_theory(&s.lost_frac, erlang_b(10, load));
}

static void test_erlang_c_is_the_probability_of_waiting(void **state)
{
    const struct station p = {.gap = exponential(1.0),
                              .service = exponential(4.0),
                              .n_servers = 5,
                              .room = UINT32_MAX,
                              .n_customers = 62000,
                              .warm_up = 2000};
    double c = erlang_c(5, 4.0);
    struct samples s;

    (void)state;
    assert_close(c, 0.554113, 1e-6);
    replicate(&p, 4, false, &s);
    assert_theory(&s.waited_frac, c);
    assert_theory(&s.wait_s, c / (5.0 / 4.0 - 1.0));
}

/* Waiting before one server, from the mean square of the service time. */
static void assert_pollaczek_khinchine(struct dist service, double mean_square)
{
    const struct station p = {.gap = exponential(1.0),
                              .service = service,
                              .n_servers = 1,
                              .room = UINT32_MAX,
                              .n_customers = 42000,
                              .warm_up = 2000};
    double rho = dist_mean_s(&service);
    struct samples s;

    replicate(&p, 5, false, &s);
    assert_theory(&s.wait_s, mean_square / (2.0 * (1.0 - rho)));
    assert_theory(&s.waited_frac, rho);
}

static void test_waiting_follows_pollaczek_and_khinchine(void **state)
{
    const struct dist constant = {DIST_CONSTANT, 0.7, 0, 0, DIST_NO_BOUND_S};
    const struct dist uniform = {DIST_UNIFORM, 0.2, 1.1, 0, DIST_NO_BOUND_S};
    const struct dist lognormal = {DIST_LOGNORMAL, 0.5, 1.0, 0,
                                   DIST_NO_BOUND_S};
    double sigma = log(2.0) / 1.2815515655446004;

    (void)state;
    assert_pollaczek_khinchine(constant, 0.49);
    /* (0.2^2 + 0.2 * 1.1 + 1.1^2) / 3 */
    assert_pollaczek_khinchine(uniform, 0.49);
    assert_pollaczek_khinchine(lognormal, 0.25 * exp(2.0 * sigma * sigma));
}

static void test_a_burst_is_served_in_rounds_exactly(void **state)
{
    const struct station p = {.gap = {DIST_CONSTANT, 0, 0, 0, 0},
                              .service = {DIST_CONSTANT, 2.385, 0, 0, 100},
                              .n_servers = 7,
                              .room = UINT32_MAX,
                              .n_customers = 100};
    struct run r;

    (void)state;
    sim_us end_us = run_station(&r, &p, (struct random_world){0});

    for (uint32_t j = 0; j < 100; j++) {
        assert_int_equal(r.customer[j].asked_us, 0);
        assert_int_equal(r.customer[j].served_us, j / 7 * 2385000);
    }
    assert_int_equal(end_us, 15 * 2385000); /* 14 full rounds and two */
    assert_int_equal(fel_count(r.fel), 200);
    run_free(&r);
}

static void test_littles_law_holds_to_the_last_tick(void **state)
{
    const struct station p = {.gap = exponential(1.0),
                              .service = exponential(3.5),
                              .n_servers = 4,
                              .room = 40,
                              .n_customers = 20000};
    level_area sojourns = 0;
    struct run r;

    (void)state;
    sim_us end_us = run_station(&r, &p, (struct random_world){.seed = 6});

    level_set(&r.inside, end_us, r.inside.value);
    assert_int_equal(r.inside.value, 0);
    for (uint32_t i = 0; i < p.n_customers; i++)
        if (!r.customer[i].lost)
            sojourns += r.customer[i].done_us - r.customer[i].asked_us;
    assert_true(sojourns > 0);
    assert_true(r.inside.area == sojourns);
    run_free(&r);
}

static void test_no_server_idles_while_somebody_waits(void **state)
{
    const struct station p = {.gap = exponential(1.0),
                              .service = exponential(2.7),
                              .n_servers = 3,
                              .room = UINT32_MAX,
                              .n_customers = 5000};
    struct run r;

    (void)state;
    run_station(&r, &p, (struct random_world){.seed = 7});
    /* Who waited was served at the instant of a departure. */
    for (uint32_t i = 0, waited = 0; i < p.n_customers; i++) {
        const struct customer *c = &r.customer[i];
        uint32_t leaving = 0;

        waited += c->served_us > c->asked_us;
        for (uint32_t j = 0; j < i; j++)
            leaving += r.customer[j].done_us == c->served_us;
        assert_true(c->served_us == c->asked_us || leaving > 0);
        assert_true(i + 1 < p.n_customers || waited > 1000);
    }
    run_free(&r);
}

static double correlation(const struct sample *a, const struct sample *b)
{
    return gsl_stats_correlation(a->x, 1, b->x, 1, REPLICATIONS);
}

static void test_common_numbers_make_two_configurations_alike(void **state)
{
    struct station p = {.gap = exponential(1.0),
                        .service = exponential(2.4),
                        .n_servers = 4,
                        .room = UINT32_MAX,
                        .n_customers = 2000};
    struct samples four, five, other;

    (void)state;
    replicate(&p, 8, false, &four);
    replicate(&p, 9, false, &other);
    p.n_servers = 5;
    replicate(&p, 8, false, &five);
    assert_true(correlation(&four.wait_s, &five.wait_s) > 0.7);
    assert_true(fabs(correlation(&other.wait_s, &five.wait_s)) < 0.5);
}

static void test_antithetic_worlds_lean_against_each_other(void **state)
{
    const struct station p = {.gap = exponential(1.0),
                              .service = exponential(0.3),
                              .n_servers = 1,
                              .room = UINT32_MAX,
                              .n_customers = 500};
    struct samples plain, antithetic;

    (void)state;
    replicate(&p, 10, false, &plain);
    replicate(&p, 10, true, &antithetic);
    assert_true(correlation(&plain.sojourn_s, &antithetic.sojourn_s) < -0.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_server_holds_rho_over_one_minus_rho),
        cmocka_unit_test(test_erlang_b_is_the_loss_of_a_full_house),
        cmocka_unit_test(test_erlang_b_does_not_ask_for_the_law_of_service),
        cmocka_unit_test(test_erlang_c_is_the_probability_of_waiting),
        cmocka_unit_test(test_waiting_follows_pollaczek_and_khinchine),
        cmocka_unit_test(test_a_burst_is_served_in_rounds_exactly),
        cmocka_unit_test(test_littles_law_holds_to_the_last_tick),
        cmocka_unit_test(test_no_server_idles_while_somebody_waits),
        cmocka_unit_test(test_common_numbers_make_two_configurations_alike),
        cmocka_unit_test(test_antithetic_worlds_lean_against_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
