/* SPDX-License-Identifier: MIT */
#include "rules/indicator.h"
#include "unit.h"

struct bench {
    struct arena *arena;
    struct indicators found;
    limit_set hit;
};

static struct slice words(struct bench *bench, const char *z)
{
    struct text_builder builder;

    text_build_init(&builder, bench->arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, arena_copy(bench->arena, str_from(z)), 0);
    return slice_all(text_build_finish(&builder));
}

static void find(struct bench *bench, const struct action *actions, uint32_t n)
{
    struct install install = {.actions = (struct action *)(uintptr_t)actions,
                              .n_actions = n};

    assert_int_equal(indicators_find(bench->arena, &install, &limits_default,
                                     &bench->found, &bench->hit),
                     INFSCAN_OK);
}

static void test_of_commands(void **state)
{
    static const struct {
        const char *command;
        const char *expected; /* type value; ... in order */
    } rows[] = {
        {"curl http://a.example.invalid/x -o y",
         "url http://a.example.invalid/x;domain a.example.invalid;"},
        {"(\"https://u:p@a.example.invalid:8080/x\")",
         "url https://u:p@a.example.invalid:8080/x;domain a.example.invalid;"},
        {"ping 192.0.2.7", "ip 192.0.2.7;"},
        {"http://192.0.2.7/a,http://192.0.2.7/a",
         "url http://192.0.2.7/a;ip 192.0.2.7;"},
        {"tool 1.2.3.4.5 v6.1.7601.1 999.1.1.1", ""},
        {"rundll32 \\\\h.example.invalid@SSL\\s\\a.dll,Go",
         "unc \\\\h.example.invalid@SSL\\s\\a.dll;domain h.example.invalid;"},
        {"a \\\\?\\C:\\Windows\\x \\\\.\\pipe\\x \\\\alone", ""},
        {"verclsid {11111111-2222-3333-4444-555555555555} {1}",
         "clsid {11111111-2222-3333-4444-555555555555};"},
        {"\"C:\\Users\\Public\\a b.exe\" C:\\Windows\\System32\\cmd.exe",
         "path C:\\Users\\Public\\a b.exe;"},
        {"start %TEMP%\\a.exe&$env:APPDATA\\b.exe",
         "path %TEMP%\\a.exe;path $env:APPDATA\\b.exe;"},
        {"://x http:// C:\\", ""},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bench bench = {.arena = arena_new(SIZE_MAX)};
        struct action action = {.kind = INFSCAN_RUN_COMMAND,
                                .command = words(&bench, rows[i].command)};
        char got[512] = "";
        size_t at = 0;
        find(&bench, &action, 1);
        for (uint32_t k = 0; k < bench.found.n; k++) {
            struct str value = slice_str(bench.found.items[k].value);
            at += (size_t)snprintf(got + at, sizeof got - at, "%s %.*s;",
                                   bench.found.items[k].type, (int)value.len,
                                   value.bytes);
        }
        assert_string_equal(got, rows[i].expected);
        arena_free(bench.arena);
    }
}

static void test_of_other_actions(void **state)
{
    struct bench bench = {.arena = arena_new(SIZE_MAX)};
    struct layer layer = {.step = "a",
                          .text = words(&bench, "http://b.example.invalid/y")};
    struct action_member name[ACTION_MAX_MEMBERS];
    struct action actions[4] = {
        {.kind = INFSCAN_LOAD_DLL,
         .subject = words(&bench, "a.dll | DllInstall | "
                                  "http://a.example.invalid/x")},
        {.kind = INFSCAN_WRITE_REGISTRY,
         .subject = words(&bench, "HKCU\\A\\Run -> a = b.exe"),
         .command = words(&bench, "b.exe"),
         .peeled = {.layers = &layer, .n_layers = 1}},
        {.kind = INFSCAN_INSTALL_SERVICE, .members = name},
        {.kind = INFSCAN_WRITE_REGISTRY,
         .subject = words(&bench, "HKLM\\A -> a = C:\\Users\\Public\\a.exe")},
    };

    (void)state;
    action_add(&actions[2], "name", words(&bench, "Updater"));
    find(&bench, actions, 4);
    assert_int_equal(bench.found.n, 6);
    assert_string_equal(bench.found.items[0].type, "url");
    assert_string_equal(bench.found.items[0].role, "download");
    assert_string_equal(bench.found.items[2].type, "registry-key");
    assert_string_equal(bench.found.items[2].role, "persistence");
    assert_str(slice_str(bench.found.items[2].value), "HKCU\\A\\Run");
    assert_int_equal(bench.found.items[3].layer, 0);
    assert_string_equal(bench.found.items[5].type, "service");
    assert_int_equal(bench.found.items[5].action, 2);
    arena_free(bench.arena);
}

static void test_the_limit_is_told(void **state)
{
    struct bench bench = {.arena = arena_new(SIZE_MAX)};
    size_t n = (size_t)limits_default.value[LIMIT_indicators] + 1;
    char *bytes = arena_zalloc(bench.arena, n, 12);
    size_t at = 0;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        at += (size_t)snprintf(bytes + at, n * 12 - at, "a://%zu ", i);
    }
    struct action action = {.kind = INFSCAN_RUN_COMMAND,
                            .command = words(&bench, bytes)};
    find(&bench, &action, 1);
    assert_int_equal(bench.found.n, n - 1);
    assert_int_equal(bench.hit, 1u << LIMIT_indicators);
    arena_free(bench.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_commands),
        cmocka_unit_test(test_of_other_actions),
        cmocka_unit_test(test_the_limit_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
