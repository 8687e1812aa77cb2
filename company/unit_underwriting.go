package company

func underwriting() Unit {
	return Unit{Name: "underwriting", Title: "Underwriting and pricing", Teams: []Team{
		{Name: "commercial-lines", Title: "Commercial lines", Owner: "Priya Ramanathan", CostCentre: "CC-1210", Applications: []Application{
			{Name: "underwriting-workbench", Data: "internal", Workflows: []Workflow{
				{Name: "submission-intake", Title: "Submission intake", Agents: names("submission-reader schedule-reader loss-run-reader"),
					volume: 24, shape: &extraction, rhythm: &inbox, plan: regulated, yields: &readDocument},
				{Name: "risk-appraisal", Title: "Risk appraisal", Agents: names("risk-appraiser site-researcher peer-comparer"),
					volume: 24, shape: &deskAgent, rhythm: &office, plan: appraising, trend: &spreading, yields: &boundQuote},
				{Name: "quote-drafting", Title: "Quote drafting", Agents: names("quote-drafter wording-picker"),
					volume: 12, shape: &drafting, rhythm: &office, plan: appraising, yields: &boundQuote},
				{Name: "broker-letter-preview", Title: "Broker letters (preview)", Agents: names("broker-letter-writer broker-letter-checker"),
					volume: 10, shape: &drafting, rhythm: &office, plan: previewing, yields: &usedDraft},
			}},
		}},
		{Name: "personal-lines", Title: "Personal lines", Owner: "Sophie Lindqvist", CostCentre: "CC-1220", Applications: []Application{
			{Name: "quote-guide", Data: "personal", Workflows: []Workflow{
				{Name: "quote-questions", Title: "Questions about a quote", Agents: names("quote-guide cover-explainer"),
					volume: 14, shape: &conversation, rhythm: &consumers, plan: talking, yields: &boundQuote},
				{Name: "renewal-review", Title: "Renewal review", Agents: names("renewal-reader change-spotter renewal-note-writer"),
					volume: 15, shape: &nightBatch, rhythm: &nightly, plan: bulk},
			}},
		}},
		{Name: "pricing-analytics", Title: "Pricing analytics", Owner: "Yusuf Demirel", CostCentre: "CC-1230", Applications: []Application{
			{Name: "pricing-notebook", Data: "internal", Workflows: []Workflow{
				{Name: "model-documentation", Title: "Model documentation", Agents: names("model-documenter factor-explainer"),
					volume: 4, shape: &drafting, rhythm: &office, plan: writing, yields: &usedDraft},
				{Name: "rate-change-study", Title: "Rate change studies", Agents: names("rate-analyst competitor-reader filing-writer"),
					volume: 4, shape: &researchAgent, rhythm: &office, plan: researching, yields: &answeredBrief},
			}},
		}},
		{Name: "exposure", Title: "Exposure management", Owner: "Clara Whitcombe", CostCentre: "CC-1240", Applications: []Application{
			{Name: "exposure-atlas", Data: "internal", Workflows: []Workflow{
				{Name: "catastrophe-brief", Title: "Catastrophe briefs", Agents: names("storm-watcher exposure-summer brief-writer"),
					volume: 3, shape: &researchAgent, rhythm: &office, plan: researching, yields: &answeredBrief},
				{Name: "address-enrichment", Title: "Address enrichment", Agents: names("address-cleaner occupancy-classifier"),
					volume: 12, shape: &nightBatch, rhythm: &nightly, plan: bulk},
			}},
		}},
	}}
}
