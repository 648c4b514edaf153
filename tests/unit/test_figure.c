/* SPDX-License-Identifier: MIT */
/* Figures: the numbers, the script that gnuplot gets, and, where it is here, what it draws.
 *
 * The script is tested with programs of our own called gnuplot in a folder that PATH leads to. */
#include "unit.h"

#include <math.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "deepmirgene/report.h"
#include "scratch.h"

static char *usual_path; /* PATH as it was */

static int setup(void **state)
{
    usual_path = strdup(getenv("PATH") ? getenv("PATH") : "");
    return usual_path ? scratch_setup(state) : -1;
}

static int teardown(void **state)
{
    free(usual_path);
    return scratch_teardown(state);
}

/* Each test begins with an empty folder and the usual PATH. */
static int begin(void **state)
{
    (void)state;
    scratch_empty(scratch_folder);
    return setenv("PATH", usual_path, 1);
}

/* From here on gnuplot is this shell script, or nothing. */
static void pretend_gnuplot(const char *script)
{
    if (script) assert_int_equal(chmod(scratch_text("gnuplot", script), 0755), 0);
    assert_int_equal(setenv("PATH", scratch_folder, 1), 0);
}

static const char *const keep_script = "#!/bin/sh\n"
                                       "/bin/cat > \"${0%/*}/script\"\n"
                                       "echo 'picture</svg>'\n";

static bool has_gnuplot(void)
{
    if (system("command -v gnuplot >/dev/null 2>&1") == 0) return true;
    print_message("skipped: gnuplot is not here\n");
    return false;
}

static void write_figure(const dmg_figure *figure, const char *path)
{
    dmg_error err;
    assert_ok(dmg_figure_write(figure, path, &err), &err);
}

static void assert_file(const char *name, const char *expected)
{
    char *text = scratch_read(scratch_path(name), NULL);
    assert_string_equal(text, expected);
    free(text);
}

static void assert_file_has(const char *name, const char *part)
{
    char *text = scratch_read(scratch_path(name), NULL);
    if (!strstr(text, part)) fail_msg("'%s' is not in\n%s", part, text);
    free(text);
}

static void assert_file_lacks(const char *name, const char *part)
{
    char *text = scratch_read(scratch_path(name), NULL);
    if (strstr(text, part)) fail_msg("'%s' is in\n%s", part, text);
    free(text);
}

static const double xs[] = {1, 2, 3, NAN, 5}, ys[] = {0.5, NAN, 0.75, 1, 0.25};
static const double lows[] = {0.4, NAN, 0.7, 1, NAN}, highs[] = {0.6, NAN, 0.8, 1, 0.3};

/* One series of five points: gaps at the second and the fourth, no interval at the fifth. */
static dmg_figure_series sample_series(dmg_figure_style style)
{
    return (dmg_figure_series){
        .name = "F", .style = style, .count = 5, .x = xs, .y = ys, .low = lows, .high = highs};
}

static dmg_figure sample_figure(const dmg_figure_series *series, size_t count)
{
    dmg_figure figure = dmg_figure_defaults();
    figure.x_title = "epoch";
    figure.y_title = "F-score";
    figure.series = series;
    figure.series_count = count;
    return figure;
}

/* --- paths --- */

static void test_endings(void **state)
{
    (void)state;
    const char *good[] = {"a.svg", "dir.x/b.PDF", "c.d.png"};
    const char *bad[] = {"a", "", ".svg", "svg", "a.svg.gz", "a.eps", "-", "a.svgz"};
    dmg_error err;
    for (size_t i = 0; i < 3; i++) assert_ok(dmg_figure_check_path(good[i], &err), &err);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(dmg_figure_check_path(bad[i], &err), DMG_UNSUPPORTED);
    assert_string_equal(err.message,
                        "cannot draw a.svgz: figures are written to .svg, .pdf or .png");
}

static void test_data_paths(void **state)
{
    (void)state;
    char path[DMG_FIGURE_PATH], longest[DMG_FIGURE_PATH + 8];
    dmg_error err;
    assert_ok(dmg_figure_data_path(path, "out/roc.v2.SVG", &err), &err);
    assert_string_equal(path, "out/roc.v2.data.tsv");
    assert_int_equal(dmg_figure_data_path(path, "roc", &err), DMG_UNSUPPORTED);
    memset(longest, 'a', sizeof longest);
    const size_t most = DMG_FIGURE_PATH - sizeof ".data.tsv";
    strcpy(longest + most, ".svg");
    assert_ok(dmg_figure_data_path(path, longest, &err), &err);
    assert_int_equal(strlen(path), DMG_FIGURE_PATH - 1);
    memset(longest + most, 'a', 4);
    strcpy(longest + most + 1, ".svg");
    assert_int_equal(dmg_figure_data_path(path, longest, &err), DMG_RANGE);
}

