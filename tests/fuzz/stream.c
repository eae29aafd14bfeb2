/* SPDX-License-Identifier: MIT */
/* One request of --stream: understood, or its fault is told. */
#include "cli/stream.h"

#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request request;
    char *line = malloc(size + 1);

    if (!line) {
        return 0;
    }
    memcpy(line, data, size);
    line[size] = '\0';
    request_parse(line, size, &request);
    FUZZ_REQUIRE(request.name);
    FUZZ_REQUIRE(request.fault || !request.size || request.data);
    FUZZ_REQUIRE(!request.id_is_number || request.id);
    request_deinit(&request);
    free(line);
    return 0;
}
