#include "plots/week.h"

#include "plots/heading.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const days[] = {"Mon", "Tue", "Wed", "Thu",
                                   "Fri", "Sat", "Sun"};

/* -------------------------------------------------------------- preparing */

/* Hour of the week of an instant since the origin, and when the next begins. */
static size_t hour_at(const struct trace *t, sim_us at_us, sim_us *next_us)
{
    int64_t shift_us = t->absolute ? t->origin_us : 0;
    int64_t in_hour_us = (at_us + shift_us) % US_PER_H;
    int day, hour;

    if (in_hour_us < 0)
        in_hour_us += US_PER_H;
    *next_us = at_us - in_hour_us + US_PER_H;
    if (t->absolute) {
        hour_of_week(at_us + shift_us, &day, &hour);
        return (size_t)day * 24 + (size_t)hour;
    }
    int64_t index = (at_us - in_hour_us) / US_PER_H % WEEK_HOURS;

    return (size_t)(index < 0 ? index + WEEK_HOURS : index);
}

static void add_step(struct week *w, const struct trace *t,
                     const struct series_step *step)
{
    const struct pool_state *s = &step->state;
    int32_t idle = s->ready > s->running ? s->ready - s->running : 0;

    for (sim_us at_us = step->from_us; at_us < step->until_us;) {
        sim_us next_us;
        size_t hour = hour_at(t, at_us, &next_us);

        if (next_us > step->until_us)
            next_us = step->until_us;
        double span_s = s_from_us(next_us - at_us);

        w->usd[hour] += step->usd_per_h * span_s / 3600;
        w->idle_s[hour] += idle * span_s;
        w->ready_s[hour] += s->ready * span_s;
        at_us = next_us;
    }
}

static void set_span(struct week *w, const struct plots_input *in)
{
    sim_us until_us = in->window_from_us + in->window_us, next_us;

    memset(w->span_s, 0, sizeof w->span_s);
    for (sim_us at_us = in->window_from_us; at_us < until_us; at_us = next_us) {
        size_t hour = hour_at(in->trace, at_us, &next_us);

        if (next_us > until_us)
            next_us = until_us;
        w->span_s[hour] += s_from_us(next_us - at_us);
    }
}

void week_add(struct week *w, const struct plots_input *in, uint32_t pool)
{
    struct series_step step;
    struct series s;

    set_span(w, in);
    series_start(&s, in, pool, in->window_from_us,
                 in->window_from_us + in->window_us);
    while (series_next(&s, &step))
        add_step(w, in->trace, &step);
}

/* -------------------------------------------------------------- layers */

/* The pools drawn, and the others together, one upon the other. */
struct stack {
    struct week layer[WEEK_LAYERS];
    struct week all;
    size_t n;
    size_t first, last; /* hours that the window touches */
};

static bool is_drawn(const struct plot *f, uint32_t pool)
{
    for (size_t i = 0; i < f->n_pools; i++)
        if (f->pools[i] == pool)
            return true;
    return false;
}

struct adding {
    struct stack *s;
    const struct plot *f;
};

static void add_to_all(void *context, uint32_t pool,
                       const struct series_step *step)
{
    const struct adding *x = context;

    add_step(&x->s->all, x->f->in->trace, step);
    if (!is_drawn(x->f, pool))
        add_step(&x->s->layer[x->f->n_pools], x->f->in->trace, step);
}

static void add_layers(struct stack *s, const struct plot *f)
{
    struct adding x = {s, f};

    for (size_t i = 0; i < f->n_pools; i++)
        week_add(&s->layer[i], f->in, f->pools[i]);
    set_span(&s->all, f->in);
    series_all(f->in, add_to_all, &x);
    s->n = f->n_pools + (f->in->n_pools > f->n_pools);
}

/* A short window is shown alone, unless it goes over the end of the week. */
static void choose_hours(struct stack *s, const struct plots_input *in)
{
    sim_us next_us;
    sim_us until_us = in->window_from_us + in->window_us;
    size_t first = hour_at(in->trace, in->window_from_us, &next_us);
    /* The end of a run lies a little after the hour. */
    sim_us last_us = until_us - (in->window_us > US_PER_H ? 60 * US_PER_S : 1);
    size_t last = hour_at(in->trace, last_us, &next_us);

    s->first = 0;
    s->last = WEEK_HOURS - 1;
    if (in->window_us < 2 * US_PER_DAY && first <= last) {
        s->first = first;
        s->last = last;
    }
}

/* -------------------------------------------------------------- writing */

static double mean_of(const double sum[], const struct week *all, size_t hour)
{
    return all->span_s[hour] > 0 ? sum[hour] / all->span_s[hour] : 0;
}

/* Hour, then the height of each layer upon those before: cost, idle pods. */
static void put_data(const struct plot *f, const struct stack *s)
{
    fprintf(f->dat,
            "# hour, then for each pool: USD/h and idle pods, stacked\n");
    for (size_t k = 2 * s->first; k < 2 * (s->last + 1); k++) {
        double usd_per_h = 0, idle = 0;

        fprintf(f->dat, "%zu", (k + 1) / 2);
        for (size_t i = 0; i < s->n; i++) {
            const struct week *w = &s->layer[i];
            usd_per_h += 3600 * mean_of(w->usd, &s->all, k / 2);
            idle += mean_of(w->idle_s, &s->all, k / 2);
            fprintf(f->dat, " %.4f %.4f", usd_per_h, idle);
        }
        fputc('\n', f->dat);
    }
}

