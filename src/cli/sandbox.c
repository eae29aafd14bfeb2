/* SPDX-License-Identifier: MIT */
/* Two locks, since neither does all of it: Landlock knows files by their place
 * (so -o and --extract-dir can be let through) but, in the kernels that Debian
 * 12 may run, neither truncate(2) nor the network; seccomp knows system calls,
 * whatever they are applied to. */
#include "cli/sandbox.h"

#include <stdio.h>

#include "cli/say.h"

#ifdef INFSCAN_SANDBOX

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights that came after the headers of Debian 12, by the version of Landlock
 * that brought them. Source: Linux, Documentation/userspace-api/landlock. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (UINT64_C(1) << 13) /* 2 */
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (UINT64_C(1) << 14) /* 3 */
#endif

#define RIGHTS_TO_CHANGE                                                       \
    ((uint64_t)(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |   \
                LANDLOCK_ACCESS_FS_REMOVE_DIR |                                \
                LANDLOCK_ACCESS_FS_REMOVE_FILE |                               \
                LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |   \
                LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |   \
                LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
                LANDLOCK_ACCESS_FS_MAKE_SYM))

#define RIGHTS_OF_RESULTS                                                      \
    ((uint64_t)(LANDLOCK_ACCESS_FS_WRITE_FILE |                                \
                LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | \
                LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_TRUNCATE))

/* A row of sandbox_calls.def. */
struct call {
    int number;
    unsigned argument; /* NO_ARGUMENT: allowed whatever they are */
    unsigned mask;
    unsigned value;
    int is_writing;
};

#define NO_ARGUMENT 6u /* a system call has six, from 0 */

#define CALL(name, why) {SCMP_SYS(name), NO_ARGUMENT, 0, 0, 0},
#define CALL_IF(name, argument, mask, value, why)                              \
    {SCMP_SYS(name), argument, (unsigned)(mask), (unsigned)(value), 0},
#define CALL_WRITING(name, why) {SCMP_SYS(name), NO_ARGUMENT, 0, 0, 1},
static const struct call calls[] = {
#include "cli/sandbox_calls.def"
};
#undef CALL
#undef CALL_IF
#undef CALL_WRITING

/* Version of the kernel's Landlock; 0: none. */
static int landlock_version(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
                           LANDLOCK_CREATE_RULESET_VERSION);

    return version > 0 ? (int)version : 0;
}

static uint64_t rights_of(int version)
{
    return RIGHTS_TO_CHANGE | (version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0u) |
           (version >= 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0u);
}

/* A folder that is not there cannot be written to either: nothing to allow. */
static int allow_folder(int ruleset, const char *folder, uint64_t rights)
{
    struct landlock_path_beneath_attr beneath = {
        .allowed_access = RIGHTS_OF_RESULTS & rights,
        .parent_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
    };

    if (beneath.parent_fd < 0) {
        return 0;
    }
    long status = syscall(SYS_landlock_add_rule, ruleset,
                          LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    close(beneath.parent_fd);
    return (int)status;
}

static int enter_landlock(const char *const *folders, size_t n)
{
    uint64_t rights = rights_of(landlock_version());
    /* The kernel takes the first, oldest member of the structure alone. */
    int ruleset =
        (int)syscall(SYS_landlock_create_ruleset, &rights, sizeof rights, 0);
    int status = ruleset < 0 ? -1 : 0;

    for (size_t i = 0; i < n && status == 0; i++) {
        status = allow_folder(ruleset, folders[i], rights);
    }
    if (status == 0) {
        status = (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
    }
    if (ruleset >= 0) {
        close(ruleset);
    }
    return status;
}

static int allow_call(scmp_filter_ctx filter, const struct call *call)
{
    int status;

    if (call->argument == NO_ARGUMENT) {
        status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call->number, 0);
    } else {
        status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call->number, 1,
                                  SCMP_CMP(call->argument, SCMP_CMP_MASKED_EQ,
                                           call->mask, call->value));
    }
    /* A call that this architecture does not have needs no permission. */
    return status == -EDOM ? 0 : status;
}

static int fill_filter(scmp_filter_ctx filter, int is_writing)
{
    int status = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);

    for (size_t i = 0; i < sizeof calls / sizeof calls[0] && status == 0; i++) {
        if (!calls[i].is_writing || is_writing) {
            status = allow_call(filter, &calls[i]);
        }
    }
    /* abort() signals its own thread; no other process is anybody's business */
    if (status == 0) {
        status = seccomp_rule_add(
            filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
            SCMP_CMP(0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
    }
    return status;
}

/* A call that is not allowed does not exist: a C library that knows a newer
 * call than the rows do falls back to the one they name. */
static int enter_seccomp(int is_writing)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    int status = filter ? fill_filter(filter, is_writing) : -1;

    if (status == 0) {
        status = seccomp_load(filter);
    }
    seccomp_release(filter);
    return status;
}

static int refuse(enum sandbox_mode mode, const char *part)
{
    if (mode != SANDBOX_REQUIRE) {
        return 0;
    }
    say("--sandbox require: this kernel does not offer %s", part);
    return -1;
}

int sandbox_enter(enum sandbox_mode mode, const char *const *folders, size_t n,
                  unsigned *parts)
{
    *parts = 0;
    if (mode == SANDBOX_OFF) {
        return 0;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return refuse(mode, "no_new_privs");
    }
    if (enter_landlock(folders, n) == 0) {
        *parts |= SANDBOX_LANDLOCK;
    } else if (refuse(mode, "Landlock") != 0) {
        return -1;
    }
    /* Without Landlock nothing would hold an open for writing to its folder:
     * the results still have to be written. */
    if (enter_seccomp(n > 0) == 0) {
        *parts |= SANDBOX_SECCOMP;
    } else if (refuse(mode, "seccomp filters") != 0) {
        return -1;
    }
    return 0;
}

void sandbox_seal_code(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    const unsigned both = PROT_WRITE | PROT_EXEC;

    /* Where a part fails the filter of sandbox_enter still holds. */
    if (filter && seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0) == 0 &&
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(mmap), 1,
                         SCMP_CMP(2, SCMP_CMP_MASKED_EQ, both, both)) == 0 &&
        seccomp_rule_add(
            filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(mprotect), 1,
            SCMP_CMP(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC)) == 0) {
        (void)seccomp_load(filter);
    }
    seccomp_release(filter);
}

const char *sandbox_describe(char *buffer, size_t size)
{
    int version = landlock_version();
    /* The call tells by its error whether filters are known: the address is
     * looked at only when they are. */
    int filters = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0, 0) != 0 &&
                  errno == EFAULT;

    if (version > 0) {
        snprintf(buffer, size, "%sLandlock %d", filters ? "seccomp, " : "",
                 version);
        return buffer;
    }
    return filters ? "seccomp" : "none (the kernel offers none)";
}

#else

int sandbox_enter(enum sandbox_mode mode, const char *const *folders, size_t n,
                  unsigned *parts)
{
    (void)folders;
    (void)n;
    *parts = 0;
    if (mode == SANDBOX_REQUIRE) {
        say("--sandbox require: this build has no sandbox");
        return -1;
    }
    return 0;
}

void sandbox_seal_code(void)
{
}

const char *sandbox_describe(char *buffer, size_t size)
{
    (void)buffer;
    (void)size;
    return "none (built without)";
}

#endif
