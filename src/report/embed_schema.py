#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write schema.json as a C array: embed_schema.py schema.json schema.c

An array of numbers, because C11 promises only 4095 characters in a string.
"""
import json
import sys

source, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    text = file.read()
json.loads(text)  # a broken schema must not reach a program

data = text.encode() + b"\0"
rows = [
    "    " + " ".join("%d," % byte for byte in data[i : i + 16])
    for i in range(0, len(data), 16)
]
with open(target, "w", encoding="utf-8") as file:
    file.write("/* Made from schema.json by embed_schema.py. */\n")
    file.write('#include "report/render.h"\n\n')
    file.write("const char report_schema_text[] = {\n")
    file.write("\n".join(rows) + "\n};\n")
