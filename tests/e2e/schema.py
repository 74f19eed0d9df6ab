"""Holds JSON against a definition of doc/case.schema.json.

	schema.py SCHEMA DEFINITION FILE         valid, and no member that the schema does not name
	schema.py --bites SCHEMA DEFINITION FILE and whatever is taken away or made wrong in it is told

SPDX-License-Identifier: GPL-3.0-or-later
"""
import copy
import json
import sys

import jsonschema

bites = sys.argv[1] == "--bites"
file, name, data = sys.argv[-3:]
with open(file, encoding="utf-8") as at:
    schema = json.load(at)
with open(data, encoding="utf-8") as at:
    value = json.load(at)
jsonschema.Draft202012Validator.check_schema(schema)


def close(node, path):
    """The schema leaves room for later members; a test does not. What others build on stays open."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and "type" in node or "allOf" in node:
            if not path.endswith("Fields"):
                node["unevaluatedProperties"] = False
        for key, inner in list(node.items()):
            close(inner, key)
    elif isinstance(node, list):
        for inner in node:
            close(inner, path)


def without(node):
    """Each copy of the value that lacks a member somewhere or has a wrong one: path and copy."""
    def places(inner, path):
        if isinstance(inner, dict):
            for key in inner:
                yield path, key
                yield from places(inner[key], path + [key])
        elif isinstance(inner, list):
            for i, one in enumerate(inner):
                yield from places(one, path + [i])

    for path, key in list(places(node, [])):
        for change in ("taken away", "made an array of arrays", "joined by another"):
            other = copy.deepcopy(node)
            at = other
            for step in path:
                at = at[step]
            if change == "taken away":
                del at[key]
            elif change == "made an array of arrays":
                at[key] = [[[]]]
            else:
                at[key + "_too"] = at[key]
            yield "%s.%s %s" % (path, key, change), other


close(schema, "")
check = jsonschema.Draft202012Validator({"$ref": "#/$defs/" + name, "$defs": schema["$defs"]})
errors = ["%s: %s" % (list(e.absolute_path), e.message) for e in check.iter_errors(value)]
if bites:
    tried = 0
    for what, other in without(value):
        tried += 1
        if check.is_valid(other):
            errors.append("not told: " + what)
    if not tried:
        errors.append("there was nothing to take away")
print("\n".join(errors[:10]))
sys.exit(1 if errors else 0)
