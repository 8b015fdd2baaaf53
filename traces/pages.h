/* pages.h - whether every page of a paged answer is there.
 *
 * Each page of GitHub's list of jobs says how many jobs its run has in all.
 */
#ifndef TRACES_PAGES_H
#define TRACES_PAGES_H

#include "sim/base/mem.h"

/* Starts from {0}. */
struct pages {
    struct strings runs; /* owned; index 0 is a page without a run */
    struct page_count {
        uint64_t promised, present;
    } * counts; /* owned; by index of the run */
    size_t cap;
    uint32_t last; /* run of the page before */
};

/* A page of n_jobs that promises total. run[n] is the run of its first job; an
 * empty page belongs to the run of the page before.
 */
void pages_add(struct pages *p, const char *run, size_t n, uint64_t total,
               uint64_t n_jobs);

/* Jobs promised and absent, over all runs. */
uint64_t pages_missing(const struct pages *p);

void pages_free(struct pages *p);

#endif
