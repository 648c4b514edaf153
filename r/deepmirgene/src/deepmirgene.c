/* SPDX-License-Identifier: MIT */
/* Between R and the library. R is called only from its own thread: results are collected in plain
 * memory, and errors and interrupts are raised when all of that is freed. */
#include <deepmirgene/deepmirgene.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define R_NO_REMAP
#include <R.h>
#include <R_ext/Rdynload.h>
#include <Rinternals.h>

enum { CHUNK_RECORDS = 4096, ARM_TEXT = 32 };

static void check_interrupt(void *context)
{
    (void)context;
    R_CheckUserInterrupt();
}

/* DMG_STOPPED if the user has asked for an end. */
static dmg_status check_stop(dmg_error *err)
{
    if (R_ToplevelExec(check_interrupt, NULL)) return DMG_OK;
    return dmg_error_set(err, DMG_STOPPED, "interrupted");
}

static int thread_count(SEXP threads)
{
    const int wanted = Rf_asInteger(threads);
    return wanted > 0 ? wanted : dmg_processors();
}

/* NULL of R: NULL. */
static const char *text_or_null(SEXP text)
{
    return Rf_isNull(text) ? NULL : CHAR(STRING_ELT(text, 0));
}

/* Sequences [count] from the first-th on; R's own strings. */
static dmg_sequence *borrow(SEXP ids, SEXP sequences, R_xlen_t first, size_t count)
{
    dmg_sequence *out = calloc(count + 1, sizeof *out);
    for (size_t i = 0; out && i < count; i++) {
        const SEXP letters = STRING_ELT(sequences, first + (R_xlen_t)i);
        out[i].id = CHAR(STRING_ELT(ids, first + (R_xlen_t)i));
        out[i].sequence = CHAR(letters);
        out[i].length = (size_t)LENGTH(letters);
    }
    return out;
}

/* --- results in plain memory --- */

typedef struct row {
    char *id, *sequence, *structure, *flags; /* one allocation, which id begins */
    double length, p_mirna, mfe, hairpin_start, hairpin_end;
    double p_5p, p_3p; /* NaN where no mature sequences were found */
    char mature_5p[ARM_TEXT], mature_3p[ARM_TEXT];
    dmg_call call;
} row;

typedef struct table {
    row *rows;
    size_t count, capacity;
} table;

static void table_clear(table *t)
{
    for (size_t i = 0; i < t->count; i++) free(t->rows[i].id);
    free(t->rows);
}

static size_t flags_text(char *out, size_t capacity, unsigned flags)
{
    size_t used = 0;
    for (size_t i = 0; dmg_flag_name(i); i++) {
        if (!(flags >> i & 1)) continue;
        used += (size_t)snprintf(out + used, capacity - used, "%s%s", used > 0 ? "," : "",
                                 dmg_flag_name(i));
    }
    return used;
}

/* "6-27", from 1, as the program prints it. */
static double take_arm(char text[ARM_TEXT], const dmg_mature *mature, const dmg_mature_arm *arm)
{
    if (!mature || !mature->found) return NAN;
    snprintf(text, ARM_TEXT, "%zu-%zu", arm->start + 1, arm->end);
    return arm->p_start_near;
}

static dmg_status take(void *context, const dmg_result *result, dmg_error *err)
{
    table *t = context;
    char flags[256] = "";
    const size_t id = strlen(result->id), length = result->length;
    const size_t flag_length = flags_text(flags, sizeof flags, result->flags);
    if (t->count == t->capacity) {
        const size_t capacity = t->capacity ? 2 * t->capacity : 256;
        row *grown = realloc(t->rows, capacity * sizeof *grown);
        if (!grown) return dmg_error_set(err, DMG_NOMEM, "out of memory");
        t->rows = grown;
        t->capacity = capacity;
    }
    row *r = &t->rows[t->count];
    *r = (row){0};
    r->id = calloc(id + 2 * length + flag_length + 4, 1);
    if (!r->id) return dmg_error_set(err, DMG_NOMEM, "out of memory");
    r->sequence = r->id + id + 1;
    r->structure = r->sequence + length + 1;
    r->flags = r->structure + length + 1;
    memcpy(r->id, result->id, id);
    memcpy(r->sequence, result->sequence, length);
    if (result->structure) memcpy(r->structure, result->structure, length);
    memcpy(r->flags, flags, flag_length);
    r->length = (double)length;
    r->p_mirna = result->p_mirna;
    r->mfe = result->mfe;
    r->call = result->call;
    const bool placed = result->call != DMG_CALL_NONE && result->hairpin_end > 0;
    r->hairpin_start = placed ? (double)result->hairpin_start + 1 : NAN;
    r->hairpin_end = placed ? (double)result->hairpin_end : NAN;
    const dmg_mature *mature = result->mature;
    r->p_5p = take_arm(r->mature_5p, mature, mature ? &mature->arm_5p : NULL);
    r->p_3p = take_arm(r->mature_3p, mature, mature ? &mature->arm_3p : NULL);
    t->count++;
    return DMG_OK;
}

