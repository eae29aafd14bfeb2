/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/sandbox.h"
#include "unit.h"

/* What a child reports as its exit status. */
enum outcome {
    DONE,       /* what was tried worked */
    REFUSED,    /* it failed */
    NO_SANDBOX, /* this machine or build has none */
};

typedef int attempt(const char *folder);

static int open_for_write(const char *folder)
{
    (void)folder;
    return open("/dev/null", O_WRONLY);
}

static int make_file(const char *folder)
{
    char path[256];

    snprintf(path, sizeof path, "%s/made", folder);
    return open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
}

static int make_and_rename(const char *folder)
{
    char path[256];
    char other[256];

    snprintf(path, sizeof path, "%s/first", folder);
    snprintf(other, sizeof other, "%s/second", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    return fd < 0 || close(fd) != 0 || rename(path, other) != 0 ? -1
                                                                : unlink(other);
}

static int truncate_file(const char *folder)
{
    char path[256];

    snprintf(path, sizeof path, "%s/kept", folder);
    return truncate(path, 0);
}

static int remove_file(const char *folder)
{
    char path[256];

    snprintf(path, sizeof path, "%s/kept", folder);
    return unlink(path);
}

static int run_program(const char *folder)
{
    (void)folder;
    return execl("/bin/true", "true", (char *)NULL);
}

static int make_process(const char *folder)
{
    (void)folder;
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    return child;
}

static int reach_network(const char *folder)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};

    (void)folder;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    /* Nobody listens there: refused by the peer is reached. */
    if (fd < 0) {
        return -1;
    }
    return connect(fd, (struct sockaddr *)&address, sizeof address) == 0 ||
                   errno == ECONNREFUSED
               ? 0
               : -1;
}

static int make_code(const char *folder)
{
    (void)folder;
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
               ? -1
               : 0;
}

static int read_file(const char *folder)
{
    char path[256];
    char byte;

    snprintf(path, sizeof path, "%s/kept", folder);
    int fd = open(path, O_RDONLY);
    return fd < 0 || read(fd, &byte, 1) != 1 ? -1 : 0;
}

static void *nothing(void *context)
{
    return context;
}

static int start_thread(const char *folder)
{
    pthread_t thread;

    (void)folder;
    return pthread_create(&thread, NULL, nothing, NULL) == 0 &&
                   pthread_join(thread, NULL) == 0
               ? 0
               : -1;
}

static enum outcome in_child(attempt *try, const char *folder,
                             const char *writable, int seal)
{
    int status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        unsigned parts;
        if (sandbox_enter(SANDBOX_AUTO, &writable, writable ? 1 : 0, &parts) !=
                0 ||
            parts != (SANDBOX_LANDLOCK | SANDBOX_SECCOMP)) {
            _exit(NO_SANDBOX);
        }
        if (seal) {
            sandbox_seal_code();
        }
        _exit(try(folder) >= 0 ? DONE : REFUSED);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return (enum outcome)WEXITSTATUS(status);
}

/* A folder with one file, "kept". */
static int set_up(void **state)
{
    char path[256];
    char *folder = strdup("/tmp/infscan-sandbox-XXXXXX");

    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/kept", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("kept", file);
    fclose(file);
    *state = folder;
    return 0;
}

static int tear_down(void **state)
{
    char path[256];

    snprintf(path, sizeof path, "%s/kept", (char *)*state);
    int status = unlink(path) | rmdir(*state);
    free(*state);
    return status;
}

struct expectation {
    const char *what;
    attempt *try;
    int may_write; /* the folder is one of those that results go to */
    int seal;
    enum outcome outcome;
};

static const struct expectation expectations[] = {
    {"reading a file", read_file, 0, 0, DONE},
    {"starting a thread", start_thread, 0, 0, DONE},
    {"compiling patterns", make_code, 0, 0, DONE},
    {"results in their folder", make_and_rename, 1, 0, DONE},
    {"opening for writing", open_for_write, 0, 0, REFUSED},
    {"opening for writing elsewhere", open_for_write, 1, 0, REFUSED},
    {"making a file", make_file, 0, 0, REFUSED},
    {"truncating a file", truncate_file, 0, 0, REFUSED},
    {"truncating a file of results", truncate_file, 1, 0, REFUSED},
    {"removing a file", remove_file, 0, 0, REFUSED},
    {"running a program", run_program, 0, 0, REFUSED},
    {"running a program while results are written", run_program, 1, 0, REFUSED},
    {"making a process", make_process, 0, 0, REFUSED},
    {"reaching a network", reach_network, 0, 0, REFUSED},
    {"reaching a network while results are written", reach_network, 1, 0,
     REFUSED},
    {"code made after the seal", make_code, 0, 1, REFUSED},
    {"starting a thread after the seal", start_thread, 0, 1, DONE},
};

static void inside(void **state)
{
    const char *folder = *state;

    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        const struct expectation *e = &expectations[i];
        enum outcome outcome =
            in_child(e->try, folder, e->may_write ? folder : NULL, e->seal);
        if (outcome == NO_SANDBOX) {
            print_message("SKIPPED: no sandbox here\n");
            skip();
        }
        if (outcome != e->outcome) {
            fail_msg("%s: %s", e->what, outcome == DONE ? "done" : "refused");
        }
    }
}

/* What the sandbox refuses can be done without, or the test shows nothing. */
static void outside(void **state)
{
    static attempt *const harmless[] = {open_for_write, make_process,
                                        reach_network, make_code};

    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
        assert_true(harmless[i](*state) >= 0);
    }
}

static void off_is_off(void **state)
{
    unsigned parts = SANDBOX_SECCOMP;

    (void)state;
    assert_int_equal(sandbox_enter(SANDBOX_OFF, NULL, 0, &parts), 0);
    assert_int_equal(parts, 0);
    assert_int_equal(make_code(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(inside, set_up, tear_down),
        cmocka_unit_test_setup_teardown(outside, set_up, tear_down),
        cmocka_unit_test(off_is_off),
    };

    return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
