package auth

// Action is one thing that a person or a token may want to do, "noun.verb".
// Every action has a row in table.go; the tests find one without.
type Action string

// What people read.
const (
	SpendRead     Action = "spend.read"     // totals, lines, forecasts, anomalies of a scope
	PersonRead    Action = "person.read"    // figures of single persons
	PriceRead     Action = "price.read"     // the price book
	BudgetRead    Action = "budget.read"    // budgets and what is left of them
	ContractRead  Action = "contract.read"  // vendor terms and bills
	StatementRead Action = "statement.read" // chargeback of closed periods
	AuditRead     Action = "audit.read"     // the audit trail
)

// What people change.
const (
	PriceChange    Action = "price.change"    // import or roll back prices
	BudgetChange   Action = "budget.change"   // budgets and caps of a scope
	OutcomeDefine  Action = "outcome.define"  // what counts as an outcome
	AgentStop      Action = "agent.stop"      // stop an agent or a run
	PlanWrite      Action = "plan.write"      // propose a feature's demand
	ContractChange Action = "contract.change" // vendor terms, bills, disputes
	RateChange     Action = "rate.change"     // exchange rates
	PeriodClose    Action = "period.close"    // close a period
	PolicyApply    Action = "policy.apply"    // apply declarative files
	PastRestate    Action = "past.restate"    // attribute anew what is booked
	RegisterChange Action = "register.change" // claim, rename, merge and retire what is registered
)

// What a second person decides.
const (
	PlanApprove Action = "plan.approve" // let a proposed feature pass its gate
	CapOverride Action = "cap.override" // cap a workflow without outcome evidence
)

// What keeps the installation.
const (
	TokenManage        Action = "token.manage"        // issue and revoke tokens
	PersonManage       Action = "person.manage"       // people and their roles
	PersonErase        Action = "person.erase"        // forget who a principal was
	OrganisationChange Action = "organisation.change" // units and who stands under whom
	SettingChange      Action = "setting.change"      // zone, fiscal year, reporting currency
	BackupMake         Action = "backup.make"         // take a backup
	UpstreamKeyManage  Action = "upstream_key.manage" // seal and remove the keys of vendors
	SessionOpen        Action = "session.open"        // exchange the token of a person for a session
)

// What machines do.
const (
	GatewayCall    Action = "gateway.call"    // call a model
	TelemetryWrite Action = "telemetry.write" // send spans, metrics, logs
	EventWrite     Action = "event.write"     // send usage events
	ImportWrite    Action = "import.write"    // import files of usage and bills
	OutcomeWrite   Action = "outcome.write"   // claim outcomes
)