static SEXP text_column(const table *t, size_t offset)
{
    const SEXP column = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)t->count));
    for (size_t i = 0; i < t->count; i++) {
        char *text;
        memcpy(&text, (const char *)&t->rows[i] + offset, sizeof text);
        SET_STRING_ELT(column, (R_xlen_t)i, Rf_mkCharCE(text, CE_UTF8));
    }
    UNPROTECT(1);
    return column;
}

static SEXP number_column(const table *t, size_t offset)
{
    const SEXP column = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)t->count));
    for (size_t i = 0; i < t->count; i++) {
        double value;
        memcpy(&value, (const char *)&t->rows[i] + offset, sizeof value);
        REAL(column)[i] = isnan(value) ? NA_REAL : value;
    }
    UNPROTECT(1);
    return column;
}

/* Texts inside the row; an empty one is NA. */
static SEXP arm_column(const table *t, size_t offset)
{
    const SEXP column = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)t->count));
    for (size_t i = 0; i < t->count; i++) {
        const char *text = (const char *)&t->rows[i] + offset;
        SET_STRING_ELT(column, (R_xlen_t)i, *text ? Rf_mkChar(text) : NA_STRING);
    }
    UNPROTECT(1);
    return column;
}

static SEXP call_column(const table *t)
{
    const SEXP column = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)t->count));
    for (size_t i = 0; i < t->count; i++)
        SET_STRING_ELT(column, (R_xlen_t)i,
                       t->rows[i].call == DMG_CALL_NONE
                           ? NA_STRING
                           : Rf_mkChar(dmg_call_name(t->rows[i].call)));
    UNPROTECT(1);
    return column;
}

static SEXP table_as_list(const table *t)
{
    const char *names[] = {"id",        "length", "p_mirna",   "call",          "mfe",
                           "structure", "flags",  "sequence",  "hairpin_start", "hairpin_end",
                           "mature_5p", "p_5p",   "mature_3p", "p_3p",          ""};
    const SEXP list = PROTECT(Rf_mkNamed(VECSXP, names));
    SET_VECTOR_ELT(list, 0, text_column(t, offsetof(row, id)));
    SET_VECTOR_ELT(list, 1, number_column(t, offsetof(row, length)));
    SET_VECTOR_ELT(list, 2, number_column(t, offsetof(row, p_mirna)));
    SET_VECTOR_ELT(list, 3, call_column(t));
    SET_VECTOR_ELT(list, 4, number_column(t, offsetof(row, mfe)));
    SET_VECTOR_ELT(list, 5, text_column(t, offsetof(row, structure)));
    SET_VECTOR_ELT(list, 6, text_column(t, offsetof(row, flags)));
    SET_VECTOR_ELT(list, 7, text_column(t, offsetof(row, sequence)));
    SET_VECTOR_ELT(list, 8, number_column(t, offsetof(row, hairpin_start)));
    SET_VECTOR_ELT(list, 9, number_column(t, offsetof(row, hairpin_end)));
    SET_VECTOR_ELT(list, 10, arm_column(t, offsetof(row, mature_5p)));
    SET_VECTOR_ELT(list, 11, number_column(t, offsetof(row, p_5p)));
    SET_VECTOR_ELT(list, 12, arm_column(t, offsetof(row, mature_3p)));
    SET_VECTOR_ELT(list, 13, number_column(t, offsetof(row, p_3p)));
    UNPROTECT(1);
    return list;
}

/* --- classifying --- */

static dmg_status classify_vector(table *t, dmg_classifier *classifier, SEXP ids, SEXP sequences,
                                  dmg_error *err)
{
    const R_xlen_t count = Rf_xlength(sequences);
    dmg_status st = DMG_OK;
    for (R_xlen_t first = 0; st == DMG_OK && first < count; first += CHUNK_RECORDS) {
        const R_xlen_t left = count - first;
        const size_t size = left < CHUNK_RECORDS ? (size_t)left : CHUNK_RECORDS;
        dmg_sequence *chunk = borrow(ids, sequences, first, size);
        st = chunk ? dmg_classify_batch(classifier, chunk, size, take, t, err)
                   : dmg_error_set(err, DMG_NOMEM, "out of memory");
        free(chunk);
        if (st == DMG_OK) st = check_stop(err);
    }
    return st;
}

