/* keda_seen.c - counters and the last value. */
#include "models/keda_seen.h"

void keda_seen_evaluation(struct keda_seen *x, size_t trigger, bool ok,
                          int64_t value_milli)
{
    struct keda_seen_trigger *t = &x->triggers[trigger];

    if (!ok) {
        t->errors++;
        x->errors++;
        return;
    }
    t->has_value = true;
    t->value_milli = value_milli;
}

void keda_seen_poll(struct keda_seen *x, bool error)
{
    x->errors += error;
}

void keda_seen_idle(struct keda_seen *x, const bool ok[], size_t n_triggers,
                    uint64_t n)
{
    bool error = false;

    for (size_t i = 0; i < n_triggers; i++) {
        error = error || !ok[i];
        x->triggers[i].errors += ok[i] ? 0 : n;
        x->errors += ok[i] ? 0 : n;
    }
    x->errors += error ? n : 0;
}
