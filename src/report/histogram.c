/* SPDX-License-Identifier: MIT */
/* The bars and axes of a histogram; its colours are those of the page. */
#include "report/histogram.h"

#include <math.h>

#include "report/markup.h"

static const double left = 78, top = 10, height = 150; /* of the frame */
static const double bar = 20, gap = 2;                 /* width of a bin, space between bars */

/* 1, 2 or 5 times a power of ten, so that about four of them reach `most`. */
static double tick_step(size_t most)
{
    static const double steps[] = {1, 2, 5, 10};
    const double wanted = fmax(1, (double)most / 4);
    const double power = pow(10, floor(log10(wanted)));
    size_t k = 0;
    while (k < 3 && steps[k] * power < wanted) k++;
    return steps[k] * power;
}

static void write_text(FILE *out, double x, double y, const char *anchor, const char *text)
{
    fprintf(out, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\">", x, y, anchor);
    markup_text(out, text);
    fputs("</text>\n", out);
}

static void write_counts_axis(FILE *out, double step, double last, double width)
{
    char label[32];
    for (double tick = 0; tick <= last; tick += step) {
        const double y = top + height * (1 - tick / last);
        fprintf(out, "<path class=\"grid\" d=\"M%.0f %.1fh%.0f\"/>", left, y, width);
        snprintf(label, sizeof label, "%.0f", tick);
        write_text(out, left - 8, y + 4, "end", label);
    }
    fprintf(out,
            "<text transform=\"rotate(-90)\" x=\"%.0f\" y=\"14\" "
            "text-anchor=\"middle\">records</text>\n",
            -(top + height / 2));
}

static void write_probability_axis(FILE *out, double width)
{
    static const char *const labels[] = {"0", "0.25", "0.5", "0.75", "1"};
    for (int k = 0; k < 5; k++)
        write_text(out, left + width * k / 4, top + height + 18, "middle", labels[k]);
    write_text(out, left + width / 2, top + height + 38, "middle", "p_mirna");
}

void histogram_write(FILE *out, const size_t *counts, size_t bins, const char *title)
{
    size_t most = 1;
    for (size_t k = 0; k < bins; k++)
        if (counts[k] > most) most = counts[k];
    const double step = tick_step(most), last = ceil((double)most / step) * step;
    const double width = bar * (double)bins;
    fprintf(out, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"", left + width + 20,
            top + height + 46);
    markup_text(out, title);
    fputs("\">\n", out);
    write_counts_axis(out, step, last, width);
    for (size_t k = 0; k < bins; k++) {
        const double tall = height * (double)counts[k] / last;
        fprintf(out,
                "<rect x=\"%.0f\" y=\"%.1f\" width=\"%.0f\" height=\"%.1f\"><title>%.2f to %.2f: "
                "%zu</title></rect>\n",
                left + bar * (double)k + gap / 2, top + height - tall, bar - gap, tall,
                (double)k / (double)bins, (double)(k + 1) / (double)bins, counts[k]);
    }
    write_probability_axis(out, width);
    fputs("</svg>\n", out);
}
