/* SPDX-License-Identifier: MIT */
/* What drawings and pages are made of: no two nucleotides overlap, words are escaped, colours are
 * those of their values. */
#include <math.h>

#include "deepmirgene/html_report.h"
#include "report/drawing.h"
#include "report/hairpin_layout.h"
#include "report/markup.h"
#include "unit.h"

/* --- layout --- */

/* A random balanced structure without hairpin loops of fewer than three. */
static void random_structure(char *structure, size_t length, unsigned pairs)
{
    memset(structure, '.', length);
    structure[length] = '\0';
    for (unsigned k = 0; k < pairs; k++) {
        const size_t i = (size_t)rand() % length, j = i + 4 + (size_t)rand() % length;
        if (j >= length || structure[i] != '.' || structure[j] != '.') continue;
        int depth = 0;
        size_t t = i + 1;
        for (; t < j && depth >= 0; t++) depth += (structure[t] == '(') - (structure[t] == ')');
        if (depth != 0 || t < j) continue;
        structure[i] = '(';
        structure[j] = ')';
    }
}

static double distance(const hairpin_layout *l, size_t i, size_t j)
{
    return hypot(l->at[i].x - l->at[j].x, l->at[i].y - l->at[j].y);
}

static void check_layout(const char *structure)
{
    hairpin_layout *l;
    dmg_error err;
    const size_t length = strlen(structure);
    assert_ok(hairpin_layout_create(&l, structure, length, &err), &err);
    for (size_t i = 0; i < length; i++) {
        assert_true(isfinite(l->at[i].x) && isfinite(l->at[i].y));
        assert_true(fabs(hypot(l->outward[i].x, l->outward[i].y) - 1) < 1e-9);
        for (size_t j = i + 1; j < length; j++)
            if (distance(l, i, j) < 11)
                fail_msg("%zu and %zu are %.1f apart in %s", i, j, distance(l, i, j), structure);
        if (l->partner[i] == DMG_UNPAIRED) continue;
        assert_float_equal(distance(l, i, l->partner[i]), HAIRPIN_GAP, 1e-9);
        if (l->partner[i] > i) assert_true(l->at[i].y < l->at[l->partner[i]].y);
    }
    hairpin_layout_destroy(l);
}

static void nucleotides_never_overlap(void **state)
{
    (void)state;
    check_layout("...");
    check_layout("(...)");
    check_layout("((((....))))..((((....))))((...))");
    check_layout(".(((..((...))..((....))...((((...).))))))..");
    srand(5);
    for (int round = 0; round < 400; round++) {
        char structure[401];
        random_structure(structure, 20 + (size_t)rand() % 380, 40 + (unsigned)rand() % 2000);
        check_layout(structure);
    }
}

/* --- words, numbers and colours --- */

static char *written(void (*write)(FILE *))
{
    static char text[1 << 16];
    FILE *file = tmpfile();
    write(file);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

static void write_hostile(FILE *out)
{
    markup_text(out, "<script>\"a'&\x01\xff\xc3\xa9");
    markup_text_short(out, "<<<<", 2);
}

static void write_numbers(FILE *out)
{
    const double numbers[] = {1, -0.01, 2.25, -3.5};
    for (int k = 0; k < 4; k++) {
        markup_number(out, numbers[k]);
        putc(' ', out);
    }
}

static void words_are_escaped_and_numbers_short(void **state)
{
    (void)state;
    assert_string_equal(written(write_hostile),
                        "&lt;script&gt;&quot;a&#39;&amp;??\xc3\xa9&lt;&lt;\xe2\x80\xa6");
    assert_string_equal(written(write_numbers), "1 0 2.2 -3.5 ");
}

static void shades_are_those_of_values(void **state)
{
    (void)state;
    assert_int_equal(markup_shade(0, 1), 0);
    assert_int_equal(markup_shade(1, 1), MARKUP_SHADES);
    assert_int_equal(markup_shade(-2, 1), -MARKUP_SHADES);
    assert_int_equal(markup_shade(0.51, 5), 1);
    assert_int_equal(markup_shade(3, 0), 0);
}

/* --- pages --- */

static void write_hostile_page(FILE *out)
{
    char name[10001];
    dmg_error err;
    dmg_html_report *report;
    dmg_html_options options = dmg_html_options_defaults();
    const char *const columns[] = {"<b>"}, *const cells[] = {"\"><img>"};
    options.title = "</title><script>";
    options.columns = columns;
    options.column_count = 1;
    memset(name, '<', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_ok(dmg_html_report_create(&report, &options, &err), &err);
    const dmg_html_record record = {.id = name,
                                    .id_length = sizeof name - 1,
                                    .length = 5,
                                    .p_mirna = 0.5,
                                    .call = "other",
                                    .mfe = NAN,
                                    .flags = "-",
                                    .cells = cells,
                                    .sequence = "GAAAC",
                                    .structure = "(...)"};
    for (int k = 0; k < 3; k++) assert_ok(dmg_html_report_add(report, &record, &err), &err);
    assert_ok(dmg_html_report_write(report, out, &err), &err);
    dmg_html_report_destroy(report);
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (; (text = strstr(text, word)); text += strlen(word)) count++;
    return count;
}

static void names_are_only_words(void **state)
{
    (void)state;
    const char *page = written(write_hostile_page);
    assert_int_equal(count_of(page, "<script>"), 1); /* the page's own */
    assert_int_equal(count_of(page, "<img"), 0);
    assert_int_equal(count_of(page, "<<"), 0);
    assert_int_equal(count_of(page, "&lt;b&gt;"), 1);
    assert_int_equal(count_of(page, "<article"), 3);
    assert_non_null(strstr(page, "</html>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nucleotides_never_overlap),
        cmocka_unit_test(words_are_escaped_and_numbers_short),
        cmocka_unit_test(shades_are_those_of_values),
        cmocka_unit_test(names_are_only_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
