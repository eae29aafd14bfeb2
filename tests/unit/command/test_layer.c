/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "command/layer.h"

static struct slice slice_of(struct arena *arena, struct str bytes)
{
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, bytes, 0);
    return slice_all(text_build_finish(&builder));
}

static void plain_comes_back_unchanged(void **state)
{
    static const char *const commands[] = {
        "",
        " ",
        "notepad.exe \"C:\\a b.txt\"",
        "\"C:\\Program Files\\x\\y.exe\" /S -f1\"%01%\\a.iss\"",
        "cmd /c start /wait \"\" \"C:\\x.exe\" /quiet",
        "reg add HKLM\\Software\\X /v Y /d \"C:\\x.exe -a\" /f",
        "powershell -NoProfile -Command \"Get-Service -Name Spooler\"",
        "%SystemRoot%\\system32\\svchost.exe -k netsvcs",
    };

    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct arena *arena = arena_new(SIZE_MAX);
        struct slice command = slice_of(arena, str_from(commands[i]));
        struct peeled peeled;
        assert_true(command_peel(arena, command, &limits_default, &peeled));
        assert_true(str_equal(slice_str(peeled.final), slice_str(command)));
        assert_int_equal(peeled.limits, 0);
        arena_free(arena);
    }
}

static void limits_stop_the_work(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct limits limits = limits_default;
    struct peeled peeled;
    struct slice command =
        slice_of(arena, STR("cmd /c cmd /c cmd /c cmd /c w^h^oami"));

    (void)state;
    limits.value[LIMIT_layers] = 2;
    assert_true(command_peel(arena, command, &limits, &peeled));
    assert_int_equal(peeled.n_layers, 2);
    assert_int_equal(peeled.limits, 1u << LIMIT_layers);
    limits = limits_default;
    limits.value[LIMIT_peel_steps] = 3;
    assert_true(command_peel(arena, command, &limits, &peeled));
    assert_true(peeled.limits & 1u << LIMIT_peel_steps);
    arena_free(arena);
}

static void out_of_memory_keeps_what_was_found(void **state)
{
    struct str raw = STR("cmd /c \"set a=who&set b=ami&call %a%%b%\"");

    (void)state;
    for (size_t max = 64; max < 8192; max += 64) {
        struct arena *arena = arena_new(max);
        struct slice command = slice_of(arena, raw);
        struct peeled peeled;
        if (command.text) {
            bool ok = command_peel(arena, command, &limits_default, &peeled);
            assert_true(ok || arena_failed(arena));
            assert_non_null(peeled.final.text);
        }
        arena_free(arena);
    }
}

/* Depth, length and repetition that an attacker chooses. */
static void hostile_lines_end(void **state)
{
    static const struct {
        const char *head;
        const char *part;
    } cases[] = {
        {"powershell -c ", "("},
        {"powershell -c ", "["},
        {"powershell -c ", "{"},
        {"powershell -c ", "$("},
        {"powershell -c ", "'a'+"},
        {"powershell -c ", "!"},
        {"powershell -c \"", "$a"},
        {"powershell -c ", "$a="},
        {"powershell -c ", "iex "},
        {"powershell -enc ", "A"},
        {"cmd /c ", "\""},
        {"cmd /c ", "%a"},
        {"cmd /v:on /c ", "!a"},
        {"cmd /c ", "cmd /c "},
        {"cmd /c ", "&set a=%a%b"},
        {"cmd /c ", "for %i in (a b) do "},
        {"cmd /c ", "if a==a "},
        {"", "start "},
        {"forfiles /c ", "forfiles /c \""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf line;
        buf_init(&line, 300000);
        buf_add_z(&line, cases[i].head);
        while (line.len < 200000) {
            buf_add_z(&line, cases[i].part);
        }
        struct arena *arena = arena_new((size_t)768 << 20);
        struct peeled peeled;
        assert_true(command_peel(arena, slice_of(arena, buf_str(&line)),
                                 &limits_default, &peeled));
        assert_true(arena_used(arena) < (size_t)400 << 20);
        arena_free(arena);
        buf_deinit(&line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_comes_back_unchanged),
        cmocka_unit_test(limits_stop_the_work),
        cmocka_unit_test(out_of_memory_keeps_what_was_found),
        cmocka_unit_test(hostile_lines_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
