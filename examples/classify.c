/* SPDX-License-Identifier: MIT */
/* Is this sequence a precursor of a microRNA? */
#include <deepmirgene/deepmirgene.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    const char *rna = "UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUG"
                      "UCUUUCCUA";
    dmg_classifier *classifier = NULL;
    const dmg_result *result;
    dmg_error err;
    dmg_status st = dmg_classifier_create(&classifier, NULL, &err);
    if (st == DMG_OK) st = dmg_classify(&result, classifier, rna, strlen(rna), &err);
    if (st == DMG_OK)
        printf("%s\t%.6g\t%.2f\t%s\n", dmg_call_name(result->call), result->p_mirna, result->mfe,
               result->structure);
    else
        fprintf(stderr, "%s\n", err.message);
    dmg_classifier_destroy(classifier);
    return st == DMG_OK ? 0 : 1;
}
