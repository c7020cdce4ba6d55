"""Unites the images of each list on stdin, in order, and answers the estimates and images of the real Apache DataSketches."""
import base64
import json
import sys

from datasketches import hll_sketch, hll_union, tgt_hll_type


def united(case):
    union = hll_union(case["precision"])
    for image in case["images"]:
        union.update(hll_sketch.deserialize(base64.b64decode(image)))
    result = union.get_result(tgt_hll_type.HLL_8)
    return {"estimate": result.get_estimate(), "image": base64.b64encode(result.serialize_compact()).decode()}


print(json.dumps([united(case) for case in json.load(sys.stdin)]))
