/* SPDX-License-Identifier: MIT */
/* Operations backward. */
#include "model/network_steps.h"
#include "nn/dropout.h"

/* The block of sums that lane b of a pass belongs to. */
static real *sums_of(const network_run *run, size_t pass, size_t b)
{
    return run->sums + (pass * lanes_of(run) + b) / SUM_UNIT * run->stride;
}

static void embed_backward(network_run *run, const network_op *op, size_t pass)
{
    if (run->weights->kernels.packed) return;
    embedding_backward(sums_of(run, pass, 0), &stream_of(run, op)->embed,
                       gradient_at(run, op->output, pass), tokens_of(run, op, pass),
                       steps_of(run, op, pass));
}

static void run_lstm_backward(network_run *run, const network_op *op, size_t pass)
{
    if (steps_of(run, op, pass) == 0) return;
    const lstm_trace trace = trace_of(run, op, pass);
    const lstm_input input = lstm_input_of(run, op, pass);
    const size_t own = op->direction * lstm_of(run, op)->layer->units * lanes_of(run);
    real *dx = reads_tokens(run, op) ? NULL : gradient_at(run, op->input, pass);
    run->weights->kernels.lstm_backward(sums_of(run, pass, 0), run->stride, dx, lstm_of(run, op),
                                        &input, &trace, gradient_at(run, op->output, pass) + own,
                                        run->scratch);
}

static void pool_backward(network_run *run, const network_op *op, size_t pass)
{
    if (steps_of(run, op, pass) == 0) return;
    const pooling_input input = pooling_input_of(run, op, pass);
    run->weights->kernels.pooling_backward(
        sums_of(run, pass, 0), run->stride, gradient_at(run, op->input, pass),
        &stream_of(run, op)->pool, run->weights->params, &input,
        activation_at(run, op->output, pass), gradient_at(run, op->output, pass));
}

static void convolve_backward(network_run *run, const network_op *op, size_t pass)
{
    const size_t I = plan_of(run)->slots[op->input].width;
    const size_t O = plan_of(run)->slots[op->output].width;
    for (size_t b = 0; b < pass_count(run, pass); b++) {
        const conv_trace trace = conv_trace_of(run, op, pass, b);
        real *dx = op->layer > 0 ? gradient_at(run, op->input, pass) + b * I : NULL;
        conv_backward(sums_of(run, pass, b), dx, &stream_of(run, op)->convs[op->layer],
                      run->weights->params, activation_at(run, op->input, pass) + b * I, &trace,
                      gradient_at(run, op->output, pass) + b * O);
    }
}

static void flatten_backward(network_run *run, const network_op *op, size_t pass)
{
    const size_t width = plan_of(run)->slots[op->input].width, L = lanes_of(run);
    for (size_t b = 0; b < pass_count(run, pass); b++)
        from_lane(gradient_at(run, op->input, pass) + b * width, gradient_at(run, op->output, pass),
                  L, b, width);
}

static void gather_backward(network_run *run, const network_op *op, size_t pass)
{
    const dmg_dense_spec *spec = &run->weights->net->architecture.dense[op->index];
    const real *from = gradient_at(run, op->output, pass);
    for (int k = 0; k < spec->input_count; k++) {
        const size_t values = plan_of(run)->slots[spec->inputs[k]].width * lanes_of(run);
        real *to = gradient_at(run, spec->inputs[k], pass);
        for (size_t i = 0; i < values; i++) to[i] += from[i];
        from += values;
    }
}

static void normalise_backward(network_run *run, const network_op *op, size_t pass)
{
    const batch_norm *norm = &run->weights->net->norms[op->index];
    const size_t L = lanes_of(run);
    real *gradient = gradient_at(run, op->input, pass);
    for (size_t i = 0; i < norm->width; i++) {
        real slope, offset;
        batch_norm_line(&slope, &offset, norm, run->weights->params, i);
        for (size_t b = 0; b < L; b++) gradient[i * L + b] *= slope;
    }
}

static void normalise_batch_backward(network_run *run, const network_op *op)
{
    real *gradient = gradient_at(run, op->input, 0);
    batch_norm_backward(run->sums, gradient, &run->weights->net->norms[op->index],
                        run->weights->params, &memory_of(run, op)->norm, gradient, run->count);
}

static void drop_out_backward(network_run *run, const network_op *op, size_t pass)
{
    const size_t values = plan_of(run)->slots[op->input].width * lanes_of(run);
    if (run->training)
        dropout_apply(gradient_at(run, op->input, pass), memory_of(run, op)->mask + pass * values,
                      values);
}

/* The gradient of the output layer is that before its activation already. */
static void run_dense_backward(network_run *run, const network_op *op, size_t pass)
{
    const network_kernels *kernels = &run->weights->kernels;
    const dense *layer = dense_of(run, op);
    real *da = gradient_at(run, op->output, pass);
    if (op->index + 1 < run->weights->net->architecture.dense_count)
        kernels->activation_backward(da, layer->activation, activation_at(run, op->output, pass),
                                     layer->units);
    kernels->dense_backward(sums_of(run, pass, 0), run->stride, gradient_at(run, op->input, pass),
                            layer, run->weights->params, activation_at(run, op->input, pass), da);
}

/* Pixels and features have no gradient to pass on. */
static network_step *const steps[] = {
    [NETWORK_EMBED] = embed_backward,         [NETWORK_LSTM] = run_lstm_backward,
    [NETWORK_POOL] = pool_backward,           [NETWORK_CONV] = convolve_backward,
    [NETWORK_FLATTEN] = flatten_backward,     [NETWORK_GATHER] = gather_backward,
    [NETWORK_NORMALISE] = normalise_backward, [NETWORK_DROP_OUT] = drop_out_backward,
    [NETWORK_DENSE] = run_dense_backward,
};

void network_step_backward(network_run *run, const network_op *op)
{
    if (op->kind == NETWORK_NORMALISE && run->training) {
        normalise_batch_backward(run, op);
        return;
    }
    if (!steps[op->kind]) return;
    for (size_t p = 0; p < passes_of(run); p++) steps[op->kind](run, op, p);
}