/* --- numbers and script --- */

static void test_numbers(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    const dmg_figure_series series[] = {sample_series(DMG_FIGURE_LINE),
                                        {.count = 1, .x = xs, .y = ys}};
    const dmg_figure figure = sample_figure(series, 2);
    write_figure(&figure, scratch_path("f.svg"));
    assert_file("f.data.tsv", "series\tx\ty\tlow\thigh\n"
                              "F\t1\t0.5\t0.4\t0.6\n"
                              "F\t2\tNaN\tNaN\tNaN\n"
                              "F\t3\t0.75\t0.7\t0.8\n"
                              "F\tNaN\t1\t1\t1\n"
                              "F\t5\t0.25\tNaN\t0.3\n"
                              "\t1\t0.5\tNaN\tNaN\n");
    assert_file_has("f.svg", "picture<style>@media screen and (prefers-color-scheme: dark) {\n");
    assert_file_has("f.svg", "}</style>\n</svg>\n");
}

static void test_gaps_are_empty_lines(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    const dmg_figure_series series = sample_series(DMG_FIGURE_LINE);
    const dmg_figure figure = sample_figure(&series, 1);
    write_figure(&figure, scratch_path("f.svg"));
    assert_file_has("script", "$points0 << END\n1 0.5\n\n3 0.75\n\n5 0.25\nEND\n");
    assert_file_has("script", "$intervals0 << END\n1 0.5 0.4 0.6\n\n3 0.75 0.7 0.8\n\n\nEND\n");
    assert_file_has("script", "set xlabel 'epoch'\nset ylabel 'F-score'\n");
    assert_file_has("script", "set xrange [*:*]\nset yrange [*:*]\n");
    assert_file_has("script", "with filledcurves");
    assert_file_has("script", "set terminal svg");
}

static void test_ranges(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    const double one[] = {3};
    const dmg_figure_series series = {.count = 1, .x = one, .y = one};
    dmg_figure figure = sample_figure(&series, 1);
    write_figure(&figure, scratch_path("f.svg"));
    assert_file_has("script", "set xrange [2.5:3.5]\nset yrange [2.5:3.5]\n");
    figure.x_low = 0;
    figure.y_high = 4;
    write_figure(&figure, scratch_path("f.svg"));
    assert_file_has("script", "set xrange [0:3.5]\nset yrange [2.5:4]\n");
    figure.series_count = 0;
    write_figure(&figure, scratch_path("f.svg"));
    assert_file_has("script", "set xrange [0:1]\nset yrange [0:4]\n");
    const char *ticks[] = {"SE", "SP"};
    figure = sample_figure(&series, 1);
    figure.ticks = ticks;
    figure.tick_count = 2;
    write_figure(&figure, scratch_path("f.svg"));
    assert_file_has("script", "set xtics ('SE' 0, 'SP' 1)\nset xrange [-0.6:1.6]\n");
}

static void test_whole_numbers_have_ticks(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    const dmg_figure_series series = sample_series(DMG_FIGURE_LINE);
    dmg_figure figure = sample_figure(&series, 1);
    figure.whole_x = true;
    figure.x_low = 0;
    const double high[] = {2, 8, 9, 20, 100, 400, 401};
    const char *const steps[] = {"1", "1", "2", "5", "20", "50", "100"};
    for (size_t i = 0; i < sizeof high / sizeof *high; i++) {
        char line[64];
        figure.x_high = high[i];
        write_figure(&figure, scratch_path("f.svg"));
        snprintf(line, sizeof line, "set xtics 0,%s\n", steps[i]);
        assert_file_has("script", line);
    }
}

/* Five lines that run over each other are all seen. */
static void test_earlier_lines_are_broader(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    dmg_figure_series series[5];
    for (size_t k = 0; k < 5; k++) series[k] = sample_series(DMG_FIGURE_LINE);
    const dmg_figure figure = sample_figure(series, 5);
    write_figure(&figure, scratch_path("f.svg"));
    assert_file_has("script", "$points0 using 1:2 with lines lw 8 ");
    assert_file_has("script", "$points4 using 1:2 with lines lw 2 ");
}

