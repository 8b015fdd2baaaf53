/* synth_images.h - the images that the generator builds, by name and size.
 *
 * Models    a size factor fixed for each image name, by its class: rocm 2;
 *           cuda, xpu and benchmarks 1.3; plain 1; python only 0.6; linter
 *           0.25.
 * Left out  images that come and go; a list longer than the names repeats
 *           them with a version behind.
 */
#ifndef TRACES_SYNTH_IMAGES_H
#define TRACES_SYNTH_IMAGES_H

#include <stddef.h>

enum image_set {
    IMAGES_AMD64,       /* CI images */
    IMAGES_ARM64,       /* CI images */
    IMAGES_EXTRA_AMD64, /* binary builders */
    IMAGES_EXTRA_ARM64,
    IMAGES_NIGHTLY, /* release images, all of one size */
    N_IMAGE_SETS
};

/* Writes the name of image i, at most 79 characters. */
void image_name(enum image_set set, size_t i, char out[80]);

/* Size factor of image i, as listed above. */
double image_size(enum image_set set, size_t i);

/* Mean and variance of the logarithm of the sizes of the first n images, for
 * the generator to take out what they add to the median and to the spread.
 */
void image_moments(enum image_set set, size_t n, double *mean,
                   double *variance);

#endif
