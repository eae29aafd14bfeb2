/* SPDX-License-Identifier: MIT */
#include "command/cipher.h"
#include "command/powershell/cmdlet.h"

/* Cmdlets that make objects and start programs. */

const struct ps_value *cmdlet_new_object(const struct invocation *call)
{
    struct ps_arguments arguments = {NULL, 0};
    struct str type;
    uint32_t at = invocation_find(call, STR("argumentlist"), 1);

    if (invocation_switch(call, STR("comobject"))) {
        return invocation_text(call, STR("comobject"), 0, &type)
                   ? psv_object(call->eval->peel, type, NULL)
                   : NULL;
    }
    if (!invocation_text(call, STR("typename"), 0, &type)) {
        return NULL;
    }
    if (at < call->n) {
        const struct ps_value *list = call->values[at];
        const struct ps_node *node = call->nodes[at];
        if (!list) {
            return NULL;
        }
        bool many =
            node->kind == PS_LIST || (node->kind == PS_PAREN && node->first &&
                                      node->first->kind == PS_LIST);
        if (many && list->kind == PSV_ARRAY) {
            arguments.items = list->items;
            arguments.n = list->n;
        } else {
            arguments.items = call->values + at;
            arguments.n = 1;
        }
    }
    return ps_new_object(call->eval->peel, type, &arguments);
}

const struct ps_value *cmdlet_start_process(const struct invocation *call)
{
    struct peel *peel = call->eval->peel;
    struct str program, arguments, line;

    if (!invocation_text(call, STR("filepath"), 0, &program) ||
        !invocation_text(call, STR("argumentlist"), 1, &arguments)) {
        return NULL;
    }
    struct ps_value parts[2] = {{.kind = PSV_STRING, .text = program},
                                {.kind = PSV_STRING, .text = arguments}};
    const struct ps_value *items[2] = {&parts[0], &parts[1]};
    struct ps_value both = {.kind = PSV_ARRAY, .items = items, .n = 2};
    if (psv_join(peel, &both, STR(" "), &line)) {
        struct slice from = slice_sub(call->eval->script, call->node->off,
                                      call->node->end - call->node->off);
        struct slice command = peel_fold(peel, line, from);
        if (command.text) {
            peel_add(peel, "powershell.start-process", command, NULL);
            peel_command(peel, command);
        }
    }
    return NULL;
}

/* ConvertTo-SecureString: with a key that is there, or no encryption at all.
 * Without either it is encrypted for one user of one machine. */
const struct ps_value *cmdlet_to_secure_string(const struct invocation *call)
{
    struct peel *peel = call->eval->peel;
    struct str text, key, plain;
    const struct ps_value *input = call->piped == PS_INPUT ? call->input : NULL;
    uint32_t at = invocation_find(call, STR("string"), 0);

    if (!input && at < call->n) {
        input = call->values[at];
    }
    if (!input || !psv_text(peel, input, &text)) {
        return NULL;
    }
    if (invocation_switch(call, STR("asplaintext"))) {
        return psv_object(peel, STR("security.securestring"),
                          psv_string(peel, text));
    }
    uint32_t with = call->n;
    for (uint32_t i = 0; i < call->n; i++) {
        if (call->names[i].len && str_starts_fold(STR("key"), call->names[i])) {
            with = i;
        }
    }
    struct slice from = slice_sub(call->eval->script, call->node->off,
                                  call->node->end - call->node->off);
    if (with == call->n || !call->values[with] ||
        !psv_to_bytes(peel, call->values[with], &key)) {
        peel_add(peel, "powershell.secure-string", from,
                 with == call->n ? "encrypted for one user of one machine"
                                 : "encrypted with a key that is not here");
        return NULL;
    }
    if (!cipher_secure_string(peel, text, key, &plain)) {
        peel_add(peel, "powershell.secure-string", from,
                 "the key does not fit");
        return NULL;
    }
    return psv_object(peel, STR("security.securestring"),
                      psv_string(peel, plain));
}

const struct ps_value *cmdlet_split_path(const struct invocation *call)
{
    struct str path;

    if (!invocation_text(call, STR("path"), 0, &path)) {
        return NULL;
    }
    size_t slash = path.len;
    while (slash && path.bytes[slash - 1] != '\\' &&
           path.bytes[slash - 1] != '/') {
        slash--;
    }
    if (!slash) {
        return NULL;
    }
    bool leaf = invocation_switch(call, STR("leaf"));
    return psv_string(call->eval->peel, leaf ? str_sub(path, slash, path.len)
                                             : str_sub(path, 0, slash - 1));
}
