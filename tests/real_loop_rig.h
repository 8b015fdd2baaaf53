/* real_loop_rig.h - a history of two pools, and its run with fake drivers. */
#ifndef TESTS_REAL_LOOP_RIG_H
#define TESTS_REAL_LOOP_RIG_H

#include "sim/upstream/real_loop.h"
#include "sim/upstream/sizes.h"
#include "tests/fake_driver.h"
#include "tests/fixture.h"
#include "tests/history.h"
#include "tests/support.h"

#include <errno.h>
#include <sys/wait.h>

#define S(seconds) us_from_s(seconds)

static const struct real_programs fakes = {"/proc/self/exe", "/proc/self/exe",
                                           35, 16, 1};
static const struct real_programs newer = {"/proc/self/exe", "/proc/self/exe",
                                           35, 20, 2};

/* Two pools on backends of their own names; builds that come and go. */
static void init(struct fixture *f)
{
    fixture_init(f, 2, 1, 9);
    f->backends[0].name = "bk \"one\"";
    f->backends[1].name = "bk_two";
    f->pools[1].replicas = 2;
    fixture_build(f, 0, 0, 0.5, 90.0); /* the first poll finds it at work */
    for (int i = 0; i < 7; i++)
        fixture_build(f, 0, 0, 61.3 + 7.7 * i, 311.0 + 40.0 * i);
    for (int i = 0; i < 5; i++)
        fixture_build(f, 1, 1, 500.0 + 13.9 * i, 157.0 + 11.0 * i);
    for (int i = 0; i < 4; i++)
        fixture_build(f, 0, 0, 1500.0 + 0.4 * i, 100.0);
    f->p.settle_us = S(900.0);
}

static void keep_size(void *context, const struct note *n)
{
    sizes_on_note(context, n);
}

static void run(struct fixture *f, const struct scaler_link *link,
                struct sizes *sizes)
{
    struct system *s = fixture_system(f);
    struct random_world w = {7, 0, false};
    struct system_observer o = {.context = sizes, .on_note = keep_size};

    *sizes = (struct sizes){0};
    system_set_link(s, link);
    system_run(s, &w, &o);
    system_free(s);
}

/* A run with the fakes, which do as the models do but for a fault. */
struct driven {
    struct sizes sizes;
    struct compared hpa[2], keda[2];
    struct err e;
    int rc;
};

static struct driven drive_as(struct fixture *f, const struct real_programs *r,
                              const char *fault)
{
    struct driven d = {.e.msg = ""};
    struct real_loop *l;

    setenv("FAKE", fault, 1);
    d.rc = real_loop_open(&l, &f->p, r, NULL, &d.e);
    assert_int_equal(d.rc, ERR_OK);
    run(f, real_loop_link(l), &d.sizes);
    d.rc = real_loop_result(l, &d.e);
    for (uint32_t i = 0; i < 2; i++) {
        d.hpa[i] = *real_loop_hpa(l, i);
        d.keda[i] = *real_loop_keda(l, i);
    }
    real_loop_close(l);
    /* Nobody is left behind. */
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
    return d;
}

static struct driven drive(struct fixture *f, const char *fault)
{
    return drive_as(f, &fakes, fault);
}

static void assert_agree(const struct driven *d)
{
    if (d->rc != ERR_OK)
        fail_msg("%s", d->e.msg);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(d->hpa[i].first, "");
        assert_string_equal(d->keda[i].first, "");
        assert_int_equal(d->hpa[i].n_different + d->keda[i].n_different, 0);
        assert_true(d->hpa[i].n > 100);
        assert_true(d->keda[i].n > d->hpa[i].n);
    }
}

/* The same sizes as in a run of the models alone. */
static void assert_same_sizes(struct fixture *f, struct driven *d,
                              sim_us slack_us)
{
    struct sizes alone;

    run(f, NULL, &alone);
    for (uint32_t i = 0; i < 2; i++) {
        struct sizes_verdict v = sizes_compare(&d->sizes, &alone, i, US_PER_H);
        assert_true(v.n_a >= 2);
        assert_int_equal(v.n_a, v.n_b);
        assert_true(v.apart_us <= slack_us);
    }
    sizes_free(&alone);
    sizes_free(&d->sizes);
    fixture_free(f);
}

#endif
