INSERT INTO people VALUES ('cccccccccccccccccccccccccc', 'Bo Known', 'bo@example.org', '["sso:2"]', 1764000000000000, 0);
INSERT INTO external_ids VALUES ('e7d40e9de6b795824eab814fc1a499a0c813239f42576ae27b3329f147a983f6', 'cccccccccccccccccccccccccc');
