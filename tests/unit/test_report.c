/* SPDX-License-Identifier: MIT */
/* Tables of metrics, as people and programs read them. */
#include "unit.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>

#include "deepmirgene/report.h"

/* What a writer wrote, the caller's to free. */
typedef struct written {
    char *text;
    size_t size;
    FILE *stream;
} written;

static FILE *begin(written *w)
{
    w->stream = open_memstream(&w->text, &w->size);
    assert_non_null(w->stream);
    return w->stream;
}

static char *end(written *w)
{
    assert_int_equal(fclose(w->stream), 0);
    return w->text;
}

static void assert_written(written *w, const char *expected)
{
    assert_string_equal(end(w), expected);
    free(w->text);
}

/* --- MultiQC --- */

static json_t *multiqc(const dmg_multiqc *section)
{
    written w;
    dmg_error err;
    assert_ok(dmg_report_multiqc(begin(&w), section, &err), &err);
    end(&w);
    json_t *root = json_loadb(w.text, w.size, JSON_REJECT_DUPLICATES, NULL);
    free(w.text);
    assert_non_null(root);
    return root;
}

static void test_multiqc_is_custom_content(void **state)
{
    (void)state;
    const dmg_multiqc_column columns[] = {{"SE", "Se", "sensitivity", 0, 1, 3, false},
                                          {"n", "N", "records", NAN, NAN, 0, true}};
    const char *const names[] = {"one", "two"};
    const double values[] = {0.25, 12, NAN, 7};
    const dmg_multiqc section = {"my_id", "title", "words", columns, 2, names, values, 2};
    json_t *root = multiqc(&section);
    json_t *expected =
        json_loads("{\"id\": \"my_id\", \"section_name\": \"title\", \"description\": \"words\","
                   " \"plot_type\": \"table\","
                   " \"pconfig\": {\"id\": \"my_id_table\", \"title\": \"title\", \"namespace\":"
                   " \"deepmirgene\"},"
                   " \"headers\": {\"SE\": {\"title\": \"Se\", \"description\": \"sensitivity\","
                   " \"hidden\": false, \"format\": \"{:,.3f}\", \"min\": 0.0, \"max\": 1.0},"
                   " \"n\": {\"title\": \"N\", \"description\": \"records\", \"hidden\": true,"
                   " \"format\": \"{:,.0f}\"}},"
                   " \"data\": {\"one\": {\"SE\": 0.25, \"n\": 12}, \"two\": {\"n\": 7}}}",
                   0, NULL);
    assert_true(json_equal(root, expected));
    json_decref(expected);
    json_decref(root);
}

static void test_multiqc_needs_utf8_names(void **state)
{
    (void)state;
    const dmg_multiqc_column column = {"n", "N", "records", NAN, NAN, 0, false};
    const char *const names[] = {"caf\xe9"};
    const double value = 1;
    const dmg_multiqc section = {"id", "title", "words", &column, 1, names, &value, 1};
    dmg_error err;
    written w;
    assert_int_equal(dmg_report_multiqc(begin(&w), &section, &err), DMG_RANGE);
    assert_non_null(strstr(err.message, "is not UTF-8"));
    assert_written(&w, "");
}

/* --- Markdown --- */

static void test_table_is_padded_and_ruled(void **state)
{
    (void)state;
    const char *cells[] = {"set", "SE", "a long title", "human", "0.787", "x", "new", "1", ""};
    written w;
    dmg_report_table(begin(&w), cells, 3, 3);
    assert_written(&w, "| set   |    SE | a long title |\n"
                       "| ----- | ----: | -----------: |\n"
                       "| human | 0.787 |            x |\n"
                       "| new   |     1 |              |\n");
}

static void test_table_of_one_narrow_cell(void **state)
{
    (void)state;
    const char *cells[] = {"a"};
    written w;
    dmg_report_table(begin(&w), cells, 1, 1);
    assert_written(&w, "| a   |\n| --- |\n");
    dmg_report_table(begin(&w), NULL, 0, 0);
    assert_written(&w, "");
}

/* A '|' or a line end would begin another cell or row; columns count characters, not bytes. */
static void test_table_makes_cells_harmless(void **state)
{
    (void)state;
    const char *cells[] = {"a|b", "line\nend\ttab", "\xc3\xa9t\xc3\xa9", "\xff\xc3"};
    written w;
    dmg_report_table(begin(&w), cells, 2, 2);
    assert_written(&w, "| a\\|b | line?end?tab |\n"
                       "| ---- | -----------: |\n"
                       "| \xc3\xa9t\xc3\xa9  |           ?? |\n");
}

