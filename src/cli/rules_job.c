/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <infscan/infscan.h>

#include "cli/jobs.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "cli/sandbox.h"
#include "cli/say.h"
#include "cli/setup.h"

/* Rules of the files that are named; of no file: those in force. */
static int load(const struct options *options, const struct word_list *paths,
                struct infscan_ruleset **out)
{
    struct options own = *options;

    if (paths->n) {
        own.no_builtin_rules = 1;
        own.rules = *paths;
    }
    return setup_rules(&own, out);
}

static int finish(struct output *output, int status)
{
    return output_close(output) == 0 ? status : 2;
}

static int list_rules(const struct options *options,
                      const struct word_list *paths)
{
    struct infscan_ruleset *rules = NULL;
    struct infscan_render_options render = setup_render(options);
    const struct infscan_rule *rule;
    struct output output;

    if (load(options, paths, &rules) != 0) {
        return 2;
    }
    render.flags |= options->verbose ? 0u : INFSCAN_RENDER_QUIET;
    if (!setup_to_terminal(options)) {
        render.width = 0; /* one line a rule, for grep */
    }
    if (output_open(&output, options->output,
                    render.format == INFSCAN_FORMAT_JSON ? OUTPUT_ARRAY
                                                         : OUTPUT_PLAIN) != 0) {
        infscan_ruleset_free(rules);
        return 2;
    }
    for (size_t i = 0; (rule = infscan_ruleset_rule(rules, i)) != NULL; i++) {
        infscan_render_rule(rule, &render, output_write, &output);
    }
    infscan_ruleset_free(rules);
    return finish(&output, 0);
}

/* What `rules check` prints and counts. */
struct check {
    const struct infscan_render_options *render;
    struct output *output;
    size_t n_warnings;
};

