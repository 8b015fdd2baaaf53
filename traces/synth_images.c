#include "traces/synth_images.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

enum size_class { ROCM, CUDA, PLAIN, PYTHON, LINTER };

struct image {
    const char *name;
    enum size_class class;
};

static const double factors[] = {
    [ROCM] = 2.0, [CUDA] = 1.3, [PLAIN] = 1.0, [PYTHON] = 0.6, [LINTER] = 0.25};

static const struct image amd64[] = {
    {"pytorch-linux-jammy-cuda12.6-cudnn9-py3-gcc11", CUDA},
    {"pytorch-linux-jammy-cuda12.8-cudnn9-py3-gcc11", CUDA},
    {"pytorch-linux-jammy-py3.10-gcc11", PLAIN},
    {"pytorch-linux-jammy-py3.10-clang15", PLAIN},
    {"pytorch-linux-jammy-rocm-n-py3", ROCM},
    {"pytorch-linux-jammy-cuda13.0-cudnn9-py3-gcc11", CUDA},
    {"pytorch-linux-jammy-xpu-n-py3", CUDA},
    {"pytorch-linux-jammy-py3.11-clang18-asan", PLAIN},
    {"pytorch-linux-jammy-py3.14-clang15", PLAIN},
    {"pytorch-linux-jammy-linter", LINTER},
    {"pytorch-linux-jammy-cuda12.8-cudnn9-py3-gcc11-inductor-benchmarks", CUDA},
    {"pytorch-linux-jammy-cuda13.0-cudnn9-py3.12-gcc11-vllm", CUDA},
    {"pytorch-linux-jammy-rocm-n-py3-benchmarks", ROCM},
    {"pytorch-linux-jammy-py3-gcc11-inductor-benchmarks", CUDA},
    {"pytorch-linux-jammy-py3-clang15-onnx", PLAIN},
    {"pytorch-linux-jammy-py3-clang18-executorch", PLAIN},
    {"pytorch-linux-jammy-py3.12-halide", PLAIN},
    {"pytorch-linux-jammy-xpu-n-1-py3", CUDA},
    {"pytorch-linux-jammy-cuda12.8-cudnn9-py3.12-gcc11-triton", CUDA},
    {"pytorch-linux-jammy-py3.12-triton-cpu", PLAIN},
    {"pytorch-linux-jammy-py3-clang15-mobile", PLAIN},
    {"pytorch-linux-noble-rocm-n-py3", ROCM},
    {"pytorch-linux-jammy-py3.9-only", PYTHON},
    {"pytorch-linux-noble-riscv64-py3.12-gcc14", PLAIN},
    {"pytorch-linux-jammy-cuda12.6-cudnn9-py3-gcc9-distributed", CUDA},
    {"pytorch-linux-jammy-py3-docs", PYTHON},
    {"pytorch-linux-jammy-py3.13t-gcc11", PLAIN},
    {"pytorch-linux-jammy-py3.13-clang18", PLAIN},
    {"pytorch-linux-noble-py3.12-gcc14", PLAIN},
    {"pytorch-linux-jammy-pallas-py3.12", PLAIN},
};

static const struct image arm64[] = {
    {"pytorch-linux-jammy-aarch64-py3.10-gcc14", PLAIN},
    {"pytorch-linux-jammy-aarch64-py3.10-gcc14-inductor-benchmarks", CUDA},
};

static const struct image extra_amd64[] = {
    {"manywheel-builder:cpu", PLAIN},     {"manywheel-builder:cuda12.6", CUDA},
    {"manywheel-builder:cuda12.8", CUDA}, {"manywheel-builder:cuda12.9", CUDA},
    {"manywheel-builder:cuda13.0", CUDA}, {"manywheel-builder:rocm6.4", ROCM},
    {"manywheel-builder:rocm7.0", ROCM},  {"manywheel-builder:rocm7.1", ROCM},
    {"manywheel-builder:xpu", CUDA},      {"almalinux-builder:cpu", PLAIN},
    {"almalinux-builder:cuda12.6", CUDA}, {"almalinux-builder:cuda12.8", CUDA},
    {"almalinux-builder:cuda12.9", CUDA}, {"almalinux-builder:cuda13.0", CUDA},
    {"almalinux-builder:rocm6.4", ROCM},  {"almalinux-builder:rocm7.0", ROCM},
    {"almalinux-builder:rocm7.1", ROCM},
};

static const struct image extra_arm64[] = {
    {"manylinuxaarch64-builder:cpu", PLAIN},
    {"manylinuxaarch64-builder:cuda12.6", CUDA},
    {"manylinuxaarch64-builder:cuda12.8", CUDA},
    {"manylinuxaarch64-builder:cuda12.9", CUDA},
    {"manylinuxaarch64-builder:cuda13.0", CUDA},
};

static const struct image nightly[] = {
    {"pytorch-nightly:cuda12.6-runtime", PLAIN},
    {"pytorch-nightly:cuda12.8-runtime", PLAIN},
    {"pytorch-nightly:cuda13.0-runtime", PLAIN},
    {"pytorch-nightly:cpu-runtime", PLAIN},
    {"pytorch-nightly:cuda12.6-devel", PLAIN},
    {"pytorch-nightly:cuda12.8-devel", PLAIN},
    {"pytorch-nightly:cuda13.0-devel", PLAIN},
    {"pytorch-nightly:cuda13.0-devel-minimal", PLAIN},
};

#define SET(a)                                                                 \
    {                                                                          \
        (a), sizeof(a) / sizeof((a)[0])                                        \
    }

static const struct {
    const struct image *images;
    size_t n;
} sets[N_IMAGE_SETS] = {
    [IMAGES_AMD64] = SET(amd64),
    [IMAGES_ARM64] = SET(arm64),
    [IMAGES_EXTRA_AMD64] = SET(extra_amd64),
    [IMAGES_EXTRA_ARM64] = SET(extra_arm64),
    [IMAGES_NIGHTLY] = SET(nightly),
};

void image_name(enum image_set set, size_t i, char out[80])
{
    size_t n = sets[set].n;

    if (i < n)
        snprintf(out, 80, "%s", sets[set].images[i].name);
    else
        snprintf(out, 80, "%s-v%zu", sets[set].images[i % n].name, i / n + 1);
}

double image_size(enum image_set set, size_t i)
{
    return factors[sets[set].images[i % sets[set].n].class];
}

void image_moments(enum image_set set, size_t n, double *mean, double *variance)
{
    double sum = 0.0, squares = 0.0;

    for (size_t i = 0; i < n; i++)
        sum += log(image_size(set, i));
    *mean = n > 0 ? sum / (double)n : 0.0;
    for (size_t i = 0; i < n; i++)
        squares += pow(log(image_size(set, i)) - *mean, 2.0);
    *variance = n > 0 ? squares / (double)n : 0.0;
}
