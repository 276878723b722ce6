DROP TABLE report_comments;
