#include "tests/support.h"

#include "sim/plan/hazards_try.h"

#include <string.h>

#define OVERLAYS "tests/corpus/scenario/overlays/"

static struct scenario s;
static struct hazards h;

static int forget(void **state)
{
    (void)state;
    hazards_free(&h);
    scenario_free(&s);
    return 0;
}

static void look(const char *overlay)
{
    const char *m[] = {"scenarios/manifests/prod", overlay};
    struct scenario_options o = {.manifests = m, .n_manifests = 2};
    struct err e;

    if (scenario_load(&s, "scenarios/prod.yaml", &o, &e) != ERR_OK)
        fail_msg("refused: %s", e.msg);
    hazards_find(&h, &s);
}

/* The hazard of a code about a rule, or NULL. */
static const struct hazard *about(const char *code, const char *rule)
{
    for (size_t i = 0; i < h.n; i++)
        if (strcmp(h.at[i].code, code) == 0 && strstr(h.at[i].what, rule))
            return &h.at[i];
    return NULL;
}

static void test_the_bounds_of_the_manifests_decide(void **state)
{
    (void)state;
    look(OVERLAYS "alerts.yaml");
    assert_string_equal(about("alert-never-fires", "AboveMaximum")->what,
                        "alert AboveMaximum can never fire: "
                        "kube_deployment_spec_replicas is never below 2 and "
                        "never above 360");
    assert_null(about("alert-never-fires", "AtMaximum"));
    assert_null(about("alert-always-fires", "AtMaximum"));
    assert_non_null(about("alert-always-fires", "NeverEmpty"));
    assert_non_null(about("alert-never-fires", "TwoOnASlot"));
    assert_non_null(about("alert-never-fires", "ManyServers"));
    assert_null(about("alert-never-fires", "BackedUp"));
    assert_non_null(strstr(about("alert-never-fires", "ManyServers")->where,
                           "alerts.yaml:20"));
}

static void test_series_that_nobody_exports_are_told(void **state)
{
    (void)state;
    look(OVERLAYS "alerts.yaml");
    assert_string_equal(about("alert-unknown-series", "WrongProxy")->what,
                        "alert WrongProxy asks for "
                        "haproxy_backend_current_queue of bk_amd65, which "
                        "haproxy.cfg does not have: the rule never fires");
    assert_string_equal(about("alert-unknown-series", "WrongName")->advice,
                        "did you mean haproxy_backend_current_queue?");
    assert_null(about("alert-unknown-series", "AnyQueue"));
    assert_string_equal(about("alert-metric-dropped", "AnyQueue")->what,
                        "alert AnyQueue asks for "
                        "haproxy_backend_current_queue, which the keep-list "
                        "of ServiceMonitor haproxy drops: the rule never "
                        "fires");
    assert_null(about("alert-metric-dropped", "TwoOnASlot"));
    assert_null(about("alert-metric-dropped", "Errors"));
}

static void test_what_is_not_understood_is_not_judged(void **state)
{
    (void)state;
    look(OVERLAYS "alerts.yaml");
    assert_string_equal(about("alert-not-judged", "Ratio")->what,
                        "alert Ratio is not judged: not understood from \"/ "
                        "haproxy_backend_active_servers > 1\" on");
    assert_string_equal(about("alert-not-judged", "NoDuration")->what,
                        "alert NoDuration is not judged: its \"for\" is no "
                        "duration");
    assert_null(about("alert-not-judged", "Errors"));
}

static void test_the_day_tells_noise_from_silence(void **state)
{
    (void)state;
    look(OVERLAYS "rules.yaml"); /* a plain rule file */
    assert_null(about("alert-often-true", "AnyQueue"));
    hazards_try(&h, &s, 1);
    const struct hazard *often = about("alert-often-true", "AnyQueue");
    assert_int_equal(often->level, HAZARD_WARNING);
    assert_true(often->simulated);
    assert_null(about("alert-silent", "AnyQueue"));
    assert_int_equal(about("alert-silent", "BackedUp")->level, HAZARD_NOTE);
    assert_null(about("alert-often-true", "BackedUp"));
    assert_null(about("alert-silent", "Large")); /* the burst fires it */
    assert_null(about("alert-often-true", "Large"));
    assert_null(about("alert-silent", "Errors")); /* nobody can say */
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_bounds_of_the_manifests_decide),
        TEST(test_series_that_nobody_exports_are_told),
        TEST(test_what_is_not_understood_is_not_judged),
        TEST(test_the_day_tells_noise_from_silence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
