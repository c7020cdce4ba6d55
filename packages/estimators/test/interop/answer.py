"""Answers one JSON request on stdin with the real Apache DataSketches: a list of cases, one result each."""
import base64
import json
import sys

from datasketches import hll_sketch, hll_union, tgt_hll_type

TYPES = {"HLL_4": tgt_hll_type.HLL_4, "HLL_6": tgt_hll_type.HLL_6, "HLL_8": tgt_hll_type.HLL_8}


def values(part):
    for i in range(part["from"], part["from"] + part["count"]):
        yield i if part["kind"] == "int64" else "user-%d" % i


def build(part):
    sketch = hll_sketch(part["precision"], TYPES[part["type"]])
    for value in values(part):
        sketch.update(value)
    return sketch


def told(sketch):
    return {
        "compact": base64.b64encode(sketch.serialize_compact()).decode(),
        "updatable": base64.b64encode(sketch.serialize_updatable()).decode(),
        "estimate": sketch.get_estimate(),
        "lower": [sketch.get_lower_bound(s) for s in (1, 2, 3)],
        "upper": [sketch.get_upper_bound(s) for s in (1, 2, 3)],
    }


def answer(case):
    result = {"built": told(build(case["a"]))}
    result["read"] = [told(hll_sketch.deserialize(base64.b64decode(image))) for image in case["images"]]
    union = hll_union(case["precision"])
    for image in case["union"]:
        union.update(hll_sketch.deserialize(base64.b64decode(image)))
    result["union"] = told(union.get_result(TYPES[case["a"]["type"]]))
    return result


print(json.dumps([answer(case) for case in json.load(sys.stdin)]))