/* Three bars of 0.8 / 3 each around a tick; the colours go on with the next series. */
static void test_bars_stand_side_by_side(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    dmg_figure_series series[3];
    for (size_t k = 0; k < 3; k++) series[k] = sample_series(DMG_FIGURE_BARS);
    const dmg_figure figure = sample_figure(series, 3);
    write_figure(&figure, scratch_path("f.svg"));
    assert_file_has("script", "$points0 using ($1+-0.266666667):2:");
    assert_file_has("script", "$points1 using ($1+0):2:");
    assert_file_has("script", "$points2 using ($1+0.266666667):2:");
    assert_file_has("script", "$intervals2 using ($1+0.266666667):3:");
    assert_file_has("script", "fc rgb '#009E73' title 'F'");
}

/* Whatever a word holds, it is between single quotes on one line, its own quotes doubled.
 */
static void test_hostile_words_stay_words(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    const char *words = "a'b \"c\" `d`\\ \n@e\xff";
    const char *quoted = "'a\xe2\x80\x99"
                         "b \"c\" `d`\\ ?@e?'\n";
    dmg_figure_series series = sample_series(DMG_FIGURE_POINTS);
    series.name = words;
    dmg_figure figure = sample_figure(&series, 1);
    figure.title = figure.x_title = figure.y_title = words;
    figure.ticks = &words;
    figure.tick_count = 1;
    figure.span_low = 1;
    figure.span_high = 2;
    figure.span_name = words;
    write_figure(&figure, scratch_path("f.svg"));
    const char *commands[] = {"set title ", "set xlabel ", "set ylabel ", " title "};
    for (size_t i = 0; i < 4; i++) {
        char line[128];
        snprintf(line, sizeof line, "%s%s", commands[i], quoted);
        assert_file_has("script", line);
    }
    assert_file_has("script", "set xtics ('a\xe2\x80\x99"
                              "b \"c\" `d`\\ ?@e?' 0)\n");
    assert_file_has("f.data.tsv", "\na'b \"c\" `d`\\ ?@e?\t1\t");
}

static void test_long_words_are_cut(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    char words[200];
    memset(words, 'w', sizeof words - 1);
    words[sizeof words - 1] = '\0';
    dmg_figure_series series = sample_series(DMG_FIGURE_LINE);
    series.name = words;
    const dmg_figure figure = sample_figure(&series, 1);
    write_figure(&figure, scratch_path("f.svg"));
    assert_file_has("script", " title 'wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww...'\n");
    assert_file_has("f.data.tsv", words);
}

static void test_many_lines_are_not_dashed(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    dmg_figure_series series[9];
    for (size_t k = 0; k < 9; k++) series[k] = sample_series(DMG_FIGURE_LINE);
    dmg_figure figure = sample_figure(series, 4);
    write_figure(&figure, scratch_path("f.svg"));
    assert_file_has("script", "dt (4,4)");
    figure.series_count = 9;
    write_figure(&figure, scratch_path("f.svg"));
    assert_file_lacks("script", "dt (4,4)");
}

/* --- what can go wrong --- */

static void test_without_gnuplot_the_numbers_are_there(void **state)
{
    (void)state;
    pretend_gnuplot(NULL);
    const dmg_figure_series series = sample_series(DMG_FIGURE_LINE);
    const dmg_figure figure = sample_figure(&series, 1);
    const char *path = scratch_path("f.svg");
    dmg_error err;
    assert_int_equal(dmg_figure_write(&figure, path, &err), DMG_UNSUPPORTED);
    assert_int_equal(strncmp(err.message, path, strlen(path)), 0);
    assert_string_equal(err.message + strlen(path),
                        " is not drawn: gnuplot is not on PATH (Debian package gnuplot-nox)");
    assert_file_has("f.data.tsv", "F\t1\t0.5");
    assert_int_equal(scratch_count(), 1);
    assert_int_equal(dmg_figure_write(&figure, path, NULL), DMG_UNSUPPORTED);
}

