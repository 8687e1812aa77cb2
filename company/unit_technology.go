package company

func technology() Unit {
	return Unit{Name: "technology", Title: "Technology", Teams: []Team{
		{Name: "developer-platform", Title: "Developer platform", Owner: "Jonas Aaltonen", CostCentre: "CC-1410", Applications: []Application{
			{Name: "forge", Data: "internal", Workflows: []Workflow{
				{Name: "pull-request-agent", Title: "Pull requests by agent", Agents: names("change-planner change-coder test-writer"),
					volume: 46, shape: &codingAgent, rhythm: &office, plan: coding, trend: &spreading, yields: &mergedPull},
				{Name: "code-review", Title: "Code review", Agents: names("diff-reviewer security-reviewer style-reviewer"),
					volume: 22, shape: &deskAgent, rhythm: &office, plan: coding, yields: &reviewedPull},
				{Name: "test-repair", Title: "Repair of broken builds", Agents: names("build-doctor flake-hunter"),
					volume: 14, shape: &codingAgent, rhythm: &inbox, plan: coding, yields: &repairedBuild},
			}},
		}},
		{Name: "core-policy-systems", Title: "Core policy systems", Owner: "Beatriz Holm", CostCentre: "CC-1420", Applications: []Application{
			{Name: "mainframe-exit", Data: "internal", Workflows: []Workflow{
				{Name: "cobol-migration", Title: "COBOL migration", Agents: names("cobol-reader java-writer parity-tester"),
					volume: 22, shape: &codingAgent, rhythm: &office, plan: coding, trend: &spreading, yields: &mergedPull},
				{Name: "release-notes", Title: "Release notes", Agents: names("release-note-writer"),
					volume: 2, shape: &drafting, rhythm: &office, plan: writing, yields: &usedDraft},
			}},
		}},
		{Name: "data-platform", Title: "Data platform", Owner: "Wei-Lin Zhou", CostCentre: "CC-1430", Applications: []Application{
			{Name: "document-lake", Data: "internal", Workflows: []Workflow{
				{Name: "document-embedding", Title: "Document embedding", Agents: names("document-embedder"),
					volume: 24, shape: &nightEmbedding, rhythm: &nightly, plan: indexing},
				{Name: "pipeline-repair", Title: "Pipeline repair", Agents: names("pipeline-doctor schema-differ"),
					volume: 7, shape: &codingAgent, rhythm: &inbox, plan: coding, yields: &repairedBuild},
				{Name: "sql-assistant", Title: "SQL assistant", Agents: names("query-writer query-explainer"),
					volume: 15, shape: &conversation, rhythm: &office, plan: talking, yields: &usedDraft},
			}},
		}},
		{Name: "reliability", Title: "Reliability", Owner: "Kofi Mensah", CostCentre: "CC-1440", Applications: []Application{
			{Name: "night-watch", Data: "internal", Workflows: []Workflow{
				{Name: "log-sentinel", Title: "Log sentinel", Agents: names("log-sentinel anomaly-describer noise-filter"),
					volume: 24, shape: &monitorAgent, rhythm: &roundTheClock, plan: watching, trend: &programme, Feature: "standing-agents-2026", yields: &closedAlert},
				{Name: "incident-response", Title: "Incident response", Agents: names("incident-commander trace-reader runbook-runner"),
					volume: 10, shape: &monitorAgent, rhythm: &roundTheClock, plan: watching, trend: &programme, Feature: "standing-agents-2026", yields: &closedAlert},
				{Name: "capacity-planning", Title: "Capacity planning", Agents: names("capacity-planner"),
					volume: 2, shape: &monitorAgent, rhythm: &roundTheClock, plan: experiments},
			}},
		}},
		{Name: "security", Title: "Security", Owner: "Elif Karaca", CostCentre: "CC-1450", Applications: []Application{
			{Name: "watchtower", Data: "internal", Workflows: []Workflow{
				{Name: "alert-triage", Title: "Security alert triage", Agents: names("alert-sorter log-correlator containment-adviser"),
					volume: 11, shape: &monitorAgent, rhythm: &roundTheClock, plan: watching, trend: &spreading, yields: &closedAlert},
				{Name: "phishing-review", Title: "Phishing review", Agents: names("mail-judge link-judge"),
					volume: 10, shape: &classification, rhythm: &inbox, plan: sorting, yields: &closedAlert},
				{Name: "access-review", Title: "Access review", Agents: names("access-reviewer entitlement-explainer"),
					volume: 5, shape: &nightBatch, rhythm: &nightly, plan: bulk},
			}},
		}},
		{Name: "automation-studio", Title: "Automation studio", Owner: "Lucía Benavides", CostCentre: "CC-1460", Applications: []Application{
			{Name: "standing-agents", Data: "internal", Workflows: []Workflow{
				{Name: "back-office-agent", Title: "Standing back-office agent", Agents: names("back-office-agent form-filler exception-handler"),
					volume: 16, shape: &monitorAgent, rhythm: &roundTheClock, plan: deskWork, trend: &programme, Feature: "standing-agents-2026", yields: &resolvedTicket},
				{Name: "vendor-mail-agent", Title: "Standing vendor mail agent", Agents: names("vendor-mail-reader vendor-mail-answerer"),
					volume: 10, shape: &monitorAgent, rhythm: &roundTheClock, plan: watching, trend: &programme, Feature: "standing-agents-2026", yields: &resolvedTicket},
				{Name: "meeting-agent", Title: "Standing meeting agent", Agents: names("meeting-planner minutes-writer action-chaser"),
					volume: 6, shape: &monitorAgent, rhythm: &office, plan: watching, trend: &programme, Feature: "standing-agents-2026", yields: &usedDraft},
			}},
		}},
	}}
}
