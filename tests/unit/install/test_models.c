/* SPDX-License-Identifier: MIT */
#include <infscan/result.h>

#include "install/models.h"
#include "unit.h"

static const struct release seven = {
    INFSCAN_TARGET_AMD64, "7", 6, 1, 7601, 1, 0x100};
static const struct release ten_1709 = {
    INFSCAN_TARGET_AMD64, "10", 10, 0, 17763, 1, 0x100};
static const struct release ten_22h2 = {
    INFSCAN_TARGET_AMD64, "10", 10, 0, 19045, 1, 0x100};
static const struct release server = {
    INFSCAN_TARGET_AMD64, "2019", 10, 0, 17763, 3, 0x80};

static void a_decoration_has_six_parts(void **state)
{
    struct models_decoration d =
        models_parse(STR("ntAMD64.10.0.1.0x100.14310"));

    (void)state;
    assert_int_equal(d.targets, INFSCAN_TARGET_AMD64);
    assert_int_equal(d.version[0], 10);
    assert_int_equal(d.version[1], 0);
    assert_int_equal(d.version[2], 14310);
    assert_int_equal(d.product, 1);
    assert_int_equal(d.suite, 0x100);
    d = models_parse(STR("NTarm64...3"));
    assert_int_equal(d.targets, INFSCAN_TARGET_ARM64);
    assert_int_equal(d.version[0], 0);
    assert_int_equal(d.product, 3);
    assert_int_equal(models_parse(STR("")).targets, INFSCAN_TARGET_X86);
    assert_int_equal(models_parse(STR("-")).targets, 0);
}

static void builds_count_where_versions_are_equal(void **state)
{
    const struct str list[] = {STR(""), STR("NTamd64.6.1"),
                               STR("NTamd64.10.0...19041")};

    (void)state;
    assert_int_equal(models_choose(list, 3, &ten_1709), 1);
    assert_int_equal(models_choose(list, 3, &ten_22h2), 2);
    assert_int_equal(models_choose(list, 3, &seven), 1);
    assert_true(models_choose(list, 1, &seven) == STR_NONE);
}

static void product_and_suite_must_fit(void **state)
{
    const struct str list[] = {
        STR("NTamd64.10.0"), STR("NTamd64.10.0.3"), STR("NTamd64.10.0.1"),
        STR("NTamd64.10.0.1.0x100"), STR("NTamd64.10.0.1.0x200")};

    (void)state;
    assert_int_equal(models_choose(list, 5, &server), 1);
    assert_int_equal(models_choose(list, 3, &ten_22h2), 2);
    assert_int_equal(models_choose(list, 5, &ten_22h2), 3);
    assert_int_equal(models_choose(list, 1, &server), 0);
}

static void what_is_no_number_fits_nothing(void **state)
{
    const struct str list[] = {STR("NTamd64.x"), STR("NTamd64.-1"),
                               STR("NTamd64.99999999999999999999"),
                               STR("NTia64.5.1"), STR("Amiga")};

    (void)state;
    assert_true(models_choose(list, 5, &ten_22h2) == STR_NONE);
    assert_true(models_choose(list, 0, &ten_22h2) == STR_NONE);
}

static void each_target_has_a_release(void **state)
{
    (void)state;
    assert_int_equal(release_of(INFSCAN_TARGET_X86)->build, 19045);
    assert_int_equal(release_of(INFSCAN_TARGET_AMD64)->build, 26100);
    assert_int_equal(release_of(INFSCAN_TARGET_ARM64)->target,
                     INFSCAN_TARGET_ARM64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decoration_has_six_parts),
        cmocka_unit_test(builds_count_where_versions_are_equal),
        cmocka_unit_test(product_and_suite_must_fit),
        cmocka_unit_test(what_is_no_number_fits_nothing),
        cmocka_unit_test(each_target_has_a_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
