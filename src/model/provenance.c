/* SPDX-License-Identifier: MIT */
/* Provenance of models, read and written as JSON. */
#include "model/provenance.h"

#include <string.h>

#include "base/error.h"
#include "base/json_build.h"

static const char members_key[] = "members", training_key[] = "training", name_key[] = "name";

enum { DUMP_FLAGS = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15) };

dmg_status provenance_read(provenance *out, const dmg_model *model, dmg_error *err)
{
    const char *text = dmg_model_metadata(model, training_key);
    bool no_memory = false;
    *out = (provenance){.training =
                            text ? dmg_json_parse(text, strlen(text), 0, &no_memory, NULL) : NULL};
    return no_memory ? dmg_error_nomem(err, "the provenance of a model") : DMG_OK;
}

void provenance_clear(provenance *p)
{
    json_decref(p->training);
    *p = (provenance){0};
}

/* --- data --- */

static const json_t *files_of(const json_t *training, bool positive)
{
    return json_object_get(json_object_get(training, "data"), positive ? "positive" : "negative");
}

static bool has_file(const json_t *training, bool positive, const char *md5)
{
    size_t i;
    const json_t *file, *member;
    json_array_foreach(files_of(training, positive), i, file)
    {
        const char *other = json_string_value(json_object_get(file, "md5"));
        if (other && strcmp(md5, other) == 0) return true;
    }
    json_array_foreach(json_object_get(training, members_key), i, member)
    {
        if (has_file(json_object_get(member, training_key), positive, md5)) return true;
    }
    static const char *const ancestors[] = {"teacher", "from"};
    for (size_t a = 0; a < sizeof ancestors / sizeof *ancestors; a++) {
        const json_t *model = json_object_get(training, ancestors[a]);
        if (model && has_file(json_object_get(model, training_key), positive, md5)) return true;
    }
    return false;
}

bool provenance_has_file(const provenance *p, bool positive, const char *md5)
{
    return has_file(p->training, positive, md5);
}

/* --- members --- */

static const json_t *member_of(const provenance *p, size_t member)
{
    return json_array_get(json_object_get(p->training, members_key), member);
}

const char *provenance_member_name(const provenance *p, size_t member)
{
    return json_string_value(json_object_get(member_of(p, member), name_key));
}

char *provenance_member_training(const provenance *p, size_t member)
{
    const json_t *own = member_of(p, member);
    const json_t *training = own ? json_object_get(own, training_key) : p->training;
    return training ? dmg_json_dump(training, DUMP_FLAGS) : strdup("null");
}

/* --- writing --- */

json_t *provenance_describe(const dmg_model *model)
{
    provenance p;
    if (provenance_read(&p, model, NULL) != DMG_OK) return NULL;
    return json_pack("{s:s?, s:s?, s:o}", name_key, dmg_model_metadata(model, name_key), "checksum",
                     dmg_model_metadata(model, "checksum"), training_key,
                     p.training ? p.training : json_null());
}

char *provenance_join(json_t *members)
{
    json_t *object = json_pack("{s:o}", members_key, members);
    char *text = object ? dmg_json_dump(object, DUMP_FLAGS) : NULL;
    json_decref(object);
    return text;
}
