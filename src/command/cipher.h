/* SPDX-License-Identifier: MIT */
#ifndef COMMAND_CIPHER_H
#define COMMAND_CIPHER_H

#include "command/peel.h"

/**
 * cipher_secure_string - the text of an encrypted standard string
 *
 * text:    what ConvertFrom-SecureString -Key puts out: a fixed header, then
 *          base64 of the UTF-16LE text "2|<base64 of the start vector>|<hex>"
 * key:     16, 24 or 32 bytes
 * out:     UTF-8, in the arena
 *
 * AES in CBC mode, PKCS #7 padding, over UTF-16LE. false for another form, a
 * key that does not fit, or without room. The form is observed behaviour, not
 * documented.
 */
bool cipher_secure_string(struct peel *peel, struct str text, struct str key,
                          struct str *out);

/* AES-CBC with PKCS #7 padding; `iv` has 16 bytes. */
bool cipher_aes_cbc(struct peel *peel, struct str key, struct str iv,
                    struct str in, struct str *out);

#endif
