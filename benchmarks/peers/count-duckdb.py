# Distinct users per minute by DuckDB in this process, one thread: `count-duckdb.py FILE`. Prints one JSON object, from
# the minute (Unix time in seconds) to its users.
import json
import sys

import duckdb

connection = duckdb.connect(config={"threads": 1})
rows = connection.execute(
    """
    SELECT ts // 60 * 60 AS minute, count(DISTINCT uid)
    FROM read_json(?, format = 'newline_delimited', columns = {uid: 'VARCHAR', ts: 'BIGINT'})
    GROUP BY minute
    ORDER BY minute
    """,
    sys.argv[1:],
).fetchall()
print(json.dumps({minute: users for minute, users in rows}, separators=(",", ":")))
