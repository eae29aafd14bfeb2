/* SPDX-License-Identifier: MIT */
#include "inf/document.h"

const struct inf_section *inf_document_find(const struct inf_document *document,
                                            struct str name)
{
    uint32_t index = map_get(&document->names, name);

    if (index == MAP_NONE) { /* whether Windows cuts a name at NUL is unknown */
        index = map_get(&document->aliases, name);
    }

    return index == MAP_NONE ? NULL : &document->sections[index];
}

const char *inf_refusal_name(enum inf_refusal refusal)
{
    switch (refusal) {
    case INF_ACCEPTED:
        return NULL;
    case INF_WRONG_STYLE:
        return "ERROR_WRONG_INF_STYLE";
    case INF_EXPECTED_SECTION_NAME:
        return "ERROR_EXPECTED_SECTION_NAME";
    case INF_BAD_SECTION_NAME:
        return "ERROR_BAD_SECTION_NAME_LINE";
    case INF_SECTION_NAME_TOO_LONG:
        return "ERROR_SECTION_NAME_TOO_LONG";
    }
    return NULL;
}
