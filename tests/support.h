/* support.h - cmocka and what every test needs beside it. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

/* cmocka needs these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

/* |got - want| <= tolerance; a NaN fails. */
#define assert_close(got, want, tolerance)                                     \
    do {                                                                       \
        double got_ = (got), want_ = (want), tol_ = (tolerance);               \
        if (!(fabs(got_ - want_) <= tol_))                                     \
            fail_msg("%s is %.12g, not %.12g within %.3g", #got, got_, want_,  \
                     tol_);                                                    \
    } while (0)

#endif
