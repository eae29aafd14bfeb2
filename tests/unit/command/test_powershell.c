/* SPDX-License-Identifier: MIT */
#include "command/layer.h"
#include "unit.h"

#define PS(script) "powershell -c \"" script "\""

/* The value is run, so that it has to be a layer: `iex` of Get-Date. */
static void every_construct_gives_its_layer(void **state)
{
    static const char *const commands[] = {
        PS("iex ('Get'+'-Date')"),
        PS("iex ('{1}{0}' -f '-Date','Get')"),
        PS("iex (('Get','Date') -join '-')"),
        PS("iex ('Get,Date' -split ',' -join '-')"),
        PS("iex ('Gxt-Datx' -replace 'x','e')"),
        PS("iex ('Gxt-Datx'.Replace('x','e'))"),
        PS("iex ('xxGet-Datexx'.Substring(2,8))"),
        PS("iex ('GetDate'.Insert(3,'-'))"),
        PS("iex ('Getxx-Date'.Remove(3,2))"),
        PS("iex (-join 'etaD-teG'[7..0])"),
        PS("iex (-join ('Get-Date'.ToCharArray()))"),
        PS("$a='etaD-teG'.ToCharArray();[array]::Reverse($a);iex(-join $a)"),
        PS("iex ([char]71+'et-Date')"),
        PS("iex ([string]::Join('-','Get','Date'))"),
        PS("iex ([string]::Format('{0}-{1}','Get','Date'))"),
        PS("iex ([string]::Concat('Get','-Date'))"),
        PS("iex ([char](70 -bxor 1)+'et-Date')"),
        PS("$a='Get';$b='-Date';iex ($a+$b)"),
        PS(".('i'+'ex') ('Get'+'-Date')"),
        PS("$x='iex';&$x ('Get'+'-Date')"),
        PS("i`ex ('Get'+'-Date')"),
        PS("'Get'+'-Date'|iex"),
        PS("Invoke-Expression ('Get'+'-Date')"),
        PS("iex (-join (71,101,116,45,68,97,116,101|%{[char]$_}))"),
        PS("iex (-join "
           "(71,101,116,45,68,97,116,101|ForEach-Object{[char]$_}))"),
        PS("&($shellid[1]+$shellid[13]+'x') ('Get'+'-Date')"),
        PS("&($pshome[4]+$pshome[30]+'x') ('Get'+'-Date')"),
        PS("&($env:ComSpec[4,24,25] -join '') ('Get'+'-Date')"),
        PS("iex "
           "([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('"
           "R2V0LURhdGU=')))"),
        "powershell -EncodedCommand RwBlAHQALQBEAGEAdABlAA==",
        "powershell -enc RwBlAHQALQBEAGEAdABlAA==",
        "powershell -e RwBlAHQALQBEAGEAdABlAA==",
        "powershell /e RwBlAHQALQBEAGEAdABlAA==",
        "powershell \xe2\x80\x93"
        "enc RwBlAHQALQBEAGEAdABlAA==",
        "powershell \xe2\x80\x95"
        "enc RwBlAHQALQBEAGEAdABlAA==",
        "cmd /c powershell -c G^et^-Date",
        "cmd /c \"set a=Get&call set b=%a%-Date&call powershell -c %b%\"",
        "cmd /v:on /c \"set a=Get-Date&&powershell -c !a!\"",
        "cmd /c \"set a=xxGet-Date&call powershell -c %a:~2,8%\"",
        "cmd /c \"set a=Gxt-Datx&call powershell -c %a:x=e%\"",
        "cmd /c \"for %i in (Get-Date) do powershell -c %i\"",
        "cmd /c echo Get-Date|powershell -",
        "cmd,/c;(powershell -c Get-Date)",
    };

    (void)state;
    size_t failed = 0;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct arena *arena = arena_new(SIZE_MAX);
        struct text_builder builder;
        struct peeled peeled;
        bool found = false;

        text_build_init(&builder, arena, TEXT_DECODE, SIZE_MAX);
        text_build_borrow(&builder, str_from(commands[i]), 0);
        assert_true(command_peel(arena, slice_all(text_build_finish(&builder)),
                                 &limits_default, &peeled));
        for (uint32_t k = 0; k < peeled.n_layers; k++) {
            found |=
                str_equal(slice_str(peeled.layers[k].text), STR("Get-Date"));
        }
        if (!found) {
            print_error("no layer Get-Date: %s\n", commands[i]);
            failed++;
        }
        assert_int_equal(peeled.limits, 0);
        arena_free(arena);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_construct_gives_its_layer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
