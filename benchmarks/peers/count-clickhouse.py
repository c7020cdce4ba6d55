# Distinct users per minute by ClickHouse in this process (PyPI chdb), one thread:
# `count-clickhouse.py uniqExact|uniqCombined FILE`. Prints one JSON object, from the minute (Unix time in seconds) to users.
import sys

import chdb

function, file = sys.argv[1:]
quoted = file.replace("\\", "\\\\").replace("'", "\\'")
query = f"""
SELECT concat('{{', arrayStringConcat(groupArray(concat('"', toString(minute), '":', toString(users))), ','), '}}')
FROM (
  SELECT intDiv(ts, 60) * 60 AS minute, {function}(uid) AS users
  FROM file('{quoted}', JSONEachRow, 'uid String, ts UInt32')
  GROUP BY minute
  ORDER BY minute
)
SETTINGS max_threads = 1, input_format_parallel_parsing = 0
"""
print(str(chdb.query(query, "TSVRaw")).strip())
