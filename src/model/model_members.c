/* SPDX-License-Identifier: MIT */
/* Models of several members: joined from single ones, and taken apart. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/model.h"
#include "model/provenance.h"

/* --- joining --- */

/* What the members so far have in common, and their parameters. */
typedef struct joining {
    const char *const *paths; /* [count] */
    size_t count;
    dmg_architecture architecture;
    size_t parameters; /* of each */
    float *params;     /* [count][parameters]; NULL before the first */
    json_t *members;   /* what the training says of each */
} joining;

/* The first member says what the others must be. */
static dmg_status begin_joining(joining *j, const dmg_model *first, dmg_error *err)
{
    j->architecture = *dmg_model_architecture(first);
    j->parameters = model_network(first)->parameters;
    j->params = dmg_alloc(j->count * j->parameters, sizeof *j->params);
    return j->params ? DMG_OK : dmg_error_nomem(err, "a model");
}

static dmg_status check_architecture(const joining *j, const dmg_model *model, const char *path,
                                     dmg_error *err)
{
    char *ours = dmg_architecture_print(dmg_model_architecture(model));
    char *theirs = dmg_architecture_print(&j->architecture);
    dmg_status st = ours && theirs ? DMG_OK : dmg_error_nomem(err, path);
    if (st == DMG_OK && strcmp(ours, theirs) != 0)
        st = dmg_error_set(err, DMG_UNSUPPORTED,
                           "%s: architecture differs from that of %s; all members of a model must "
                           "have the same, dropout included",
                           path, j->paths[0]);
    free(theirs);
    free(ours);
    return st;
}

static dmg_status check_member(const joining *j, const dmg_model *model, size_t m, dmg_error *err)
{
    const size_t members = dmg_model_members(model);
    if (members > 1)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "%s: already has %zu members; join the models it was made of",
                             j->paths[m], members);
    const dmg_status st = check_architecture(j, model, j->paths[m], err);
    if (st != DMG_OK) return st;
    for (size_t k = 0; k < m; k++)
        if (memcmp(model_params(model, 0), j->params + k * j->parameters,
                   j->parameters * sizeof *j->params) == 0)
            return dmg_error_set(err, DMG_RANGE, "%s: same network as %s", j->paths[m],
                                 j->paths[k]);
    return DMG_OK;
}

/* Loads member m. */
static dmg_status add_joined(joining *j, size_t m, dmg_error *err)
{
    dmg_model *model = NULL;
    dmg_status st = dmg_model_load(&model, j->paths[m], err);
    if (st == DMG_OK && !j->params) st = begin_joining(j, model, err);
    if (st == DMG_OK) st = check_member(j, model, m, err);
    if (st == DMG_OK) {
        memcpy(j->params + m * j->parameters, model_params(model, 0),
               j->parameters * sizeof *j->params);
        if (json_array_append_new(j->members, provenance_describe(model)) != 0)
            st = dmg_error_nomem(err, "a model");
    }
    dmg_model_destroy(model);
    return st;
}

dmg_status dmg_model_join(dmg_model **out, const char *name, const char *const *paths, size_t count,
                          dmg_error *err)
{
    dmg_status st = model_check_name(name, err);
    if (st != DMG_OK) return st;
    if (count < 2 || count > DMG_MAX_MEMBERS)
        return dmg_error_set(err, DMG_RANGE, "%zu model%s to join; expected 2 to %d", count,
                             count == 1 ? "" : "s", DMG_MAX_MEMBERS);
    joining j = {.paths = paths, .count = count, .members = json_array()};
    for (size_t m = 0; st == DMG_OK && m < count; m++) st = add_joined(&j, m, err);
    if (st == DMG_OK) {
        char *training = provenance_join(json_incref(j.members));
        st = model_create(out, &j.architecture, j.params, count, name, training, err);
        free(training);
    }
    json_decref(j.members);
    free(j.params);
    return st;
}

/* --- one of them --- */

dmg_status dmg_model_member(dmg_model **out, const dmg_model *model, size_t member, dmg_error *err)
{
    const size_t members = dmg_model_members(model);
    if (member >= members)
        return dmg_error_set(err, DMG_RANGE,
                             "the model has %zu member%s; member %zu does not exist", members,
                             members == 1 ? "" : "s", member + 1);
    provenance p;
    dmg_status st = provenance_read(&p, model, err);
    if (st != DMG_OK) return st;
    const char *whole_name = dmg_model_metadata(model, "name");
    const char *own_name = provenance_member_name(&p, member);
    char *training = provenance_member_training(&p, member);
    st = training ? model_create(out, dmg_model_architecture(model), model_params(model, member), 1,
                                 own_name     ? own_name
                                 : whole_name ? whole_name
                                              : "",
                                 training, err)
                  : dmg_error_nomem(err, "a member");
    free(training);
    provenance_clear(&p);
    return st;
}
