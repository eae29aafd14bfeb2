/* SPDX-License-Identifier: MIT */
#include "install/path.h"
#include "unit.h"

static void inf_dir_ends_in_one_backslash(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct path_context paths;

    (void)state;
    assert_true(path_context_init(&paths, arena, STR("C:\\src")));
    assert_str(path_directory(&paths, 1), "C:\\src\\");
    assert_true(path_context_init(&paths, arena, STR("I:\\")));
    assert_str(path_directory(&paths, 1), "I:\\");
    assert_true(path_context_init(&paths, arena, STR("")));
    assert_str(path_directory(&paths, 1), "C:\\inf\\");
    arena_free(arena);
}

static void numbers_stand_for_directories(void **state)
{
    struct path_context paths = {.inf_dir = STR("C:\\src\\")};

    (void)state;
    assert_str(path_directory(&paths, 10), "C:\\Windows");
    assert_str(path_directory(&paths, 11), "C:\\Windows\\System32");
    assert_str(path_directory(&paths, 24), "C:\\");
    assert_str(path_directory(&paths, -1), "");
    assert_str(path_directory(&paths, 65535), "");
    assert_str(path_directory(&paths, 0), "");
    assert_str(path_directory(&paths, 16422), "C:\\Program Files");
}

static void unknown_numbers_depend_on_their_range(void **state)
{
    struct path_context paths = {.inf_dir = STR("C:\\src\\")};

    (void)state;
    assert_str(path_directory(&paths, 40), "C:\\Windows\\System32\\unknown");
    assert_str(path_directory(&paths, 32767), "C:\\Windows\\System32\\unknown");
    assert_null(path_directory(&paths, 32768).bytes);
    assert_null(path_directory(&paths, 49000).bytes);
}

static void later_numbers_need_the_current_reading(void **state)
{
    struct path_context paths = {.inf_dir = STR("C:\\src\\")};

    (void)state;
    assert_str(path_directory(&paths, 13), "C:\\Windows\\System32\\unknown");
    assert_null(path_directory(&paths, 66002).bytes);
    paths.reading = PATH_CURRENT;
    assert_true(str_find(path_directory(&paths, 13), STR("DriverStore"), 0) !=
                STR_NONE);
    assert_str(path_directory(&paths, 66002), "C:\\Windows\\System32");
}

static struct slice slice_of(struct arena *arena, const char *z)
{
    struct text_builder builder;

    text_build_init(&builder, arena, TEXT_DECODE, SIZE_MAX);
    text_build_borrow(&builder, str_from(z), 0);
    return slice_all(text_build_finish(&builder));
}

static void an_inf_defines_numbers_of_its_own(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct path_ldid ldids[] = {{49000, slice_of(arena, "C:\\A")},
                                {49002, slice_of(arena, "C:\\B")},
                                {49010, slice_of(arena, "C:\\C")}};
    struct path_context paths = {
        .inf_dir = STR("C:\\src\\"), .ldids = ldids, .n_ldids = 3};

    (void)state;
    assert_str(path_directory(&paths, 49000), "C:\\A");
    assert_str(path_directory(&paths, 49010), "C:\\C");
    assert_null(path_directory(&paths, 49001).bytes);
    assert_ptr_equal(path_find_ldid(&paths, 49002), &ldids[1]);
    assert_null(path_find_ldid(&paths, 50000));
    arena_free(arena);
}

