-- What a person has in hand is a file's name or a number in it, and seldom the account it belongs to.
CREATE INDEX interchange_control ON interchange (control);
CREATE INDEX interchange_file_name ON interchange (file_name) WHERE file_name IS NOT NULL;
CREATE INDEX interchange_set_group_number ON interchange_set (group_control);
CREATE INDEX interchange_set_number ON interchange_set (control, interchange_id);
CREATE INDEX interchange_set_about ON interchange_set (subject) WHERE subject IS NOT NULL;
CREATE INDEX sent_file_name ON sent_file (name);
CREATE INDEX fetched_file_name ON fetched_file (name);
CREATE INDEX as2_sent_message_id ON as2_sent (message_id);
CREATE INDEX as2_received_message_id ON as2_received (message_id);
CREATE INDEX cross_reference_code ON cross_reference (code);
