/* One sequence as the network of an architecture reads it.
 * SPDX-License-Identifier: MIT
 */
#include "model/sample.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

void sample_clear(sample_buffer *buffer)
{
    free(buffer->tokens);
    *buffer = (sample_buffer){0};
}

dmg_status sample_encode(network_sample *sample, sample_buffer *buffer,
                         const dmg_architecture *architecture, const char *sequence,
                         const char *structure, size_t length, dmg_error *err)
{
    const size_t streams = (size_t)architecture->stream_count;
    if (!dmg_grow(&buffer->tokens, &buffer->capacity, streams * length, 1))
        return dmg_error_nomem(err, "encoding a sequence");
    uint8_t *next = buffer->tokens;
    for (size_t s = 0; s < streams; s++) {
        sample->tokens[s] = next;
        sample->steps[s] =
            dmg_encode_stream(next, architecture->streams[s].kind, sequence, structure, length);
        next += sample->steps[s];
    }
    return DMG_OK;
}
