#ifndef CDIGEST_H
#define CDIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// SHA-256's compression function over `count` blocks of 64 bytes, by the processor's own instructions.
/// Returns false, and changes nothing, on a processor without them.
bool cdg_sha256_blocks(uint32_t *_Nonnull state, const uint8_t *_Nullable blocks, size_t count);

#endif
