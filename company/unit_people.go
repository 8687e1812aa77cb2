package company

func people() Unit {
	return Unit{Name: "people-and-legal", Title: "People and legal", Teams: []Team{
		{Name: "talent", Title: "Talent", Owner: "Agnieszka Wrona", CostCentre: "CC-1710", Applications: []Application{
			{Name: "hiring-desk", Data: "personal", Workflows: []Workflow{
				{Name: "application-summary", Title: "Application summaries", Agents: names("application-reader criteria-matcher"),
					volume: 4, shape: &extraction, rhythm: &office, plan: european, yields: &readDocument},
				{Name: "interview-notes", Title: "Interview notes", Agents: names("interview-listener"),
					volume: 1, shape: &listening, rhythm: &office, plan: transcribing},
			}},
		}},
		{Name: "legal", Title: "Legal", Owner: "Thandiwe Mokoena", CostCentre: "CC-1720", Applications: []Application{
			{Name: "chambers", Data: "internal", Workflows: []Workflow{
				{Name: "clause-search", Title: "Clause search", Agents: names("clause-embedder"),
					volume: 5, shape: &embedding, rhythm: &office, plan: searching},
				{Name: "litigation-brief", Title: "Litigation briefs", Agents: names("case-law-reader brief-drafter citation-checker"),
					volume: 3, shape: &researchAgent, rhythm: &office, plan: researching, yields: &answeredBrief},
			}},
		}},
		{Name: "learning", Title: "Learning", Owner: "Pedro Quintanilha", CostCentre: "CC-1730", Applications: []Application{
			{Name: "academy", Data: "internal", Workflows: []Workflow{
				{Name: "training-tutor", Title: "Training tutor", Agents: names("training-tutor quiz-maker"),
					volume: 5, shape: &conversation, rhythm: &office, plan: talking},
			}},
		}},
	}}
}
