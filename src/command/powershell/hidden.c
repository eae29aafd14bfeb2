/* SPDX-License-Identifier: MIT */
#include "command/powershell/eval.h"

bool ps_is_hidden(const struct ps_eval *eval, const struct ps_node *node)
{
    switch (node->kind) {
    case PS_STRING:
    case PS_WORD:
        return node->noisy;
    case PS_NUMBER:
    case PS_TYPE:
    case PS_SCRIPT:
    case PS_HASH:
    case PS_IF:
    case PS_FOR:
    case PS_FOREACH:
    case PS_WHILE:
    case PS_DO:
    case PS_SWITCH:
    case PS_TRY:
    case PS_FUNCTION:
    case PS_PARAMS:
    case PS_PARAM:
    case PS_LEAVE:
        return false;
    case PS_VARIABLE: {
        const struct ps_variable *variable = ps_find(eval, node->text);
        return variable && variable->hidden;
    }
    case PS_EXPAND:
        for (const struct ps_node *part = node->first; part;
             part = part->next) {
            if (part->kind == PS_SUBEXPR ||
                (part->kind == PS_VARIABLE && ps_is_hidden(eval, part))) {
                return true;
            }
        }
        return node->noisy;
    case PS_PAREN:
    case PS_LIST:
    case PS_ARRAY:
    case PS_BLOCK:
        for (const struct ps_node *part = node->first; part;
             part = part->next) {
            if (ps_is_hidden(eval, part)) {
                return true;
            }
        }
        return false;
    case PS_PIPELINE:
    case PS_COMMAND:
    case PS_ASSIGN:
    case PS_CAST:
    case PS_UNARY:
    case PS_BINARY:
    case PS_SUBEXPR:
    case PS_MEMBER:
    case PS_STATIC:
    case PS_CALL:
    case PS_INDEX:
        return true;
    }
    return false;
}
