/* What the trainer needs of a model beyond the public interface. */
#ifndef DMG_MODEL_MODEL_H
#define DMG_MODEL_MODEL_H

#include "deepmirgene/model.h"
#include "model/network.h"
#include "model/safetensors.h"

/* A model of its own from parameters (copied) and the text that says how it was trained (JSON,
 * copied). `name` is what it calls itself. */
dmg_status model_create(dmg_model **out, const dmg_architecture *architecture, const float *params,
                        const char *name, const char *training, dmg_error *err);

/* The parts of a model, its own. */
const network *model_network(const dmg_model *model);
const float *model_params(const dmg_model *model);

/* Writes the views of all parameters to tensors[0 .. net->tensor_count), for safetensors_write. */
void model_tensors(safetensors_tensor *tensors, const network *net, const float *params);

/* Fills params [net->parameters] from the tensors of their names, whose type, shape and finite
 * values are checked. */
dmg_status model_read_tensors(float *params, const network *net, const safetensors_file *file,
                              const char *source, dmg_error *err);

#endif
