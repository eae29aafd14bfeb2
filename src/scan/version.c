/* SPDX-License-Identifier: MIT */
#include <infscan/infscan.h>

#include "base/str.h"

const char *infscan_version(void)
{
    return INFSCAN_VERSION;
}