static void test_what_gnuplot_says_is_passed_on(void **state)
{
    (void)state;
    pretend_gnuplot("#!/bin/sh\n"
                    "echo half of it\n"
                    "printf '\\ngnuplot> plot\\n         ^\\n' >&2\n"
                    "echo '         line 3: warning: nothing much' >&2\n"
                    "echo '         line 4: function expected' >&2\n"
                    "echo '         line 4: warning: nothing more' >&2\n"
                    "exit 3\n");
    const dmg_figure_series series = sample_series(DMG_FIGURE_LINE);
    const dmg_figure figure = sample_figure(&series, 1);
    const char *path = scratch_text("f.svg", "the older picture\n");
    dmg_error err;
    assert_int_equal(dmg_figure_write(&figure, path, &err), DMG_IO);
    assert_string_equal(err.message + strlen(path),
                        " is not drawn: gnuplot failed (3): line 4: function expected");
    assert_file("f.svg", "the older picture\n");
    assert_int_equal(scratch_count(), 3); /* f.svg, its numbers, gnuplot */
    /* What it lost, it does not say. */
    pretend_gnuplot("#!/bin/sh\n/bin/cat >/dev/null; echo '<svg><g>'\n");
    assert_int_equal(dmg_figure_write(&figure, path, &err), DMG_IO);
    assert_non_null(strstr(err.message, "the picture of gnuplot is cut short"));
    pretend_gnuplot("#!/bin/sh\nkill -9 $$\n");
    assert_int_equal(dmg_figure_write(&figure, path, &err), DMG_IO);
    assert_file("f.svg", "the older picture\n");
}

static void test_folder_that_is_not_there(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    const dmg_figure figure = dmg_figure_defaults();
    dmg_error err;
    assert_int_equal(dmg_figure_write(&figure, scratch_path("none/f.svg"), &err), DMG_IO);
    assert_int_equal(dmg_figure_write(&figure, scratch_path("f.gif"), &err), DMG_UNSUPPORTED);
    assert_int_equal(scratch_count(), 1);
}

/* --- curves --- */

static size_t make_points(dmg_operating_point **points, const float *scores, const bool *labels,
                          size_t count)
{
    size_t point_count;
    dmg_error err;
    assert_ok(dmg_metrics_points(points, &point_count, scores, labels, count, &err), &err);
    return point_count;
}

/* In falling order + + - - +: corners only, and a first step of the precision from 0 on. */
static void test_curves(void **state)
{
    (void)state;
    pretend_gnuplot(keep_script);
    const float scores[] = {5, 4, 3, 2, 1};
    const bool labels[] = {1, 1, 0, 0, 1};
    dmg_operating_point *points;
    const size_t count = make_points(&points, scores, labels, 5);
    const dmg_report_curve curve = {"net", points, count, 2.0 / 3};
    dmg_error err;
    assert_ok(dmg_report_roc(scratch_path("roc.svg"), &curve, 1, &err), &err);
    assert_file("roc.data.tsv", "series\tx\ty\tlow\thigh\n"
                                "net (AUROC 0.667)\t0\t0\tNaN\tNaN\n"
                                "net (AUROC 0.667)\t0\t0.666666667\tNaN\tNaN\n"
                                "net (AUROC 0.667)\t1\t0.666666667\tNaN\tNaN\n"
                                "net (AUROC 0.667)\t1\t1\tNaN\tNaN\n"
                                "chance\t0\t0\tNaN\tNaN\n"
                                "chance\t1\t1\tNaN\tNaN\n");
    assert_ok(dmg_report_pr(scratch_path("pr.svg"), &curve, 1, &err), &err);
    assert_file("pr.data.tsv", "series\tx\ty\tlow\thigh\n"
                               "net (AP 0.667)\t0\t1\tNaN\tNaN\n"
                               "net (AP 0.667)\t0.666666667\t1\tNaN\tNaN\n"
                               "net (AP 0.667)\t0.666666667\t0.5\tNaN\tNaN\n"
                               "net (AP 0.667)\t1\t0.6\tNaN\tNaN\n"
                               "chance\t0\t0.6\tNaN\tNaN\n"
                               "chance\t1\t0.6\tNaN\tNaN\n");
    assert_file_has("script", "with fsteps");
    free(points);
}

/* With one class, or none, there is no curve, but still a figure. */
static void test_curves_of_one_class(void **state)
{
    (void)state;
    if (!has_gnuplot()) return;
    const float scores[] = {2, 1};
    const bool labels[] = {1, 1};
    dmg_operating_point *points;
    dmg_error err;
    for (size_t n = 0; n <= 2; n += 2) {
        const size_t count = make_points(&points, scores, labels, n);
        const dmg_report_curve curve = {"net", points, count, NAN};
        assert_ok(dmg_report_roc(scratch_path("roc.svg"), &curve, 1, &err), &err);
        assert_ok(dmg_report_pr(scratch_path("pr.svg"), &curve, 1, &err), &err);
        assert_file_has("roc.svg", "</svg>");
        free(points);
    }
    assert_ok(dmg_report_pr(scratch_path("pr.svg"), NULL, 0, &err), &err);
    assert_file_has("pr.svg", "</svg>");
}

/* --- gnuplot itself --- */

