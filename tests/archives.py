#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Archives for tests, written by hand where Python's own modules cannot.

archives.py KIND OUT NAME=FILE...: KIND is zip, zipcrypto:PASSWORD, aes:PASSWORD,
cab or tar. NAME may hold escapes of a Python string.
"""
import hashlib
import hmac
import io
import os
import struct
import sys
import tarfile
import zlib


# ZipCrypto: PKWARE APPNOTE 6.1
def zipcrypto(data, password, check):
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0xEDB88320 if n & 1 else 0)
        table.append(n)
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte):
        keys[0] = keys[0] >> 8 ^ table[(keys[0] ^ byte) & 0xFF]
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = keys[2] >> 8 ^ table[(keys[2] ^ keys[1] >> 24) & 0xFF]

    for byte in password:
        update(byte)
    out = bytearray()
    for byte in bytes(11) + bytes([check]) + data:
        k = keys[2] | 2
        out.append(byte ^ ((k * (k ^ 1) & 0xFFFF) >> 8))
        update(byte)
    return bytes(out)


# AES of one block: FIPS 197
def aes_tables():
    box = [0] * 256
    p = q = 1
    while True:
        p = (p ^ p << 1 ^ (0x1B if p & 0x80 else 0)) & 0xFF
        q ^= q << 1
        q ^= q << 2
        q ^= q << 4
        q &= 0xFF
        if q & 0x80:
            q ^= 0x09
        x = q ^ (q << 1 | q >> 7) ^ (q << 2 | q >> 6) ^ (q << 3 | q >> 5) ^ (q << 4 | q >> 4)
        box[p] = (x ^ 0x63) & 0xFF
        if p == 1:
            break
    box[0] = 0x63
    return box


BOX = aes_tables()


def double(b):
    return (b << 1 ^ (0x1B if b & 0x80 else 0)) & 0xFF


def aes_schedule(key):
    words = [list(key[i : i + 4]) for i in range(0, len(key), 4)]
    n, rcon = len(words), 1
    for i in range(n, 4 * (n + 7)):
        word = list(words[-1])
        if i % n == 0:
            word = [BOX[b] for b in word[1:] + word[:1]]
            word[0] ^= rcon
            rcon = double(rcon)
        elif n > 6 and i % n == 4:
            word = [BOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - n], word)])
    return [sum(words[i : i + 4], []) for i in range(0, len(words), 4)]


def aes_block(rounds, block):
    state = [a ^ b for a, b in zip(block, rounds[0])]
    for number, key in enumerate(rounds[1:], 1):
        state = [BOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if number < len(rounds) - 1:
            mixed = []
            for c in range(0, 16, 4):
                a = state[c : c + 4]
                for i in range(4):
                    b = a[i:] + a[:i]
                    mixed.append(double(b[0]) ^ double(b[1]) ^ b[1] ^ b[2] ^ b[3])
            state = mixed
        state = [a ^ b for a, b in zip(state, key)]
    return state


# WinZip's AE-2, 256 bits: "AES Encryption Information"
def winzip_aes(data, password):
    salt = bytes(range(16))
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 66)
    rounds = aes_schedule(keys[:32])
    out = bytearray()
    for number, at in enumerate(range(0, len(data), 16), 1):
        stream = aes_block(rounds, number.to_bytes(16, "little"))
        out += bytes(a ^ b for a, b in zip(data[at : at + 16], stream))
    mac = hmac.new(keys[32:64], bytes(out), "sha1").digest()[:10]
    return salt + keys[64:] + bytes(out) + mac


def make_zip(members, crypto=None, password=b"", deflate=False):
    """members: (name bytes, data) in order."""
    out, directory = bytearray(), bytearray()
    for name, data in members:
        flags, method, extra, crc = 0, 0, b"", zlib.crc32(data)
        size = len(data)
        if deflate:
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            data, method = packer.compress(data) + packer.flush(), 8
        if not name.isascii():
            flags |= 0x800
        if crypto == "zipcrypto":
            flags |= 1
            data = zipcrypto(data, password, crc >> 24)
        elif crypto == "aes":
            flags |= 1
            extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, method)
            data, method, crc = winzip_aes(data, password), 99, 0
        common = struct.pack("<HHHHHLLLHH", 51, flags, method, 0, 0x5821, crc,
                             len(data), size, len(name), len(extra))
        directory += b"PK\1\2\x33\0" + common + struct.pack("<HHHLL", 0, 0, 0, 0, len(out))
        directory += name + extra
        out += b"PK\3\4" + common + name + extra + data
    n = len(members)
    end = struct.pack("<HHHHLLH", 0, 0, n, n, len(directory), len(out), 0)
    return bytes(out + directory + b"PK\5\6" + end)


# One folder with MSZIP: Microsoft, "Microsoft Cabinet Format", "MSZIP"
def make_cab(members):
    content = b"".join(data for _, data in members)
    blocks, history = [], b""
    for at in range(0, len(content), 32768):
        part = content[at : at + 32768]
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, 0, history)
        blocks.append((b"CK" + packer.compress(part) + packer.flush(), len(part)))
        history = part
    files, at = b"", 0
    for name, data in members:
        kind = 0x20 if name.isascii() else 0xA0  # 0x80: the name is UTF-8
        files += struct.pack("<LLHHHH", len(data), at, 0, 0x5821, 0, kind) + name + b"\0"
        at += len(data)
    start = 36 + 8 + len(files)
    data = b"".join(struct.pack("<LHH", 0, len(b), size) + b for b, size in blocks)
    head = struct.pack("<4sLLLLLBBHHHHH", b"MSCF", 0, start + len(data), 0, 44, 0, 3, 1,
                       1, len(members), 0, 1, 0)
    return head + struct.pack("<LHH", start, len(blocks), 1) + files + data


def make_tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in members:
            info = tarfile.TarInfo(os.fsdecode(name))
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def main(kind, out, *words):
    members = []
    for word in words:
        name, _, path = word.partition("=")
        with open(path, "rb") as file:
            members.append((name.encode("latin-1").decode("unicode-escape").encode(
                "utf-8", "surrogateescape"), file.read()))
    kind, _, password = kind.partition(":")
    if kind == "cab":
        data = make_cab(members)
    elif kind == "tar":
        data = make_tar(members)
    else:
        data = make_zip(members, kind, password.encode(), kind != "stored")
    with open(out, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    main(*sys.argv[1:])
