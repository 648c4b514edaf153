/* SPDX-License-Identifier: MIT */
/* A result as features of GFF3, whose sequence is the record. */
#include "base/gff3.h"

#include "deepmirgene/classify.h"

static void write_place(FILE *out, const dmg_result *result, const char *type, size_t start,
                        size_t end)
{
    if (result->id[0])
        dmg_gff3_column(out, result->id);
    else
        putc('.', out);
    fprintf(out, "\tdeepmirgene\t%s\t%zu\t%zu\t", type, start + 1, end);
}

static void write_id(FILE *out, const dmg_result *result)
{
    dmg_gff3_attribute(out, result->id);
    fprintf(out, ":%zu-%zu(+)", result->hairpin_start + 1, result->hairpin_end);
}

/* Several values of one attribute are separated by commas. */
static void write_flags(FILE *out, unsigned flags)
{
    const char *before = ";flags=";
    for (size_t i = 0; dmg_flag_name(i); i++) {
        if (!(flags >> i & 1)) continue;
        fprintf(out, "%s%s", before, dmg_flag_name(i));
        before = ",";
    }
}

static void write_mature(FILE *out, const dmg_result *result, const char *side,
                         const dmg_mature_arm *arm)
{
    write_place(out, result, "miRNA", arm->start, arm->end);
    fprintf(out, "%.3f\t+\t.\tID=", arm->p_start_near);
    write_id(out, result);
    fprintf(out, ":%s;Derives_from=", side);
    write_id(out, result);
    putc('\n', out);
}

void dmg_result_write_gff3(FILE *out, const dmg_result *result)
{
    if (result->call != DMG_CALL_PRECURSOR || result->hairpin_end == 0) return;
    const int size = (int)(result->hairpin_end - result->hairpin_start);
    write_place(out, result, "pre_miRNA", result->hairpin_start, result->hairpin_end);
    fprintf(out, "%.6g\t+\t.\tID=", result->p_mirna);
    write_id(out, result);
    if (result->energy != DMG_ENERGY_UNKNOWN) fprintf(out, ";mfe=%.2f", result->mfe);
    write_flags(out, result->flags);
    fprintf(out, ";structure=%.*s\n", size, result->structure + result->hairpin_start);
    if (!result->mature || !result->mature->found) return;
    write_mature(out, result, "5p", &result->mature->arm_5p);
    write_mature(out, result, "3p", &result->mature->arm_3p);
}
