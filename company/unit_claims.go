package company

func claims() Unit {
	return Unit{Name: "claims", Title: "Claims", Teams: []Team{
		{Name: "claims-intake", Title: "Claims intake", Owner: "Ines Vasconcelos", CostCentre: "CC-1110", Applications: []Application{
			{Name: "claims-desk", Data: "personal", Workflows: []Workflow{
				{Name: "claims-triage", Title: "Claims triage", Agents: names("intake-reader severity-scorer cover-checker"),
					volume: 42, shape: &deskAgent, rhythm: &inbox, plan: deskWork, yields: &triagedClaim},
				{Name: "first-notice-of-loss", Title: "First notice of loss", Agents: names("loss-listener notice-writer"),
					volume: 26, shape: &conversation, rhythm: &consumers, plan: talking, yields: &resolvedTicket},
				{Name: "claim-document-capture", Title: "Claim document capture", Agents: names("form-reader estimate-reader police-report-reader"),
					volume: 52, shape: &extraction, rhythm: &inbox, plan: reading, yields: &readDocument},
				{Name: "loss-photo-review", Title: "Loss photo review", Agents: names("vehicle-damage-viewer property-damage-viewer"),
					volume: 12, shape: &photoReview, rhythm: &inbox, plan: reading, yields: &readDocument},
			}},
		}},
		{Name: "claims-handling", Title: "Claims handling", Owner: "Tobias Renner", CostCentre: "CC-1120", Applications: []Application{
			{Name: "handler-copilot", Data: "personal", Workflows: []Workflow{
				{Name: "claim-summary", Title: "Claim file summary", Agents: names("file-summariser timeline-builder"),
					volume: 20, shape: &drafting, rhythm: &office, plan: writing, yields: &usedDraft},
				{Name: "settlement-letter", Title: "Settlement letters", Agents: names("letter-drafter tone-checker"),
					volume: 14, shape: &drafting, rhythm: &office, plan: european, yields: &usedDraft},
				{Name: "coverage-check", Title: "Coverage check", Agents: names("clause-matcher exclusion-finder reserve-adviser"),
					volume: 20, shape: &deskAgent, rhythm: &office, plan: deskWork, yields: &settledClaim},
			}},
		}},
		{Name: "fraud", Title: "Fraud investigation", Owner: "Adaeze Nwosu", CostCentre: "CC-1130", Applications: []Application{
			{Name: "fraud-radar", Data: "personal", Workflows: []Workflow{
				{Name: "fraud-screening", Title: "Fraud screening", Agents: names("claim-screener repeat-spotter"),
					volume: 34, shape: &classification, rhythm: &inbox, plan: sorting, yields: &triagedClaim},
				{Name: "fraud-investigation", Title: "Fraud investigation", Agents: names("case-investigator open-source-searcher statement-comparer"),
					volume: 7, shape: &researchAgent, rhythm: &office, plan: researching, yields: &stoppedFraud},
				{Name: "ring-analysis", Title: "Fraud ring analysis", Agents: names("link-finder ring-describer"),
					volume: 7, shape: &nightBatch, rhythm: &nightly, plan: bulk},
			}},
		}},
		{Name: "recoveries", Title: "Recoveries", Owner: "Marek Dlouhy", CostCentre: "CC-1140", Applications: []Application{
			{Name: "recovery-finder", Data: "personal", Workflows: []Workflow{
				{Name: "recovery-search", Title: "Search for recoveries", Agents: names("liability-reader recovery-scorer"),
					volume: 9, shape: &nightBatch, rhythm: &nightly, plan: bulk},
				{Name: "demand-letter", Title: "Demand letters", Agents: names("demand-drafter evidence-lister"),
					volume: 5, shape: &drafting, rhythm: &office, plan: writing, yields: &usedDraft},
			}},
		}},
	}}
}