static void test_what_is_no_utf8_is_replaced(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"\x7f\x1b[0m", "??[0m"},               /* control characters */
        {"\xc2\x85", "??"},                     /* likewise, in two bytes */
        {"\xc0\xaf", "??"},                     /* '/' in too many bytes */
        {"\xe0\x80\xaf", "???"},                /* and in more */
        {"\xed\xa0\x80", "???"},                /* half of a surrogate pair */
        {"\xef\xbf\xbf", "???"},                /* not a character */
        {"\xf4\x90\x80\x80", "????"},           /* beyond the last one */
        {"\xe2\x82", "??"},                     /* cut */
        {"\xe2\x82\xac\xf0\x9f\xa7\xac", NULL}, /* a euro and a double helix stay */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *expected = cases[i].expected ? cases[i].expected : cases[i].text;
        written w;
        dmg_report_table(begin(&w), &cases[i].text, 1, 1);
        const char *text = end(&w);
        if (strncmp(text + 2, expected, strlen(expected)) != 0) fail_msg("case %zu: %s", i, text);
        free(w.text);
    }
}

static void test_cells(void **state)
{
    (void)state;
    char buffer[DMG_REPORT_CELL];
    const dmg_interval wide = {0.5, 0.98765}, none = {NAN, NAN};
    assert_string_equal(dmg_report_cell(buffer, DMG_METRIC_SE, 0.78749, NULL), "0.787");
    assert_string_equal(dmg_report_cell(buffer, DMG_METRIC_SE, 0.75, &wide),
                        "0.750 [0.500, 0.988]");
    assert_string_equal(dmg_report_cell(buffer, DMG_METRIC_SE, 0.75, &none), "0.750");
    assert_string_equal(dmg_report_cell(buffer, DMG_METRIC_SE, -NAN, &wide), "NaN");
    assert_string_equal(dmg_report_cell(buffer, DMG_METRIC_TP, 1234567, &wide), "1234567");
    assert_string_equal(dmg_report_cell(buffer, DMG_METRIC_MCC, -1, NULL), "-1.000");
}

/* --- all metrics --- */

/* Metric m of the first is m / 100 between m / 200 and m / 50; the second has nothing but AUROC. */
static double first_values[DMG_METRICS], second_values[DMG_METRICS];
static dmg_interval first_intervals[DMG_METRICS];

static void fill_methods(dmg_report_method methods[2])
{
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) {
        const double index = m;
        first_values[m] = dmg_metric_is_count(m) ? 10 * index : index / 100;
        first_intervals[m] = (dmg_interval){index / 200, index / 50};
        second_values[m] = m == DMG_METRIC_AUROC ? 0.5 : -NAN;
    }
    methods[0] = (dmg_report_method){"network", 0.5, first_values, first_intervals};
    methods[1] = (dmg_report_method){"length", NAN, second_values, NULL};
}

static void test_markdown(void **state)
{
    (void)state;
    dmg_report_method methods[2];
    fill_methods(methods);
    written w;
    dmg_error err;
    assert_ok(dmg_report_markdown(begin(&w), methods, 2, &err), &err);
    assert_written(&w, "| metric                  |              network | length |\n"
                       "| ----------------------- | -------------------: | -----: |\n"
                       "| true positives          |                    0 |    NaN |\n"
                       "| false positives         |                   10 |    NaN |\n"
                       "| true negatives          |                   20 |    NaN |\n"
                       "| false negatives         |                   30 |    NaN |\n"
                       "| SE (sensitivity)        | 0.040 [0.020, 0.080] |    NaN |\n"
                       "| SP (specificity)        | 0.050 [0.025, 0.100] |    NaN |\n"
                       "| g-mean                  | 0.060 [0.030, 0.120] |    NaN |\n"
                       "| ACC (accuracy)          | 0.070 [0.035, 0.140] |    NaN |\n"
                       "| PPV (precision)         | 0.080 [0.040, 0.160] |    NaN |\n"
                       "| F-score                 | 0.090 [0.045, 0.180] |    NaN |\n"
                       "| MCC                     | 0.100 [0.050, 0.200] |    NaN |\n"
                       "| ACC, balanced           | 0.110 [0.055, 0.220] |    NaN |\n"
                       "| PPV, balanced           | 0.120 [0.060, 0.240] |    NaN |\n"
                       "| F-score, balanced       | 0.130 [0.065, 0.260] |    NaN |\n"
                       "| MCC, balanced           | 0.140 [0.070, 0.280] |    NaN |\n"
                       "| PPV at 1:10             | 0.150 [0.075, 0.300] |    NaN |\n"
                       "| PPV at 1:100            | 0.160 [0.080, 0.320] |    NaN |\n"
                       "| PPV at 1:1000           | 0.170 [0.085, 0.340] |    NaN |\n"
                       "| AUROC                   | 0.180 [0.090, 0.360] |  0.500 |\n"
                       "| average precision       | 0.190 [0.095, 0.380] |    NaN |\n"
                       "| recall at precision 0.5 | 0.200 [0.100, 0.400] |    NaN |\n"
                       "| recall at precision 0.9 | 0.210 [0.105, 0.420] |    NaN |\n"
                       "| Brier score             | 0.220 [0.110, 0.440] |    NaN |\n"
                       "| calibration error       | 0.230 [0.115, 0.460] |    NaN |\n");
}

