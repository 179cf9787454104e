-- A query that gives each row of a table so many times, with ids, names and paths of its own each time.
-- {columns} are its columns, those that name something with the number of the copy behind them; rows of one reading stay
-- side by side, as they are when documents are read one after the other.
INSERT INTO {table} BY NAME
SELECT {columns} FROM {table} AS t CROSS JOIN range({first}, {last}) AS copies(k)
WHERE t.document_id IN (SELECT document_id FROM seeds)
ORDER BY reading
