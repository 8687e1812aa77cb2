package company

func service() Unit {
	return Unit{Name: "customer-service", Title: "Customer service", Teams: []Team{
		{Name: "digital-service", Title: "Digital service", Owner: "Oluwaseun Bello", CostCentre: "CC-1310", Applications: []Application{
			{Name: "policy-assistant", Data: "personal", Serves: true, Workflows: []Workflow{
				{Name: "policy-questions", Title: "Policy questions", Agents: names("policy-guide billing-guide claims-guide handover-writer"),
					volume: 190, shape: &conversation, rhythm: &consumers, plan: talking, trend: &spreading, yields: &resolvedTicket},
				{Name: "policy-change", Title: "Policy changes", Agents: names("change-agent premium-checker confirmation-writer"),
					volume: 34, shape: &deskAgent, rhythm: &consumers, plan: deskWork, yields: &resolvedTicket},
			}},
			{Name: "site-search", Data: "public", Workflows: []Workflow{
				{Name: "site-answers", Title: "Answers in site search", Agents: names("site-answerer answer-checker"),
					volume: 14, shape: &conversation, rhythm: &consumers, plan: talking, trend: &fading},
				{Name: "feedback-tagging", Title: "Feedback tagging", Agents: names("feedback-tagger mood-reader"),
					volume: 10, shape: &classification, rhythm: &consumers, plan: sorting},
			}},
		}},
		{Name: "contact-centre", Title: "Contact centre", Owner: "Hannah Kessler", CostCentre: "CC-1320", Applications: []Application{
			{Name: "call-notes", Data: "personal", Workflows: []Workflow{
				{Name: "call-transcription", Title: "Call transcription", Agents: names("call-listener"),
					volume: 9, shape: &listening, rhythm: &office, plan: transcribing},
				{Name: "voicemail-transcription", Title: "Voicemail transcription", Agents: names("voicemail-listener"),
					volume: 2, shape: &listening, rhythm: &inbox, plan: voicemail},
				{Name: "call-wrap-up", Title: "Call wrap-up", Agents: names("wrap-up-writer follow-up-planner"),
					volume: 20, shape: &drafting, rhythm: &office, plan: writing, yields: &resolvedTicket},
				{Name: "next-step-prompt", Title: "Next step for the adviser", Agents: names("next-step-adviser"),
					volume: 16, shape: &classification, rhythm: &office, plan: sorting},
			}},
		}},
		{Name: "complaints", Title: "Complaints", Owner: "Graham Petrie", CostCentre: "CC-1330", Applications: []Application{
			{Name: "complaint-desk", Data: "personal", Workflows: []Workflow{
				{Name: "complaint-triage", Title: "Complaint triage", Agents: names("complaint-sorter vulnerability-spotter"),
					volume: 7, shape: &classification, rhythm: &inbox, plan: european, yields: &resolvedTicket},
				{Name: "complaint-response", Title: "Complaint responses", Agents: names("complaint-responder redress-calculator"),
					volume: 5, shape: &drafting, rhythm: &office, plan: european, yields: &usedDraft},
				{Name: "escalated-tickets", Title: "Escalated tickets", Agents: names("ticket-investigator policy-historian redress-proposer"),
					volume: 18, shape: &caseAgent, rhythm: &inbox, plan: deepening, trend: &spreading, yields: &escalatedTicket},
			}},
		}},
		{Name: "knowledge", Title: "Knowledge", Owner: "Mireille Fontaine", CostCentre: "CC-1340", Applications: []Application{
			{Name: "help-library", Data: "public", Workflows: []Workflow{
				{Name: "help-search", Title: "Help search", Agents: names("query-embedder"),
					volume: 46, shape: &embedding, rhythm: &consumers, plan: searching},
				{Name: "article-refresh", Title: "Article refresh", Agents: names("article-reviewer article-rewriter"),
					volume: 5, shape: &nightBatch, rhythm: &nightly, plan: bulk},
			}},
		}},
	}}
}