static void test_formats(void **state)
{
    (void)state;
    if (!has_gnuplot()) return;
    const dmg_figure_series series = sample_series(DMG_FIGURE_LINE);
    const dmg_figure figure = sample_figure(&series, 1);
    static const char *const formats[][2] = {
        {"f.svg", "<?xml"}, {"f.pdf", "%PDF-"}, {"f.png", "\x89PNG\r\n"}};
    for (size_t i = 0; i < 3; i++) {
        write_figure(&figure, scratch_path(formats[i][0]));
        char *bytes = scratch_read(scratch_path(formats[i][0]), NULL);
        assert_memory_equal(bytes, formats[i][1], strlen(formats[i][1]));
        free(bytes);
    }
}

/* Every style alone, with and without intervals, with all points gaps, with none, and nothing. */
static void test_every_style_is_drawn(void **state)
{
    (void)state;
    if (!has_gnuplot()) return;
    const char *ticks[] = {"one", "two"};
    for (dmg_figure_style style = DMG_FIGURE_LINE; style <= DMG_FIGURE_REFERENCE; style++) {
        dmg_figure_series all[4];
        for (size_t k = 0; k < 4; k++) all[k] = sample_series(style);
        all[1].low = all[1].high = NULL;
        all[2].x = xs + 3;
        all[2].count = 1;
        all[3].count = 0;
        for (size_t k = 0; k < 4; k++) {
            dmg_figure figure = sample_figure(&all[k], 1);
            write_figure(&figure, scratch_path("f.svg"));
            figure.ticks = ticks;
            figure.tick_count = 2;
            figure.span_low = 1;
            figure.span_high = 1.5;
            figure.span_name = "averaged";
            figure.square = true;
            write_figure(&figure, scratch_path("f.svg"));
            assert_file_has("f.svg", "averaged</text>");
            assert_file_has("f.svg", "<text>F</text>"); /* also of a series without points */
        }
        const dmg_figure together = sample_figure(all, 4);
        write_figure(&together, scratch_path("f.svg"));
        assert_file_has("f.svg", "</svg>");
    }
    const dmg_figure nothing = dmg_figure_defaults();
    write_figure(&nothing, scratch_path("f.svg"));
    assert_file_has("f.svg", "</svg>");
}

static void test_hostile_words_are_drawn(void **state)
{
    (void)state;
    if (!has_gnuplot()) return;
    char words[512];
    snprintf(words, sizeof words, "'`touch %s`\" \\n %%d {/Symbol a}_b@c <d>&", scratch_path("x"));
    dmg_figure_series series = sample_series(DMG_FIGURE_LINE);
    series.name = "it's <b> & \"c\" \\n {/Symbol a}_b";
    dmg_figure figure = sample_figure(&series, 1);
    figure.title = figure.x_title = figure.y_title = words;
    const char *ticks[] = {words, "'", "\\", ""};
    figure.ticks = ticks;
    figure.tick_count = 4;
    write_figure(&figure, scratch_path("f.svg"));
    assert_int_equal(access(scratch_path("x"), F_OK), -1);
    assert_file_has("f.svg", "it\xe2\x80\x99s &lt;b> &amp; \"c\" \\n {/Symbol a}_b</text>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_endings, begin),
        cmocka_unit_test_setup(test_data_paths, begin),
        cmocka_unit_test_setup(test_numbers, begin),
        cmocka_unit_test_setup(test_gaps_are_empty_lines, begin),
        cmocka_unit_test_setup(test_ranges, begin),
        cmocka_unit_test_setup(test_whole_numbers_have_ticks, begin),
        cmocka_unit_test_setup(test_earlier_lines_are_broader, begin),
        cmocka_unit_test_setup(test_bars_stand_side_by_side, begin),
        cmocka_unit_test_setup(test_hostile_words_stay_words, begin),
        cmocka_unit_test_setup(test_long_words_are_cut, begin),
        cmocka_unit_test_setup(test_many_lines_are_not_dashed, begin),
        cmocka_unit_test_setup(test_without_gnuplot_the_numbers_are_there, begin),
        cmocka_unit_test_setup(test_what_gnuplot_says_is_passed_on, begin),
        cmocka_unit_test_setup(test_folder_that_is_not_there, begin),
        cmocka_unit_test_setup(test_curves, begin),
        cmocka_unit_test_setup(test_curves_of_one_class, begin),
        cmocka_unit_test_setup(test_formats, begin),
        cmocka_unit_test_setup(test_every_style_is_drawn, begin),
        cmocka_unit_test_setup(test_hostile_words_are_drawn, begin),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
