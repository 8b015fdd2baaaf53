/* bench_import.c - megabytes a second of a large export. */
#include "sim/app/bench.h"
#include "sim/engine/random.h"
#include "traces/import.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const char header[] =
    "\"id\",\"run_id\",\"run_attempt\",\"workflow_name\",\"name\","
    "\"head_branch\",\"status\",\"conclusion\",\"created_at\",\"started_at\","
    "\"completed_at\",\"labels\",\"runner_name\"\n";

/* 2026-01-01T00:00:00Z; one job every 7 seconds from there on. */
static const sim_us first_us = INT64_C(1767225600) * US_PER_S;

/* As ClickHouse writes an instant. */
static void put_instant(FILE *out, sim_us at_us, int *n)
{
    char text[40];

    timestamp_print(at_us, text);
    *n += fprintf(out, "\"%.10s %.8s.000000000\",", text, text + 11);
}

static int put_job(FILE *out, uint64_t i)
{
    const struct random_world w = {.seed = 3};
    uint64_t bits = random_bits(&w, 1, i, 0);
    sim_us asked_us = first_us + 7 * US_PER_S * (sim_us)i;
    sim_us work_us = (sim_us)(60 + bits % 3600) * US_PER_S;
    bool arm64 = bits >> 60 == 0;
    int n = fprintf(out,
                    "\"%" PRIu64 "\",\"%" PRIu64 "\",\"1\",\"docker-builds\","
                    "\"docker-build (made-up-linux-image-%u, x)\","
                    "\"refs/tags/ciflow/docker/%" PRIu64 "\",\"completed\","
                    "\"%s\",",
                    41000000000 + i, 9100000000 + i / 29,
                    (unsigned)(bits >> 40) % 40, i / 29,
                    bits >> 58 == 5 ? "failure" : "success");

    put_instant(out, asked_us, &n);
    put_instant(out, asked_us + 12 * US_PER_S, &n);
    put_instant(out, asked_us + 12 * US_PER_S + work_us, &n);
    return n + fprintf(out, "\"['self-hosted','%s']\",\"made-up-%u\"\n",
                       arm64 ? "mt-l-arm64g4-16-62" : "mt-l-x86iavx512-8-64",
                       (unsigned)(bits >> 20) % 500);
}

uint64_t bench_table(FILE *out, uint64_t n_bytes)
{
    uint64_t n = 0, at = (uint64_t)fprintf(out, header);

    for (; at < n_bytes && !ferror(out); n++)
        at += (uint64_t)put_job(out, n);
    return n;
}

static int measure(FILE *out, const char *path, uint64_t n_jobs, struct err *e)
{
    struct import_report r;
    struct trace t;
    double began_s = bench_cpu_s();
    int rc = trace_import(&t, path, NULL, &r, e);
    double took_s = bench_cpu_s() - began_s;

    if (rc != ERR_OK)
        return rc;
    if (t.n != n_jobs)
        rc = err_set(e, ERR_VERDICT,
                     "bench: %" PRIu64 " jobs became %zu builds", n_jobs, t.n);
    if (rc == ERR_OK) {
        bench_print(
            out, &(struct bench_line){.name = "import: table of jobs",
                                      .unit = "MB/s",
                                      .value = 1e-6 * (double)r.bytes / took_s,
                                      .goal = BENCH_AT_LEAST,
                                      .target = 200.0});
        bench_print(out, &(struct bench_line){.name = "import: peak memory",
                                              .unit = "MiB",
                                              .value = bench_peak_mib()});
    }
    trace_free(&t);
    return rc;
}

int bench_import(FILE *out, const struct bench_size *size, struct err *e)
{
    FILE *table = tmpfile(); /* has no name, so it cannot be left behind */
    char path[48];

    if (!table)
        return err_set(e, ERR_IO, "temporary file: %s", strerror(errno));
    uint64_t n = bench_table(table, (uint64_t)size->megabytes * 1000000);
    int rc = ERR_OK;

    if (fflush(table) != 0 || ferror(table))
        rc = err_set(e, ERR_IO, "temporary file: %s", strerror(errno));
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(table));
    if (rc == ERR_OK)
        rc = measure(out, path, n, e);
    fclose(table);
    return rc;
}
