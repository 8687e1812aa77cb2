package company

func finance() Unit {
	return Unit{Name: "finance-and-risk", Title: "Finance and risk", Teams: []Team{
		{Name: "finance-operations", Title: "Finance operations", Owner: "Rowan Achterberg", CostCentre: "CC-1510", Applications: []Application{
			{Name: "ledger-desk", Data: "internal", Workflows: []Workflow{
				{Name: "invoice-matching", Title: "Invoice matching", Agents: names("invoice-matcher order-finder dispute-writer"),
					volume: 18, shape: &deskAgent, rhythm: &inbox, plan: deskWork, yields: &matchedInvoice},
				{Name: "expense-audit", Title: "Expense audit", Agents: names("expense-auditor receipt-reader"),
					volume: 7, shape: &classification, rhythm: &inbox, plan: sorting, yields: &matchedInvoice},
				{Name: "payment-chasing", Title: "Payment chasing", Agents: names("payment-chaser"),
					volume: 4, shape: &drafting, rhythm: &office, plan: writing, yields: &usedDraft},
			}},
		}},
		{Name: "reporting", Title: "Group reporting", Owner: "Annika Solberg", CostCentre: "CC-1520", Applications: []Application{
			{Name: "board-room", Data: "internal", Workflows: []Workflow{
				{Name: "board-pack", Title: "Board pack", Agents: names("board-pack-writer figure-checker"),
					volume: 2, shape: &researchAgent, rhythm: &office, plan: researching, yields: &answeredBrief},
				{Name: "management-commentary", Title: "Management commentary", Agents: names("variance-commentator plain-language-editor"),
					volume: 3, shape: &drafting, rhythm: &office, plan: writing, yields: &usedDraft},
			}},
		}},
		{Name: "actuarial", Title: "Actuarial", Owner: "Dermot Kavanagh", CostCentre: "CC-1530", Applications: []Application{
			{Name: "reserving-bench", Data: "internal", Workflows: []Workflow{
				{Name: "reserve-commentary", Title: "Reserve commentary", Agents: names("reserve-commentator triangle-reader"),
					volume: 2, shape: &drafting, rhythm: &office, plan: appraising, yields: &usedDraft},
				{Name: "model-porting", Title: "Porting of spreadsheets", Agents: names("spreadsheet-reader model-porter"),
					volume: 4, shape: &codingAgent, rhythm: &office, plan: coding, yields: &mergedPull},
			}},
		}},
		{Name: "compliance", Title: "Compliance", Owner: "Noor van Dalen", CostCentre: "CC-1540", Applications: []Application{
			{Name: "rulebook", Data: "internal", Workflows: []Workflow{
				{Name: "wording-check", Title: "Policy wording check", Agents: names("wording-checker fair-value-checker"),
					volume: 8, shape: &extraction, rhythm: &office, plan: regulated, yields: &readDocument},
				{Name: "regulatory-watch", Title: "Regulatory watch", Agents: names("rule-watcher impact-assessor"),
					volume: 4, shape: &researchAgent, rhythm: &inbox, plan: researching, yields: &answeredBrief},
				{Name: "sanctions-screening", Title: "Sanctions screening", Agents: names("name-screener alias-resolver"),
					volume: 16, shape: &classification, rhythm: &inbox, plan: sorting, yields: &closedAlert},
			}},
		}},
		{Name: "procurement", Title: "Procurement", Owner: "Stefan Oberholzer", CostCentre: "CC-1550", Applications: []Application{
			{Name: "supplier-desk", Data: "internal", Workflows: []Workflow{
				{Name: "contract-review", Title: "Contract review", Agents: names("contract-reader renewal-flagger obligation-lister"),
					volume: 5, shape: &extraction, rhythm: &office, plan: regulated, yields: &readDocument},
				{Name: "supplier-questionnaire", Title: "Supplier questionnaires", Agents: names("questionnaire-answerer"),
					volume: 3, shape: &drafting, rhythm: &office, plan: writing, yields: &usedDraft},
			}},
		}},
	}}
}