static void say_hour(const struct plots_input *in, size_t hour, char out[32])
{
    if (in->trace->absolute)
        snprintf(out, 32, "on %s at %02zu:00", days[hour / 24], hour % 24);
    else
        snprintf(out, 32, "in hour %zu", hour + 1);
}

static size_t dearest(const struct week *all)
{
    size_t best = 0;

    for (size_t i = 1; i < WEEK_HOURS; i++)
        if (mean_of(all->usd, all, i) > mean_of(all->usd, all, best))
            best = i;
    return best;
}

static double sum_of(const double x[WEEK_HOURS])
{
    double sum = 0;

    for (size_t i = 0; i < WEEK_HOURS; i++)
        sum += x[i];
    return sum;
}

static void say_rate(double usd_per_h, char out[32])
{
    int decimals = usd_per_h >= 99.95 ? 0 : usd_per_h >= 9.995 ? 1 : 2;

    snprintf(out, 32, "%.*f", decimals, usd_per_h);
}

static void put_title(const struct plot *f, const struct stack *s)
{
    size_t top = dearest(&s->all);
    double hours = s_from_us(f->in->window_us) / 3600;
    double ready = sum_of(s->all.ready_s), idle = sum_of(s->all.idle_s);
    char when[32], mean[32], most[32];

    say_hour(f->in, top, when);
    say_rate(sum_of(s->all.usd) / hours, mean);
    say_rate(3600 * mean_of(s->all.usd, &s->all, top), most);
    heading_title(f->gp,
                  "%s USD/h on average, %s %s; pods are idle %.0f %% of their "
                  "time",
                  mean, most, when, ready > 0 ? 100 * idle / ready : 0.0);
}

/* A week is marked by its days, less by hours. */
static void put_mark(const struct plot *f, size_t hour, bool whole_week)
{
    if (!f->in->trace->absolute)
        fprintf(f->gp, "\"%zu\" %zu", hour, hour);
    else if (whole_week)
        fprintf(f->gp, "\"%s\" %zu", days[hour / 24], hour + 12);
    else if (hour % 24 == 0)
        fprintf(f->gp, "\"%s\" %zu", days[hour / 24 % 7], hour);
    else
        fprintf(f->gp, "\"%02zu:00\" %zu", hour % 24, hour);
}

static void put_marks(const struct plot *f, const struct stack *s)
{
    size_t n = s->last + 1 - s->first;
    bool dates = f->in->trace->absolute, whole_week = n == WEEK_HOURS;
    size_t step = whole_week ? 24 : n <= 8 ? 1 : n <= 24 ? 3 : 6;
    size_t end = s->last + (whole_week && dates ? 0 : 1);

    script_number(f->gp, "hour_first", (double)s->first);
    script_number(f->gp, "hour_end", (double)s->last + 1);
    script_number(f->gp, "whole_week", whole_week);
    if (dates)
        script_text(f->gp, "x_label", "hour of the week (UTC), from %s",
                    days[s->first / 24]);
    else
        script_text(f->gp, "x_label", "hours since the start%s",
                    whole_week ? ", by week" : "");
    fputs("set xtics (", f->gp);
    for (size_t hour = s->first; hour <= end; hour += step) {
        fputs(hour > s->first ? ", " : "", f->gp);
        put_mark(f, hour, whole_week);
    }
    fputs(")\n", f->gp);
}

static void put_tops(const struct plot *f, const struct week *all)
{
    double usd_per_h = 0, idle = 0;

    for (size_t i = 0; i < WEEK_HOURS; i++) {
        usd_per_h = fmax(usd_per_h, 3600 * mean_of(all->usd, all, i));
        idle = fmax(idle, mean_of(all->idle_s, all, i));
    }
    fprintf(f->gp, "array y_top[2]\narray y_step[2]\n");
    script_amount_axis(f->gp, "y", 0, usd_per_h);
    script_amount_axis(f->gp, "y", 1, idle);
}

static void write_all(const struct plot *f)
{
    struct stack *s = mem_array(1, sizeof *s);
    char shown[96], span[32];

    add_layers(s, f);
    choose_hours(s, f->in);
    script_number(f->gp, "n_layers", (double)s->n);
    if (f->in->window_us < 2 * US_PER_DAY)
        script_wait(s_from_us(f->in->window_us), span);
    else
        snprintf(span, sizeof span, "%.1f days",
                 s_from_us(f->in->window_us) / 86400);
    snprintf(shown, sizeof shown,
             "means over %s | idle: ready and without a build", span);
    heading_subtitle(f->gp, f->in->title_prefix, f->in->synthetic, shown);
    put_title(f, s);
    put_marks(f, s);
    put_tops(f, &s->all);
    put_data(f, s);
    free(s);
}

void week_put(const void *in, FILE *gp, FILE *dat)
{
    struct plot f = script_begin(in, gp, dat);

    write_all(&f);
}