static void print_problem(const struct infscan_rule_problem *problem,
                          void *context)
{
    struct check *check = context;

    check->n_warnings += !problem->is_error;
    infscan_render_rule_problem(problem, check->render, output_write,
                                check->output);
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

/* The sum goes to stderr in machine formats: it is no record. */
static void print_sum(const struct check *check, size_t n_rules,
                      size_t n_errors)
{
    char line[128];
    int len =
        snprintf(line, sizeof line, "%zu rule%s: %zu error%s, %zu warning%s\n",
                 n_rules, plural(n_rules), n_errors, plural(n_errors),
                 check->n_warnings, plural(check->n_warnings));

    if (check->render->format == INFSCAN_FORMAT_TEXT && len > 0) {
        output_record(check->output, line, (size_t)len);
    }
}

/* Of no file: those of --rules, or else those that are built in. */
static int check_rules(const struct options *options,
                       const struct word_list *operands)
{
    const struct word_list *paths = operands->n ? operands : &options->rules;
    struct infscan_render_options render = setup_render(options);
    struct infscan_error error = {0};
    struct output output;
    size_t n_rules = 0;
    size_t n_errors = 0;

    if (output_open(&output, options->output,
                    render.format == INFSCAN_FORMAT_JSON ? OUTPUT_ARRAY
                                                         : OUTPUT_PLAIN) != 0) {
        return 2;
    }
    struct check check = {.render = &render, .output = &output};
    enum infscan_status status =
        infscan_rules_check(options->no_builtin_rules ? INFSCAN_RULESET_EMPTY
                                                      : INFSCAN_RULESET_BUILTIN,
                            paths->items, paths->n, print_problem, &check,
                            &n_rules, &n_errors, &error);
    if (status != INFSCAN_OK) {
        say_error(&error);
        infscan_error_clear(&error);
        output_close(&output);
        return 2;
    }
    print_sum(&check, n_rules, n_errors);
    return finish(&output, n_errors ? 2 : 0);
}

int job_rules(const struct options *options)
{
    static const char *const names[] = {"list", "check", "test", NULL};
    static int (*const actions[])(const struct options *,
                                  const struct word_list *) = {
        list_rules, check_rules, rules_test};
    const struct word_list *words = &options->operands;

    if (words->n == 0) {
        say("rules needs one of list, check, test");
        return 2;
    }
    const struct word_list paths = {.items = words->items + 1,
                                    .n = words->n - 1};
    for (size_t i = 0; names[i]; i++) {
        if (strcmp(words->items[0], names[i]) == 0) {
            return actions[i](options, &paths);
        }
    }
    say("unknown action 'rules %s'; did you mean %s?", words->items[0],
        nearest_name(words->items[0], names));
    return 2;
}

/* The known name with the fewest letters changed. */
static int unknown_name(const struct infscan_ruleset *rules, const char *name)
{
    size_t n_rules = infscan_ruleset_count(rules);
    size_t n = 0;

    while (infscan_topic_name(n)) {
        n++;
    }
    const char **names = calloc(n_rules + n + 1, sizeof *names);
    for (size_t i = 0; names && i < n; i++) {
        names[i] = infscan_topic_name(i);
    }
    for (size_t i = 0; names && i < n_rules; i++) {
        names[n + i] = infscan_ruleset_rule(rules, i)->id;
    }
    if (names) {
        const char *near = nearest_name(name, names);
        if (nearest_distance(name, near) <= strlen(near) / 2) {
            say("nothing is known of '%s'; did you mean %s?", name, near);
        } else {
            say("nothing is known of '%s'; see infscan rules list and "
                "infscan-directives(7)",
                name);
        }
    }
    free(names);
    return 2;
}

/* A rule, a diagnostic, or a topic: the first that there is. */
struct explained {
    const struct infscan_rule *rule;
    const char *diagnostic;
    struct infscan_topic *topic;
};

static int print(const struct options *options,
                 const struct explained *explained)
{
    struct infscan_render_options render = setup_render(options);
    struct output output;

    if (output_open(&output, options->output, OUTPUT_PLAIN) != 0) {
        return 2;
    }
    if (explained->rule) {
        infscan_render_rule(explained->rule, &render, output_write, &output);
    } else if (explained->diagnostic) {
        output_record(&output, explained->diagnostic,
                      strlen(explained->diagnostic));
        output_record(&output, "\n", 1);
    } else {
        infscan_render_topic(explained->topic, &render, output_write, &output);
    }
    return finish(&output, 0);
}

static int explain(const struct options *options,
                   const struct infscan_ruleset *rules, const char *name)
{
    struct explained explained = {
        .rule = infscan_ruleset_find(rules, name),
        .diagnostic = infscan_diagnostic_explain(name),
    };

    if (!explained.rule && !explained.diagnostic) {
        enum infscan_status status = infscan_topic_new(name, &explained.topic);
        if (status == INFSCAN_INVALID) {
            return unknown_name(rules, name);
        }
        if (status != INFSCAN_OK) {
            say("out of memory");
            return 2;
        }
    }
    int status = print(options, &explained);
    infscan_topic_free(explained.topic);
    return status;
}

int job_explain(const struct options *options)
{
    struct infscan_ruleset *rules = NULL;

    if (options->operands.n != 1) {
        say("explain needs one rule, diagnostic, launcher, directive or key");
        return 2;
    }
    if (setup_rules(options, &rules) != 0) {
        return 2;
    }
    int status = explain(options, rules, options->operands.items[0]);
    infscan_ruleset_free(rules);
    return status;
}

int job_schema(const struct options *options)
{
    const char *schema = infscan_schema();
    struct output output;

    if (options->operands.n) {
        say("schema takes no operand, not '%s'", options->operands.items[0]);
        return 2;
    }
    if (output_open(&output, options->output, OUTPUT_PLAIN) != 0) {
        return 2;
    }
    output_record(&output, schema, strlen(schema));
    return finish(&output, 0);
}

int job_version(const struct options *options)
{
    struct infscan_ruleset *rules = NULL;
    char sandbox[64];

    if (setup_rules(options, &rules) != 0) {
        return 2;
    }
    printf("infscan %s\nrules %s (%zu)\nschema %s\nATT&CK %s\nsandbox %s\n",
           infscan_version(), infscan_ruleset_digest(rules),
           infscan_ruleset_count(rules), INFSCAN_SCHEMA_VERSION,
           infscan_attack_version(), sandbox_describe(sandbox, sizeof sandbox));
    infscan_ruleset_free(rules);
    return 0;
}