static void paths_have_one_spelling(void **state)
{
    static const struct {
        const char *written;
        const char *plain;
    } rows[] = {
        {"C:\\Windows\\a.dll", "C:\\Windows\\a.dll"},
        {"C:/Windows//System32/a.dll", "C:\\Windows\\System32\\a.dll"},
        {"C:\\Windows\\\\a.dll", "C:\\Windows\\a.dll"},
        {"C:\\Windows\\System32\\..\\Temp\\.\\a", "C:\\Windows\\Temp\\a"},
        {"C:\\..\\..\\a", "C:\\a"},
        {"..\\a", "..\\a"},
        {"a\\..\\..\\b", "..\\b"},
        {"..\\..\\a", "..\\..\\a"},
        {"\\\\?\\C:\\a", "C:\\a"},
        {"\\\\?\\UNC\\host\\share\\a", "\\\\host\\share\\a"},
        {"\\??\\C:\\a", "C:\\a"},
        {"\\\\host\\share\\..\\a", "\\\\host\\a"},
        {"//host/share", "\\\\host\\share"},
        {"http://example.invalid/a//../b", "http://example.invalid/a//../b"},
        {"", ""},
        {"C:", "C:"},
        {"C:\\", "C:\\"},
        {"\\a", "\\a"},
        /* devices and verbatim paths */
        {"\\\\.\\C:\\a", "C:\\a"},
        {"//?/C:/a", "C:\\a"},
        {"\\\\?\\GLOBALROOT\\SystemRoot\\a", "C:\\Windows\\a"},
        {"\\SystemRoot\\System32\\a", "C:\\Windows\\System32\\a"},
        /* what Win32 drops */
        {"C:\\Windows.\\System32\\a.dll. .", "C:\\Windows\\System32\\a.dll"},
        {"C:\\Windows \\System32\\a.dll", "C:\\Windows \\System32\\a.dll"},
        {"C:\\Windows\\...\\a", "C:\\Windows\\...\\a"},
        {"a.exe.", "a.exe"},
        {"C:\\a.exe::$DATA", "C:\\a.exe"},
        {"C:\\a.exe::$data", "C:\\a.exe"},
        {"C:\\a.txt:b.exe", "C:\\a.txt:b.exe"},
        {"C:\\a.txt:b:$DATA", "C:\\a.txt:b:$DATA"},
        /* short names */
        {"C:\\PROGRA~1\\a", "C:\\Program Files\\a"},
        {"d:\\progra~2\\a", "d:\\Program Files (x86)\\a"},
        {"C:\\PROGRA~3\\MICROS~1\\Windows\\STARTM~1\\a",
         "C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\a"},
        {"C:\\DOCUME~1\\me\\LOCALS~1\\Temp\\a",
         "C:\\Users\\me\\AppData\\Local\\Temp\\a"},
        {"C:\\PROGRA~1\\COMMON~1", "C:\\Program Files\\Common Files"},
        {"C:\\x\\PROGRA~1\\a", "C:\\x\\PROGRA~1\\a"},
        {"C:\\PROGRA~11\\a", "C:\\PROGRA~11\\a"},
        /* junctions */
        {"C:\\Documents and Settings\\me\\Application Data\\a",
         "C:\\Users\\me\\AppData\\Roaming\\a"},
        {"C:\\Documents and Settings\\All Users\\Start Menu\\Programs\\a",
         "C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\a"},
        {"C:\\Windows\\Sysnative\\a", "C:\\Windows\\System32\\a"},
        /* environment */
        {"%SystemRoot%\\System32\\a", "C:\\Windows\\System32\\a"},
        {"%WINDIR%/Temp/../a", "C:\\Windows\\a"},
        {"%SystemDrive%\\PROGRA~1\\a", "C:\\Program Files\\a"},
        {"%HOMEDRIVE%%HOMEPATH%\\a", "C:\\Users\\User\\a"},
        {"%TEMP%\\..\\a", "C:\\Users\\User\\AppData\\Local\\a"},
        {"%NoSuchThing%\\a", "%NoSuchThing%\\a"},
        {"C:\\%TEMP%\\a", "C:\\%TEMP%\\a"},
        /* shares */
        {"\\\\localhost\\C$\\Windows\\a", "C:\\Windows\\a"},
        {"\\\\?\\UNC\\127.0.0.1\\d$\\a", "d:\\a"},
        {"\\\\localhost\\ADMIN$\\System32\\a", "C:\\Windows\\System32\\a"},
        {"\\\\localhost\\share\\a", "\\\\localhost\\share\\a"},
        {"\\\\host\\C$\\a", "\\\\host\\C$\\a"},
        {"\\\\host@SSL@443\\DavWWWRoot\\a", "\\\\host@SSL@443\\DavWWWRoot\\a"},
    };
    struct arena *arena = arena_new(SIZE_MAX);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str plain = path_normalise(arena, str_from(rows[i].written));
        if (!str_equal(plain, str_from(rows[i].plain))) {
            fail_msg("%s became %.*s", rows[i].written, (int)plain.len,
                     plain.bytes);
        }
        /* the plain spelling is its own */
        assert_true(str_equal(path_normalise(arena, plain), plain));
    }
    arena_free(arena);
}

