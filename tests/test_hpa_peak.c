/* The highest entry of the log, known without a walk through it. */
#include "tests/draw.h"
#include "tests/hpa_rig.h"

/* One that is not known is looked for in the log. Windows may be edited. */
static void test_known_peak_decides_as_the_whole_log_does(void **state)
{
    (void)state;
    uint64_t x = 11;

    for (int round = 0; round < 2000; round++) {
        struct hpa_params p;
        struct hpa h;
        sim_us t = 1000;
        with_windows(&p, draw(&x, 30), draw(&x, 100));
        p.has_behavior = draw(&x, 2) == 1;
        p.down_stabilization_us = draw(&x, 100);
        hpa_init(&h, &p);
        for (uint32_t i = draw(&x, 30) + 1; i > 0; i--) {
            uint32_t n = 1 + draw(&x, 4) / 3 * draw(&x, 60);
            hpa_log_repeat(&h, t, 5, n, (int32_t)draw(&x, 50));
            t += 5 * n + (draw(&x, 4) == 0 ? draw(&x, 150) : 0);
        }
        p.down.window_us = draw(&x, 200);
        struct hpa unknown = h;
        unknown.peak = (struct hpa_recommendation){0};
        unknown.peak_after_us = 0;
        int32_t spec = (int32_t)draw(&x, 60), one = (int32_t)draw(&x, 60);
        assert_int_equal(hpa_stabilize(&h, t, spec, one),
                         hpa_stabilize(&unknown, t, spec, one));
        hpa_free(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_peak_decides_as_the_whole_log_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
