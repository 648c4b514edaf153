/* SPDX-License-Identifier: MIT */
/* Batch normalisation, feature by feature; sums over the batch are taken in double, in its order.
 */
#include "nn/batch_norm.h"

const double batch_norm_epsilon = 1e-3;
const double batch_norm_momentum = 0.99;

void batch_norm_initial(real *params, const batch_norm *layer)
{
    for (size_t i = 0; i < layer->width; i++) {
        params[layer->scale + i] = 1;
        params[layer->shift + i] = 0;
        params[layer->mean + i] = 0;
        params[layer->variance + i] = 1;
    }
}

static real inverse_deviation(real variance)
{
    return 1 / real_sqrt(variance + (real)batch_norm_epsilon);
}

/* Mean and variance of feature i over the batch. */
static void measure(batch_norm_trace *trace, const real *x, size_t i, size_t width, size_t samples)
{
    double sum = 0, squares = 0;
    for (size_t k = 0; k < samples; k++) sum += (double)x[k * width + i];
    const double mean = sum / (double)samples;
    for (size_t k = 0; k < samples; k++) {
        const double difference = (double)x[k * width + i] - mean;
        squares += difference * difference;
    }
    trace->mean[i] = (real)mean;
    trace->variance[i] = (real)(squares / (double)samples);
}

void batch_norm_forward(real *y, batch_norm_trace *trace, const batch_norm *layer,
                        const real *params, const real *x, size_t samples)
{
    const size_t I = layer->width;
    for (size_t i = 0; i < I; i++) {
        measure(trace, x, i, I, samples);
        const real inverse = inverse_deviation(trace->variance[i]);
        for (size_t k = 0; k < samples; k++) {
            const real normal = (x[k * I + i] - trace->mean[i]) * inverse;
            trace->normal[k * I + i] = normal;
            y[k * I + i] = params[layer->scale + i] * normal + params[layer->shift + i];
        }
    }
}

/* Mean and variance depend on every x, so with m the mean over the batch
 *     dx = scale / sqrt(variance + epsilon) * (dy - m(dy) - n m(dy n)). */
void batch_norm_backward(real *grads, real *dx, const batch_norm *layer, const real *params,
                         const batch_norm_trace *trace, const real *dy, size_t samples)
{
    const size_t I = layer->width;
    for (size_t i = 0; i < I; i++) {
        double dscale = 0, dshift = 0;
        for (size_t k = 0; k < samples; k++) {
            dscale += (double)dy[k * I + i] * (double)trace->normal[k * I + i];
            dshift += (double)dy[k * I + i];
        }
        grads[layer->scale + i] += (real)dscale;
        grads[layer->shift + i] += (real)dshift;
        const real slope = params[layer->scale + i] * inverse_deviation(trace->variance[i]);
        const real along = (real)(dscale / (double)samples), all = (real)(dshift / (double)samples);
        for (size_t k = 0; k < samples; k++)
            dx[k * I + i] = slope * (dy[k * I + i] - all - trace->normal[k * I + i] * along);
    }
}

static void average(real *running, double value)
{
    *running = (real)(batch_norm_momentum * (double)*running + (1 - batch_norm_momentum) * value);
}

void batch_norm_average(real *params, const batch_norm *layer, const batch_norm_trace *trace,
                        size_t samples)
{
    const double unbiased = samples > 1 ? (double)samples / ((double)samples - 1) : 1;
    for (size_t i = 0; i < layer->width; i++) {
        average(&params[layer->mean + i], (double)trace->mean[i]);
        average(&params[layer->variance + i], unbiased * (double)trace->variance[i]);
    }
}

void batch_norm_line(real *slope, real *offset, const batch_norm *layer, const real *params,
                     size_t i)
{
    *slope = params[layer->scale + i] * inverse_deviation(params[layer->variance + i]);
    *offset = params[layer->shift + i] - *slope * params[layer->mean + i];
}
