/* Parameters that cannot matter to a scenario. */
#include "scenarios/params.h"
#include "tests/support.h"

#define SMALL "tests/corpus/scenario/small.yaml"

static void test_a_scalers_key_is_idle_where_nothing_scales(void **state)
{
    struct scenario s;
    struct err e;
    (void)state;

    assert_int_equal(scenario_load(&s, SMALL, NULL, &e), ERR_OK);
    s.system.pools[0].autoscaled = false; /* amd64 */
    assert_true(params_is_idle(&s, "amd64.max_replicas"));
    assert_true(params_is_idle(&s, "amd64.hpa.sync_period"));
    assert_false(params_is_idle(&s, "amd64.replicas"));
    assert_false(params_is_idle(&s, "amd64.kubelet.grace"));
    assert_false(params_is_idle(&s, "arm64.max_replicas"));
    assert_false(params_is_idle(&s, "max_replicas"));
    assert_false(params_is_idle(&s, "lb.slots"));
    assert_false(params_is_idle(&s, "no.such.key"));
    s.system.pools[1].autoscaled = false;
    assert_true(params_is_idle(&s, "max_replicas"));
    scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_scalers_key_is_idle_where_nothing_scales),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
