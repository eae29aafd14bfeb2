/* SPDX-License-Identifier: MIT */
#ifndef INFSCAN_ATTACK_H
#define INFSCAN_ATTACK_H

#include <infscan/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What rules need of MITRE ATT&CK for Enterprise: the techniques seen on
 * Windows. Records hold ids alone; names and tactics are looked up here, since
 * they change from version to version. All static. */

struct infscan_tactic {
    const char *id;   /* "TA0005" */
    const char *name; /* "Stealth" */
};

struct infscan_technique {
    const char *id;   /* "T1218.003" */
    const char *name; /* "CMSTP"; of what it is a part, T1218 says */
    unsigned tactics; /* bit n: infscan_attack_tactic(n) */
};

/**
 * infscan_attack_version - version of the MITRE ATT&CK data that rules refer to
 *
 * Static text such as "19.0".
 */
INFSCAN_API const char *infscan_attack_version(void);

/**
 * infscan_attack_find - a technique by id; NULL if it is not in the data
 *
 * An id that is not known here is not thereby wrong: what is not seen on
 * Windows is left out.
 */
INFSCAN_API const struct infscan_technique *infscan_attack_find(const char *id);

/**
 * infscan_attack_moved - what stands for an id that ATT&CK has retired
 *
 * The id to use now; NULL where `id` is not a retired one.
 */
INFSCAN_API const char *infscan_attack_moved(const char *id);

/**
 * infscan_attack_tactic - a tactic by its number; NULL past the last one
 */
INFSCAN_API const struct infscan_tactic *infscan_attack_tactic(unsigned number);

#ifdef __cplusplus
}
#endif

#endif