static dmg_status classify(table *t, SEXP ids, SEXP sequences, const dmg_classify_options *options,
                           dmg_error *err)
{
    dmg_classifier *classifier = NULL;
    dmg_status st = dmg_classifier_create(&classifier, options, err);
    if (st == DMG_OK && !Rf_isNull(sequences)) {
        st = classify_vector(t, classifier, ids, sequences, err);
    } else if (st == DMG_OK) {
        const char *path = text_or_null(ids);
        st = dmg_classify_files(classifier, &path, 1, take, t, err);
    }
    dmg_classifier_destroy(classifier);
    return st;
}

static SEXP C_classify(SEXP ids, SEXP sequences, SEXP model, SEXP threads, SEXP threshold,
                       SEXP prior, SEXP mature)
{
    dmg_error err;
    table t = {NULL, 0, 0};
    dmg_classify_options options = dmg_classify_defaults();
    options.fold_only = Rf_isNull(model);
    if (!options.fold_only) options.model = text_or_null(model);
    options.threads = thread_count(threads);
    options.threshold = Rf_asReal(threshold);
    options.prior = Rf_asReal(prior);
    options.mature = Rf_asLogical(mature);
    if (classify(&t, ids, sequences, &options, &err) != DMG_OK) {
        table_clear(&t);
        Rf_error("%s", err.message);
    }
    const SEXP list = PROTECT(table_as_list(&t));
    table_clear(&t);
    UNPROTECT(1);
    return list;
}

/* --- scanning --- */

/* The columns of `deepmirgene scan --format tsv`, [dmg_locus_columns()] at most. */
static size_t loci_columns(size_t *columns, bool mature)
{
    const unsigned places = DMG_COLUMN_TABLE | (mature ? DMG_COLUMN_MATURE : 0U);
    size_t count = 0;
    for (size_t c = 0; c < dmg_locus_columns(); c++)
        if (dmg_locus_column_at(c).places & places) columns[count++] = c;
    return count;
}

/* All loci as texts. *st is what the loci themselves say. */
static SEXP loci_as_list(dmg_loci *loci, bool mature, dmg_status *st, dmg_error *err)
{
    size_t *columns = (size_t *)R_alloc(dmg_locus_columns(), sizeof *columns);
    const size_t count = loci_columns(columns, mature);
    const R_xlen_t rows = (R_xlen_t)dmg_loci_count(loci)->selected;
    const SEXP list = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)count));
    const SEXP names = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)count));
    for (size_t c = 0; c < count; c++) {
        SET_VECTOR_ELT(list, (R_xlen_t)c, Rf_allocVector(STRSXP, rows));
        SET_STRING_ELT(names, (R_xlen_t)c, Rf_mkChar(dmg_locus_column_at(columns[c]).name));
    }
    Rf_setAttrib(list, R_NamesSymbol, names);
    for (R_xlen_t i = 0; *st == DMG_OK && i < rows; i++) {
        dmg_locus locus;
        char cell[DMG_LOCUS_CELL];
        *st = dmg_loci_get(loci, (size_t)i, &locus, err);
        for (size_t c = 0; *st == DMG_OK && c < count; c++)
            SET_STRING_ELT(
                VECTOR_ELT(list, (R_xlen_t)c), i,
                Rf_mkCharCE(dmg_locus_cell(&locus, columns[c], cell, sizeof cell), CE_UTF8));
    }
    UNPROTECT(2);
    return list;
}

/* NULL of R: the value stays. */
static void take_number(double *value, SEXP number)
{
    if (!Rf_isNull(number)) *value = Rf_asReal(number);
}

static SEXP C_scan(SEXP ids, SEXP sequences, SEXP model, SEXP threads, SEXP threshold, SEXP plus,
                   SEXP minus, SEXP circular, SEXP decoys, SEXP fdr, SEXP prevalence,
                   SEXP long_span, SEXP mature)
{
    dmg_error err;
    dmg_loci *loci = NULL;
    dmg_status st;
    dmg_scan_options what = dmg_scan_defaults();
    dmg_loci_options which = dmg_loci_defaults();
    dmg_scan_run_options options = dmg_scan_run_defaults();
    take_number(&what.threshold, threshold);
    take_number(&what.decoys, decoys);
    take_number(&which.fdr, fdr);
    take_number(&which.prevalence, prevalence);
    what.model_span = Rf_isNull(long_span);
    if (!what.model_span) what.hairpins.long_span = Rf_asInteger(long_span);
    which.mature = Rf_asLogical(mature);
    what.plus = Rf_asLogical(plus);
    what.minus = Rf_asLogical(minus);
    what.circular = Rf_asLogical(circular);
    options.scan = &what;
    options.loci = &which;
    options.model = text_or_null(model);
    options.threads = thread_count(threads);
    if (Rf_isNull(sequences)) {
        const char *path = text_or_null(ids);
        st = dmg_scan_files(&loci, &path, 1, &options, &err);
    } else {
        const size_t count = (size_t)Rf_xlength(sequences);
        dmg_sequence *borrowed = borrow(ids, sequences, 0, count);
        st = borrowed ? dmg_scan_sequences(&loci, borrowed, count, &options, &err)
                      : dmg_error_set(&err, DMG_NOMEM, "out of memory");
        free(borrowed);
    }
    if (st != DMG_OK) Rf_error("%s", err.message);
    const SEXP list = PROTECT(loci_as_list(loci, which.mature, &st, &err));
    dmg_loci_destroy(loci);
    UNPROTECT(1);
    if (st != DMG_OK) Rf_error("%s", err.message);
    return list;
}

