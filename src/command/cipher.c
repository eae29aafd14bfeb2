/* SPDX-License-Identifier: MIT */
#include "command/cipher.h"

#include <nettle/aes.h>
#include <nettle/cbc.h>

#include "command/codec.h"

static const char header[] = "76492d1116743f0423413b16050a5345";

/* The plain length behind PKCS #7 padding; 0 where it is none. */
static size_t unpadded(const uint8_t *bytes, size_t n)
{
    uint8_t pad = bytes[n - 1];

    if (!pad || pad > AES_BLOCK_SIZE || pad > n) {
        return 0;
    }
    for (size_t i = n - pad; i < n; i++) {
        if (bytes[i] != pad) {
            return 0;
        }
    }
    return n - pad;
}

static bool decrypt(struct str key, uint8_t *iv, size_t n, uint8_t *out,
                    const uint8_t *in)
{
    const uint8_t *bytes = (const uint8_t *)key.bytes;
    struct aes128_ctx small;
    struct aes192_ctx middle;
    struct aes256_ctx large;

    switch (key.len) {
    case AES128_KEY_SIZE:
        aes128_set_decrypt_key(&small, bytes);
        cbc_decrypt(&small, (nettle_cipher_func *)aes128_decrypt,
                    AES_BLOCK_SIZE, iv, n, out, in);
        return true;
    case AES192_KEY_SIZE:
        aes192_set_decrypt_key(&middle, bytes);
        cbc_decrypt(&middle, (nettle_cipher_func *)aes192_decrypt,
                    AES_BLOCK_SIZE, iv, n, out, in);
        return true;
    case AES256_KEY_SIZE:
        aes256_set_decrypt_key(&large, bytes);
        cbc_decrypt(&large, (nettle_cipher_func *)aes256_decrypt,
                    AES_BLOCK_SIZE, iv, n, out, in);
        return true;
    default:
        return false;
    }
}

bool cipher_aes_cbc(struct peel *peel, struct str key, struct str iv,
                    struct str in, struct str *out)
{
    uint8_t vector[AES_BLOCK_SIZE];

    if (iv.len != AES_BLOCK_SIZE || !in.len || in.len % AES_BLOCK_SIZE ||
        !peel_spend(peel, in.len * 4)) {
        return false;
    }
    char *bytes = arena_alloc(peel->arena, in.len, 1);
    memcpy(vector, iv.bytes, sizeof vector);
    if (!bytes || !decrypt(key, vector, in.len, (uint8_t *)bytes,
                           (const uint8_t *)in.bytes)) {
        return false;
    }
    *out = str_of(bytes, unpadded((const uint8_t *)bytes, in.len));
    return out->len != 0;
}

static bool base64(struct peel *peel, struct str in, struct str *out)
{
    char *bytes = peel_spend(peel, in.len)
                      ? arena_alloc(peel->arena, in.len / 4 * 3 + 3, 1)
                      : NULL;
    size_t n = bytes ? codec_base64(in, bytes) : STR_NONE;

    *out = n == STR_NONE ? STR("") : str_of(bytes, n);
    return n != STR_NONE;
}

static bool utf16(struct peel *peel, struct str in, struct str *out)
{
    char *bytes = peel_spend(peel, in.len)
                      ? arena_alloc(peel->arena, in.len / 2 * 3 + 1, 1)
                      : NULL;

    *out = bytes ? str_of(bytes, codec_utf16le(in, bytes)) : STR("");
    return bytes != NULL;
}

bool cipher_secure_string(struct peel *peel, struct str text, struct str key,
                          struct str *out)
{
    struct str bytes, version, iv, hex, plain;

    text = str_trim(text);
    if (!str_starts_fold(text, STR(header))) {
        return false;
    }
    text = str_sub(text, sizeof header - 1, text.len);
    if (!base64(peel, text, &bytes) || !utf16(peel, bytes, &text) ||
        !str_next(&text, '|', &version) || !str_next(&text, '|', &iv) ||
        !str_next(&text, '|', &hex) || !base64(peel, iv, &iv)) {
        return false;
    }
    char *cipher = arena_alloc(peel->arena, hex.len / 2 + 1, 1);
    size_t n = cipher ? codec_hex(hex, cipher) : STR_NONE;
    return n != STR_NONE &&
           cipher_aes_cbc(peel, key, iv, str_of(cipher, n), &plain) &&
           utf16(peel, plain, out);
}
