"""Print chosen members of each JSON line: pick.py MEMBER..."""
import json
import sys

for line in sys.stdin:
    record = json.loads(line)
    chosen = []
    for path in sys.argv[1:]:
        value = record
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        chosen.append(json.dumps(value))
    print(" ".join(chosen))
