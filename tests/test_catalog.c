#include "models/catalog.h"
#include "tests/support.h"

#include <string.h>

static void assert_size(struct catalog_size got, int64_t mcpu, int64_t mib)
{
    assert_int_equal(got.mcpu, mcpu);
    assert_int_equal(got.mib, mib);
}

/* As the provider's documentation lists them, at 7.5 %. */
static void test_allocatable_is_as_documented(void **state)
{
    static const struct {
        const char *name;
        int64_t mcpu, mib;
    } documented[] = {
        {"m6id.24xlarge", 95690, 355262},
        {"m6id.12xlarge", 47810, 178933},
        {"m7gd.16xlarge", 63770, 233962},
        {"m8gd.24xlarge", 95690, 355203},
    };

    (void)state;
    for (size_t i = 0; i < sizeof documented / sizeof documented[0]; i++) {
        const struct catalog_type *t = catalog_find(documented[i].name);
        assert_non_null(t);
        assert_size(catalog_allocatable(t, 0.075), documented[i].mcpu,
                    documented[i].mib);
    }
}

/* By hand: 393216 - ceil(23592.96); 262144 - 64 - ceil(15724.8). */
static void test_capacity_takes_six_percent_off_and_rounds_it_up(void **state)
{
    (void)state;
    assert_size(catalog_capacity(catalog_find("m6id.24xlarge"), 0.06), 96000,
                369623);
    assert_size(catalog_capacity(catalog_find("m7gd.16xlarge"), 0.06), 64000,
                246355);
    assert_size(catalog_capacity(catalog_find("m6id.2xlarge"), 0.0), 8000,
                32768);
}

static void test_allocatable_at_six_percent(void **state)
{
    (void)state;
    assert_size(catalog_allocatable(catalog_find("m6id.24xlarge"), 0.06), 95690,
                361161);
    assert_size(catalog_allocatable(catalog_find("m6id.12xlarge"), 0.06), 47810,
                181882);
    assert_size(catalog_allocatable(catalog_find("m7gd.16xlarge"), 0.06), 63770,
                237893);
}

static bool fit(const char *name, int64_t n, int64_t mcpu, int64_t mib)
{
    struct catalog_size a = catalog_allocatable(catalog_find(name), 0.06);

    return n * mcpu + 300 <= a.mcpu && n * mib + 440 <= a.mib;
}

static void test_production_pods_fit_exactly_so_often(void **state)
{
    (void)state;
    assert_true(fit("m6id.24xlarge", 2, 42000, 158720));
    assert_false(fit("m6id.24xlarge", 3, 42000, 158720));
    assert_true(fit("m6id.12xlarge", 1, 42000, 158720));
    assert_false(fit("m6id.12xlarge", 2, 42000, 158720));
    assert_true(fit("m7gd.16xlarge", 4, 14000, 52224));
    assert_false(fit("m7gd.16xlarge", 5, 14000, 52224));
}

static void test_prices_are_listed_by_region(void **state)
{
    const struct catalog_type *amd = catalog_find("m6id.24xlarge");
    const struct catalog_type *arm = catalog_find("m7gd.16xlarge");

    (void)state;
    assert_close(catalog_price(amd, "us-east-1").usd_per_h, 5.6952, 1e-12);
    assert_true(catalog_price(amd, "us-east-2").verified);
    assert_close(catalog_price(amd, "us-west-1").usd_per_h, 6.7032, 1e-12);
    assert_close(catalog_price(arm, "us-east-1").usd_per_h, 3.4171, 1e-12);
    assert_true(catalog_price(arm, "us-east-1").verified);
}

static void
test_an_unlisted_eastern_price_is_taken_but_not_verified(void **state)
{
    const struct catalog_type *arm = catalog_find("m7gd.16xlarge");

    (void)state;
    assert_close(catalog_price(arm, "us-east-2").usd_per_h, 3.4171, 1e-12);
    assert_false(catalog_price(arm, "us-east-2").verified);
    assert_true(catalog_price(arm, "us-west-1").usd_per_h < 0.0);
    assert_true(catalog_price(arm, "eu-west-1").usd_per_h < 0.0);
}

static void test_a_slot_costs_the_same_on_either_size(void **state)
{
    double large =
        catalog_price(catalog_find("m6id.24xlarge"), "us-east-1").usd_per_h;
    double small =
        catalog_price(catalog_find("m6id.12xlarge"), "us-east-1").usd_per_h;

    (void)state;
    assert_close(large / 2, small, 1e-12);
}

static void test_every_type_is_found_priced_and_plausible(void **state)
{
    size_t n;
    const struct catalog_type *t = catalog_types(&n);

    (void)state;
    assert_int_equal(n, 10);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(catalog_find(t[i].name), &t[i]);
        assert_true(i == 0 || strcmp(t[i - 1].name, t[i].name) < 0);
        assert_int_equal(t[i].memory_mib, 4096 * (int64_t)t[i].n_vcpu);
        assert_true(catalog_price(&t[i], "us-east-1").verified);
        assert_true(catalog_allocatable(&t[i], 0.075).mib > 0);
    }
    assert_null(catalog_find("m6id.24xlarg"));
    assert_null(catalog_find(""));
}

/* In binary64 0.07 x 100 is a little above 7. */
static void test_the_last_bit_of_the_overhead_costs_nothing(void **state)
{
    struct catalog_type t = {.arch = "amd64", .n_vcpu = 1, .memory_mib = 100};

    (void)state;
    assert_true(0.07 * 100.0 > 7.0);
    assert_size(catalog_capacity(&t, 0.07), 1000, 93);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_allocatable_is_as_documented),
        cmocka_unit_test(test_capacity_takes_six_percent_off_and_rounds_it_up),
        cmocka_unit_test(test_allocatable_at_six_percent),
        cmocka_unit_test(test_production_pods_fit_exactly_so_often),
        cmocka_unit_test(test_prices_are_listed_by_region),
        cmocka_unit_test(
            test_an_unlisted_eastern_price_is_taken_but_not_verified),
        cmocka_unit_test(test_a_slot_costs_the_same_on_either_size),
        cmocka_unit_test(test_every_type_is_found_priced_and_plausible),
        cmocka_unit_test(test_the_last_bit_of_the_overhead_costs_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