static void test_tsv(void **state)
{
    (void)state;
    dmg_report_method methods[2];
    fill_methods(methods);
    methods[1].name = "tab\tand\nline";
    written w;
    dmg_report_tsv(begin(&w), methods, 2);
    const char *text = end(&w);
    size_t lines = 0;
    for (const char *c = text; *c; c++) lines += *c == '\n';
    assert_int_equal(lines, 1 + 2 * DMG_METRICS);
    assert_non_null(strstr(text, "method\tmetric\tvalue\tlow\thigh\nnetwork\tTP\t0\t0\t0\n"));
    assert_non_null(strstr(text, "\nnetwork\tF_balanced\t0.13\t0.065\t0.26\n"));
    assert_non_null(strstr(text, "\ntab?and?line\tTP\tNaN\tNaN\tNaN\n"));
    assert_non_null(strstr(text, "\ntab?and?line\tAUROC\t0.5\tNaN\tNaN\n"));
    free(w.text);
}

/* --- JSON --- */

static void test_json_as_text(void **state)
{
    (void)state;
    dmg_report_method methods[2];
    fill_methods(methods);
    first_values[DMG_METRIC_TP] = 0.787; /* in binary a little less */
    written w;
    dmg_error err;
    assert_ok(dmg_report_json(begin(&w), "{\"seed\": 7, \"data\": [\"a.fa\"]}", methods, 1, &err),
              &err);
    const char *expected = "{\n"
                           "  \"seed\": 7,\n"
                           "  \"data\": [\n"
                           "    \"a.fa\"\n"
                           "  ],\n"
                           "  \"methods\": [\n"
                           "    {\n"
                           "      \"name\": \"network\",\n"
                           "      \"threshold\": 0.5,\n"
                           "      \"metrics\": {\n"
                           "        \"TP\": {\n"
                           "          \"value\": 0.787,\n"
                           "          \"low\": 0,\n"
                           "          \"high\": 0\n"
                           "        },\n"
                           "        \"FP\": {\n";
    const char *text = end(&w);
    if (strncmp(text, expected, strlen(expected)) != 0) fail_msg("%.400s", text);
    assert_string_equal(text + strlen(text) - 3, "\n}\n");
    free(w.text);
}

static void test_json_reads_back(void **state)
{
    (void)state;
    dmg_report_method methods[2];
    fill_methods(methods);
    written w;
    dmg_error err;
    assert_ok(dmg_report_json(begin(&w), NULL, methods, 2, &err), &err);
    json_t *root = json_loads(end(&w), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    const json_t *list = json_object_get(root, "methods");
    assert_int_equal(json_array_size(list), 2);
    const json_t *first = json_array_get(list, 0), *second = json_array_get(list, 1);
    assert_true(json_is_null(json_object_get(second, "threshold")));
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) {
        const json_t *a = json_object_get(json_object_get(first, "metrics"), dmg_metric_name(m));
        const json_t *b = json_object_get(json_object_get(second, "metrics"), dmg_metric_name(m));
        assert_true(fabs(json_number_value(json_object_get(a, "value")) - first_values[m]) < 1e-9);
        assert_true(fabs(json_number_value(json_object_get(a, "high")) - (double)m / 50) < 1e-9);
        assert_int_equal(json_is_null(json_object_get(b, "value")), m != DMG_METRIC_AUROC);
        assert_true(json_is_null(json_object_get(b, "low")));
    }
    json_decref(root);
    free(w.text);
}

static void test_json_without_methods(void **state)
{
    (void)state;
    written w;
    dmg_error err;
    assert_ok(dmg_report_json(begin(&w), NULL, NULL, 0, &err), &err);
    assert_written(&w, "{\n  \"methods\": []\n}\n");
}

static void test_json_refusals(void **state)
{
    (void)state;
    dmg_report_method methods[2];
    fill_methods(methods);
    const char *abouts[] = {"", "[1]", "{", "{\"a\": 1, \"a\": 2}", "null"};
    dmg_error err;
    written w;
    for (size_t i = 0; i < sizeof abouts / sizeof *abouts; i++) {
        assert_int_equal(dmg_report_json(begin(&w), abouts[i], methods, 2, &err), DMG_FORMAT);
        assert_written(&w, "");
    }
    methods[1].name = "\xff";
    assert_int_equal(dmg_report_json(begin(&w), NULL, methods, 2, &err), DMG_RANGE);
    assert_written(&w, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_multiqc_is_custom_content),
        cmocka_unit_test(test_multiqc_needs_utf8_names),
        cmocka_unit_test(test_table_is_padded_and_ruled),
        cmocka_unit_test(test_table_of_one_narrow_cell),
        cmocka_unit_test(test_table_makes_cells_harmless),
        cmocka_unit_test(test_what_is_no_utf8_is_replaced),
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_tsv),
        cmocka_unit_test(test_json_as_text),
        cmocka_unit_test(test_json_reads_back),
        cmocka_unit_test(test_json_without_methods),
        cmocka_unit_test(test_json_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
