"""What habitd counts of one day, in DuckDB's SQL: turns, episode starts by five-minute bin,
and for windows of 60 and 300 seconds the triggers, covered seconds and responses of all pairs.

    python duckdb_day.py EVENTS.ndjson      prints how many of each, as JSON

Times are taken as UTC: the offset of the home's zone moves bins, not the amount of work.
"""

import json
import sys

import duckdb

db = duckdb.connect()
db.execute("SET threads = 1")
db.execute("""
CREATE TABLE turns AS
WITH rows AS (
  SELECT data.entity_id AS entity, data.old_state.state AS old, data.new_state.state AS new,
         epoch_ms(data.new_state.last_updated) AS ms,
         split_part(data.entity_id, '.', 1) AS domain,
         data.new_state.context.parent_id IS NOT NULL AS automated
  FROM read_json(?, format = 'newline_delimited', columns = {
    event_type: 'VARCHAR',
    data: 'STRUCT(entity_id VARCHAR, old_state STRUCT(state VARCHAR), new_state STRUCT(
           state VARCHAR, last_updated TIMESTAMPTZ, context STRUCT(parent_id VARCHAR)))'})
  WHERE event_type = 'state_changed'
), classes AS (
  SELECT entity, domain, ms, automated,
         new IN ('on', 'open', 'playing', 'home', 'unlocked', 'heat', 'cleaning') AS now_on,
         old IN ('on', 'open', 'playing', 'home', 'unlocked', 'heat', 'cleaning') AS was_on
  FROM rows
  WHERE domain NOT IN ('sensor', 'automation', 'weather', 'sun')
    AND old NOT IN ('unavailable', 'unknown') AND new NOT IN ('unavailable', 'unknown')
)
SELECT entity || (CASE WHEN now_on THEN '+' ELSE '-' END) AS item, entity, ms,
       (ms // 1000 - 10800) % 86400 AS second
FROM classes
WHERE now_on <> was_on AND (now_on OR domain <> 'binary_sensor') AND NOT automated
""", [sys.argv[1]])
db.execute("""
CREATE TABLE starts AS
SELECT item, second // 300 AS bin, count(*) AS n FROM (
  SELECT item, second, ms - lag(ms) OVER (PARTITION BY item ORDER BY ms) AS gap FROM turns)
WHERE gap IS NULL OR gap >= 900000
GROUP BY ALL
""")
totals = {"turns": db.execute("SELECT count(*) FROM turns").fetchone()[0],
          "starts": db.execute("SELECT sum(n) FROM starts").fetchone()[0],
          "pairs": 0, "hits": 0}
for window in (60, 300):
    db.execute(f"""
    CREATE OR REPLACE TABLE gaps AS
    SELECT item, entity, ms, second,
           ms - lag(ms) OVER (PARTITION BY item ORDER BY ms) AS gap FROM turns
    """)
    db.execute(f"""
    CREATE OR REPLACE TABLE triggers AS
    SELECT item, entity, ms, second // 900 AS slot FROM gaps
    WHERE gap IS NULL OR gap > {window * 1000}
    """)
    db.execute("CREATE OR REPLACE TABLE by_slot AS "
               "SELECT item, slot, count(*) AS n FROM triggers GROUP BY ALL")
    db.execute(f"""
    CREATE OR REPLACE TABLE cover AS
    SELECT item, slot, sum(seconds) AS seconds FROM (
      SELECT item, second // 900 AS slot,
             least({window}, coalesce(gap / 1000, {window}), second % 900) AS seconds
      FROM gaps
      UNION ALL
      SELECT item, second // 900 - 1,
             greatest(0, least({window}, coalesce(gap / 1000, {window})) - second % 900)
      FROM gaps)
    GROUP BY ALL
    """)
    db.execute(f"""
    CREATE OR REPLACE TABLE pairs AS
    SELECT a, b, count(*) AS hits, histogram(CAST(log2(lag + 1) AS INTEGER)) AS lags FROM (
      SELECT t.item AS a, r.item AS b, t.ms, min(r.ms - t.ms) AS lag
      FROM triggers t JOIN turns r
        ON r.ms > t.ms AND r.ms <= t.ms + {window * 1000} AND r.entity <> t.entity
      GROUP BY ALL)
    GROUP BY ALL
    """)
    pairs, hits = db.execute("SELECT count(*), sum(hits) FROM pairs").fetchone()
    totals["pairs"] += pairs
    totals["hits"] += int(hits or 0)
print(json.dumps(totals))
