package company

func distribution() Unit {
	return Unit{Name: "distribution", Title: "Marketing and distribution", Teams: []Team{
		{Name: "brand", Title: "Brand", Owner: "Camille Duret", CostCentre: "CC-1610", Applications: []Application{
			{Name: "campaign-studio", Data: "public", Workflows: []Workflow{
				{Name: "campaign-copy", Title: "Campaign copy", Agents: names("copywriter claims-of-fact-checker"),
					volume: 7, shape: &drafting, rhythm: &office, plan: marketing, yields: &usedDraft},
				{Name: "campaign-images", Title: "Campaign images", Agents: names("picture-maker"),
					volume: 2, shape: &picturing, rhythm: &office, plan: painting, yields: &usedDraft},
				{Name: "image-descriptions", Title: "Image descriptions", Agents: names("picture-describer"),
					volume: 3, shape: &photoReview, rhythm: &office, plan: reading},
			}},
		}},
		{Name: "broker-relations", Title: "Broker relations", Owner: "Fergus McAllan", CostCentre: "CC-1620", Applications: []Application{
			{Name: "broker-portal", Data: "internal", Workflows: []Workflow{
				{Name: "broker-assistant", Title: "Broker assistant", Agents: names("broker-guide appetite-checker"),
					volume: 24, shape: &conversation, rhythm: &office, plan: brokering, yields: &resolvedTicket},
				{Name: "submission-feedback", Title: "Submission feedback", Agents: names("feedback-drafter"),
					volume: 4, shape: &drafting, rhythm: &office, plan: brokering, yields: &usedDraft},
			}},
		}},
		{Name: "growth", Title: "Growth", Owner: "Ravi Sundaresan", CostCentre: "CC-1630", Applications: []Application{
			{Name: "lead-engine", Data: "personal", Workflows: []Workflow{
				{Name: "lead-scoring", Title: "Lead scoring", Agents: names("lead-scorer segment-namer"),
					volume: 12, shape: &nightBatch, rhythm: &nightly, plan: bulk},
				{Name: "retention-outreach", Title: "Retention outreach", Agents: names("lapse-predictor outreach-writer"),
					volume: 8, shape: &nightBatch, rhythm: &nightly, plan: bulk, yields: &wonLead},
				{Name: "guide-articles", Title: "Guide articles", Agents: names("guide-writer guide-editor"),
					volume: 5, shape: &drafting, rhythm: &office, plan: marketing, yields: &usedDraft},
			}},
		}},
	}}
}
