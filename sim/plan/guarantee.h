/* guarantee.h - what n histories without a miss, or with few, prove.
 *
 * Models    candidates are tried on n independent histories, and one that
 *           missed its targets on at most so many of them is chosen. How often
 *           it misses on a fresh history of the same kind is bounded with a
 *           stated confidence, whatever the law of the waits.
 * Source    binomial tail (Clopper and Pearson, Biometrika 26, 1934) with a
 *           union bound over the candidates.
 * Left out  how far the resampled histories are from the future: the bound is
 *           about the resampler.
 *
 * Candidates in order, of which each meets the targets wherever the one before
 * it does (rising maxima), count as one if the first that never missed is
 * chosen: it is the largest of n independent needs, so that the chance that
 * its share of misses is above eps is (1 - eps)^n, however many were tried.
 */
#ifndef SIM_PLAN_GUARANTEE_H
#define SIM_PLAN_GUARANTEE_H

#include <stddef.h>

/* Largest share of fresh histories on which the chosen candidate may miss,
 * at confidence 1 - error.
 *
 * n_histories    >= 1
 * n_missed       of them, by the chosen candidate
 * n_candidates   >= 1 that it was chosen from
 * error          0 < error < 1
 * Returns the smallest eps with n_candidates P(Bin(n_histories, eps) <=
 * n_missed) <= error; 1 if there is none below. About 3 / n for a single
 * candidate, no miss and 95 %.
 */
double guarantee_share(size_t n_histories, size_t n_missed, size_t n_candidates,
                       double error);

#endif
