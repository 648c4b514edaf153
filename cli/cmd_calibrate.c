/* SPDX-License-Identifier: MIT */
/* deepmirgene calibrate: a model whose probabilities are shares of precursors. */
#include <math.h>
#include <stdio.h>

#include "command.h"
#include "note.h"
#include "options.h"

typedef struct calibrate_options {
    const char *model;
    opt_list positive, negative;
    double prior;
    const char *output, *cpu;
    long long threads;
} calibrate_options;

static const opt_spec specs[] = {
    OPT_MODEL(calibrate_options),
    OPT_POSITIVE(calibrate_options, true),
    OPT_NEGATIVE(calibrate_options, true),
    OPT_PRIOR(calibrate_options, "fraction in the files",
              "fraction of pre-miRNAs to calibrate for"),
    OPT_OUTPUT_REQUIRED(calibrate_options, OPT_WRITES, "FILE", NULL,
                        "calibrated model (written atomically)"),
    OPT_THREADS(calibrate_options),
    OPT_CPU(calibrate_options),
    {0},
};

static const opt_command command = {
    .name = "calibrate",
    .usage = " [options] --positive FILE --negative FILE -o FILE",
    .description =
        "Calibrates a model by Platt scaling on labelled sequences that it was not\n"
        "trained on, and writes a copy that includes the two fitted parameters. About\n"
        "70 % of the sequences with a calibrated p_mirna of 0.7 are pre-miRNAs if the\n"
        "fraction of pre-miRNAs is that of the files, or of --prior. Calibration does not\n"
        "change the ranking of sequences. 'predict --prior' adjusts the probabilities to\n"
        "another fraction. A second network for long hairpins, as general has for scan,\n"
        "is left out of the copy.",
    .examples = "  deepmirgene calibrate -m model.safetensors -p test-pre.fa -n test-other.fa \\\n"
                "      -o calibrated.safetensors\n"
                "  deepmirgene calibrate -m model.safetensors -p test-pre.fa -n test-other.fa \\\n"
                "      --prior 0.01 -o calibrated.safetensors\n",
    .specs = specs,
    .least_operands = -1,
};

static dmg_status load_data(dmg_dataset **dataset, const calibrate_options *options, dmg_cpu cpu,
                            dmg_error *err)
{
    dmg_status st = dmg_dataset_create(dataset, err);
    if (st == DMG_OK) st = command_add_files(command.name, *dataset, &options->positive, true, err);
    if (st == DMG_OK)
        st = command_add_files(command.name, *dataset, &options->negative, false, err);
    if (st == DMG_OK) st = dmg_dataset_fold(*dataset, command_threads(options->threads), cpu, err);
    return st;
}

static void print_summary(const char *path, const dmg_model *model)
{
    dmg_calibration c;
    if (!dmg_model_calibration(&c, model)) return;
    note(command.name,
         "wrote %s: a = %.4g, b = %.4g from %zu records, for a pre-miRNA "
         "fraction of %.4g\n",
         path, c.a, c.b, c.records, c.prior);
}

static int run_calibrate(const calibrate_options *options)
{
    dmg_error err;
    dmg_cpu cpu;
    dmg_model *model = NULL, *calibrated = NULL;
    dmg_dataset *dataset = NULL;
    dmg_status st = command_cpu(&cpu, options->cpu, &err);
    if (st == DMG_OK) st = command_try_output(options->output, &err);
    if (st == DMG_OK) st = dmg_model_load(&model, options->model, &err);
    if (st == DMG_OK) st = load_data(&dataset, options, cpu, &err);
    if (st == DMG_OK)
        st = dmg_calibrate(&calibrated, model, dataset, options->prior > 0 ? options->prior : NAN,
                           command_threads(options->threads), cpu, &err);
    if (st == DMG_OK) st = dmg_model_save(calibrated, options->output, &err);
    if (st == DMG_OK) print_summary(options->output, calibrated);
    dmg_dataset_destroy(dataset);
    dmg_model_destroy(calibrated);
    dmg_model_destroy(model);
    return st == DMG_OK ? EXIT_DONE : command_failed(command.name, &err);
}

int cmd_calibrate(int argc, char **argv)
{
    calibrate_options options = {0};
    opt_list operands;
    const opt_outcome outcome = opt_parse(&options, &operands, &command, argc, argv);
    const int status = outcome == OPT_RUN ? run_calibrate(&options) : command_not_run(outcome);
    opt_clear(&options, &operands, &command);
    return status;
}