static void a_verbatim_path_keeps_its_end(void **state)
{
    struct arena *arena = arena_new(SIZE_MAX);

    (void)state;
    assert_str(path_normalise(arena, STR("\\\\?\\C:\\a. ")), "C:\\a. ");
    assert_str(path_normalise(arena, STR("C:\\a. ")), "C:\\a");
    arena_free(arena);
}

static void normalising_without_memory_says_so(void **state)
{
    struct arena *arena = arena_new(0);

    (void)state;
    assert_null(path_normalise(arena, STR("C:\\a")).bytes);
    arena_free(arena);
}

static void the_longest_directory_marks_a_path(void **state)
{
    (void)state;
    assert_int_equal(path_marks(STR("C:\\windows\\system32\\x.dll")),
                     PATH_SYSTEM);
    assert_int_equal(path_marks(STR("C:\\Windows")), PATH_SYSTEM);
    assert_int_equal(path_marks(STR("C:\\Windowsx\\a")), PATH_WRITABLE);
    assert_int_equal(
        path_marks(STR("C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\"
                       "Programs\\Startup\\a.lnk")),
        PATH_SYSTEM | PATH_AUTOSTART);
    assert_int_equal(path_marks(STR("C:\\Users\\Somebody\\a.exe")),
                     PATH_WRITABLE | PATH_PER_USER);
    assert_int_equal(path_marks(STR("\\\\host\\share\\a")), 0);
    assert_int_equal(path_marks(STR("http://example.invalid/")), 0);
}

static void parts_of_paths(void **state)
{
    (void)state;
    assert_str(path_base(STR("C:\\a\\b.exe")), "b.exe");
    assert_str(path_base(STR("a/b")), "b");
    assert_str(path_base(STR("C:b")), "b");
    assert_str(path_base(STR("b")), "b");
    assert_true(path_is_absolute(STR("C:\\a")));
    assert_true(path_is_absolute(STR("\\\\host\\a")));
    assert_true(path_is_absolute(STR("http://example.invalid")));
    assert_false(path_is_absolute(STR("a\\b")));
    assert_false(path_is_absolute(STR("")));
    assert_true(path_is_url(STR("file://x")));
    assert_false(path_is_url(STR("C://x")));
}

/* By what row and path are told apart before they are compared. */
static void aliases_begin_in_one_of_two_ways(void **state)
{
    static const char *const written[] = {
#define ALIAS(written, plain, source) written,
#include "install/aliases.def"
#undef ALIAS
    };

    (void)state;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        const char *row = written[i];
        if (*row == '?') {
            assert_memory_equal(row, "?:\\", 3);
            assert_true(row[3] && row[3] != '?' && row[3] != '*');
        } else {
            assert_true(*row && *row != '*');
            assert_true(row[1] != ':' && row[1] != '*' && row[1] != '?');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inf_dir_ends_in_one_backslash),
        cmocka_unit_test(numbers_stand_for_directories),
        cmocka_unit_test(unknown_numbers_depend_on_their_range),
        cmocka_unit_test(later_numbers_need_the_current_reading),
        cmocka_unit_test(an_inf_defines_numbers_of_its_own),
        cmocka_unit_test(paths_have_one_spelling),
        cmocka_unit_test(a_verbatim_path_keeps_its_end),
        cmocka_unit_test(normalising_without_memory_says_so),
        cmocka_unit_test(the_longest_directory_marks_a_path),
        cmocka_unit_test(parts_of_paths),
        cmocka_unit_test(aliases_begin_in_one_of_two_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
