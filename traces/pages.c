#include "traces/pages.h"

#include <stdlib.h>

void pages_add(struct pages *p, const char *run, size_t n, uint64_t total,
               uint64_t n_jobs)
{
    uint32_t index = n_jobs > 0 ? strings_add(&p->runs, run, n) : p->last;

    p->counts =
        mem_grow(p->counts, &p->cap, (size_t)index + 1, sizeof *p->counts);
    struct page_count *count = &p->counts[index];

    if (total > count->promised)
        count->promised = total;
    count->present += n_jobs;
    p->last = index;
}

uint64_t pages_missing(const struct pages *p)
{
    uint64_t missing = 0;

    for (size_t i = 0; i < p->cap; i++)
        if (p->counts[i].promised > p->counts[i].present)
            missing += p->counts[i].promised - p->counts[i].present;
    return missing;
}

void pages_free(struct pages *p)
{
    strings_free(&p->runs);
    free(p->counts);
    *p = (struct pages){0};
}