/* --- explaining --- */

static dmg_status write_page(FILE *out, const dmg_explanation *x, const char *id,
                             const dmg_result *result, dmg_error *err)
{
    FILE *section;
    dmg_html_report *report = NULL;
    dmg_html_options options = dmg_html_options_defaults();
    const dmg_html_record record = {.id = id,
                                    .id_length = strlen(id),
                                    .length = x->length,
                                    .p_mirna = result->p_mirna,
                                    .call = dmg_call_name(result->call),
                                    .mfe = result->mfe,
                                    .flags = "-",
                                    .sequence = x->sequence,
                                    .structure = x->structure};
    options.title = "deepmirgene explain";
    dmg_status st = dmg_html_report_create(&report, &options, err);
    if (st == DMG_OK) st = dmg_html_report_add(report, &record, err);
    if (st == DMG_OK) st = dmg_html_report_section(&section, report, err);
    if (st == DMG_OK) st = dmg_explain_html(section, x, 1U << DMG_STATE_CELL, err);
    if (st == DMG_OK) st = dmg_html_report_write(report, out, err);
    dmg_html_report_destroy(report);
    return st;
}

static dmg_status explain(dmg_classifier *classifier, const char *id, SEXP sequence,
                          const dmg_explain_options *options, const char *path, dmg_error *err)
{
    const dmg_result *result;
    const dmg_explanation *x;
    dmg_explainer *explainer = NULL;
    dmg_output *output = NULL;
    dmg_status st =
        dmg_classify(&result, classifier, CHAR(sequence), (size_t)LENGTH(sequence), err);
    if (st == DMG_OK)
        st = dmg_explainer_create(&explainer, dmg_classifier_model(classifier), options, err);
    if (st == DMG_OK)
        st = dmg_explain(&x, explainer, result->sequence, result->structure, result->length,
                         result->energy, err);
    if (st == DMG_OK) st = dmg_output_open(&output, path, err);
    if (st == DMG_OK) st = write_page(dmg_output_stream(output), x, id, result, err);
    if (st == DMG_OK)
        st = dmg_output_commit(output, err);
    else
        dmg_output_discard(output);
    dmg_explainer_destroy(explainer);
    return st;
}

static SEXP C_explain(SEXP ids, SEXP sequences, SEXP model, SEXP file, SEXP mutations, SEXP threads)
{
    dmg_error err;
    dmg_classifier *classifier = NULL;
    dmg_classify_options how = dmg_classify_defaults();
    dmg_explain_options options = dmg_explain_options_defaults();
    how.model = text_or_null(model);
    options.threads = thread_count(threads);
    options.mutations = (size_t)Rf_asInteger(mutations);
    dmg_status st = dmg_classifier_create(&classifier, &how, &err);
    if (st == DMG_OK)
        st = explain(classifier, text_or_null(ids), STRING_ELT(sequences, 0), &options,
                     text_or_null(file), &err);
    dmg_classifier_destroy(classifier);
    if (st != DMG_OK) Rf_error("%s", err.message);
    return R_NilValue;
}

/* --- the rest --- */

static SEXP C_builtin_models(void)
{
    R_xlen_t count = 0;
    while (dmg_model_builtin((size_t)count)) count++;
    const SEXP names = PROTECT(Rf_allocVector(STRSXP, count));
    for (R_xlen_t i = 0; i < count; i++)
        SET_STRING_ELT(names, i, Rf_mkChar(dmg_model_builtin((size_t)i)));
    UNPROTECT(1);
    return names;
}

void R_init_deepmirgene(DllInfo *info)
{
    static const R_CallMethodDef calls[] = {
        {"C_classify", (DL_FUNC)C_classify, 7},
        {"C_scan", (DL_FUNC)C_scan, 13},
        {"C_explain", (DL_FUNC)C_explain, 6},
        {"C_builtin_models", (DL_FUNC)C_builtin_models, 0},
        {NULL, NULL, 0},
    };
    R_registerRoutines(info, NULL, calls, NULL, NULL);
    R_useDynamicSymbols(info, FALSE);
}
