/* SPDX-License-Identifier: MIT */
#include "scan/shards.h"

#include <string.h>

#include "base/error.h"
#include "scan/journal.h"

dmg_status shards_arrange(dmg_journal **out, dmg_journal *const *journals, size_t count,
                          dmg_error *err)
{
    const journal_facts *first = journal_facts_of(journals[0]);
    for (size_t i = 0; i < count; i++) {
        const journal_facts *facts = journal_facts_of(journals[i]);
        const char *name = journal_name(journals[i]);
        if (strcmp(facts->identity, first->identity) != 0 || facts->shards != first->shards ||
            facts->end.items != first->end.items || facts->end.bases != first->end.bases ||
            facts->end.digest != first->end.digest)
            return dmg_error_set(err, DMG_RANGE, "%s and %s are not parts of the same scan",
                                 journal_name(journals[0]), name);
        if (facts->shards > count)
            return dmg_error_set(err, DMG_RANGE, "%s is one of %u parts, but %zu are given", name,
                                 facts->shards, count);
        if (out[facts->shard])
            return dmg_error_set(err, DMG_RANGE, "%s and %s are the same part, %u/%u",
                                 journal_name(out[facts->shard]), name, facts->shard + 1,
                                 facts->shards);
        out[facts->shard] = journals[i];
    }
    return DMG_OK;
}
