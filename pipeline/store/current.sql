-- The rows of one record table that stand: the current reading without what a reviewer corrected or rejected, and what a
-- reviewer's decision leaves as long as what it is about is still read (settle.sql). `record_table` stands for the name.
CREATE VIEW current_record_table AS
SELECT r.* EXCLUDE (report_department, report_year, stands, review, current) FROM record_table AS r WHERE r.stands AND r.current;
