/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_REPORT_FAKE_RESULT_H
#define TESTS_UNIT_REPORT_FAKE_RESULT_H

#include <infscan/difference.h>
#include <infscan/document.h>
#include <infscan/render.h>

/* Results over static data, so that renderers are tested alone. fake_result.c
 * implements the accessors of result.h and document.h for them. */

/* Two findings in one command with two layers, a copied file that is listed
 * and a registry value that is not. */
const struct infscan_result *fake_malicious(void);

/* No findings; refused by Windows. */
const struct infscan_result *fake_clean(void);

/* A service, a driver, a library of Windows and a shortcut in Startup. */
const struct infscan_result *fake_staying(void);

/* Nothing at all to say. */
const struct infscan_result *fake_brief(void);

/* Names and texts made to steer a terminal and to break JSON. */
const struct infscan_result *fake_hostile(void);

const struct infscan_result *fake_error(void);

/* One thing of each way to differ, with hostile names; none. */
const struct infscan_difference *fake_difference(void);
const struct infscan_difference *fake_equal(void);

const struct infscan_document *fake_document(void);

/* What a renderer wrote, NUL-terminated; from malloc. */
char *fake_render(const struct infscan_result *result,
                  const struct infscan_render_options *options);
char *fake_render_difference(const struct infscan_difference *difference,
                             const struct infscan_render_options *options);
char *fake_render_document(const struct infscan_document *document,
                           const struct infscan_render_options *options);

/* An infscan_write_fn that appends to a struct fake_text. */
struct fake_text {
    char *bytes;
    size_t len;
};
int fake_write(void *context, const char *bytes, size_t len);

#endif
