UPDATE tokens SET bounds = '{"workflow":"triage","models":["gpt-5*"]}' WHERE kind = 'gateway';
