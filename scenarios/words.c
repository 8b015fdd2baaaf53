#include "scenarios/words.h"

#define WORDS(array) ((struct words){array, sizeof(array) / sizeof *(array)})

struct words words_own(void)
{
    static const char *const own[] = {
        "question",       "trace",  "manifests", "region", "zones",
        "instance_types", "prices", "pools",     "start",  "clients",
        "targets",        "faults", "set"};

    return WORDS(own);
}

struct words words_sections(void)
{
    static const char *const sections[] = {
        "versions",   "karpenter", "hpa",      "keda",    "kubelet",
        "replicaset", "scheduler", "drain",    "lb",      "dns",
        "billing",    "cache",     "nodepool", "rollout", "request",
        "pdb",        "client",    "type",     "sharing", "scrape"};

    return WORDS(sections);
}

struct words words_singles(void)
{
    static const char *const singles[] = {"boot_factor", "warm_up", "settle",
                                          "regret", "wait_price"};

    return WORDS(singles);
}
