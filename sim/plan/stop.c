#include "sim/plan/stop.h"

#include "sim/engine/tally.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>

enum { LOOKS_CONTENT = 2 };

static double width(const struct stop_rule *r, const struct tally *t)
{
    if (t->n < 2)
        return 0.0;
    double student = gsl_cdf_tdist_Pinv(1.0 - r->error / 2.0, (double)t->n - 1);

    return student * sqrt(tally_variance(t) / (double)t->n);
}

/* The error relative to the unknown mean is that to the known one, adjusted.
 */
static bool is_content(const struct stop_rule *r, const struct stopped *s)
{
    double relative = r->relative / (1.0 + r->relative);

    if (r->half_width > 0.0 && !(s->half_width <= r->half_width))
        return false;
    return !(r->relative > 0.0) || s->half_width <= relative * fabs(s->mean);
}

static struct stopped look(const struct stop_rule *r, const struct tally *t)
{
    return (struct stopped){
        .n = (size_t)t->n, .mean = t->mean, .half_width = width(r, t)};
}

struct stopped stop_after(const struct stop_rule *r, const double y[], size_t n)
{
    assert(r->error > 0.0 && r->error < 1.0 && r->every >= 1);
    assert(r->first >= 2 && r->at_most >= r->first);
    size_t end = n < r->at_most ? n : r->at_most, next = r->first;
    int content = 0;
    struct tally t = {0};

    for (size_t i = 0; i < end; i++) {
        tally_add(&t, y[i]);
        if (i + 1 != next)
            continue;
        struct stopped s = look(r, &t);
        next += r->every;
        content = is_content(r, &s) ? content + 1 : 0;
        if (content == LOOKS_CONTENT) {
            s.state = STOP_PRECISE;
            return s;
        }
    }
    struct stopped s = look(r, &t);
    s.state = end == r->at_most ? STOP_AT_MOST : STOP_GO_ON;
    return s;
}
