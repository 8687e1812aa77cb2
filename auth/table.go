package auth

// reach says how far a role's right to an action goes.
type reach uint8

const (
	no  reach = iota // not at all
	own              // within the scope of the grant
	all              // anywhere
)

// row is an action with the reach of each role, in the order of Roles.
type row struct {
	action Action
	reach  [7]reach
	second bool // the one who decides must not be the one who prepared
}

// table is the whole policy: an array, which a question reads without making room for it.
func table() [33]row {
	return [...]row{
		//                admin finance lead viewer ingest gateway outcomes
		{SpendRead, [7]reach{all, all, own, own, no, no, no}, false},
		{PersonRead, [7]reach{no, no, own, no, no, no, no}, false},
		{PriceRead, [7]reach{all, all, all, all, no, no, no}, false},
		{BudgetRead, [7]reach{all, all, own, own, no, no, no}, false},
		{ContractRead, [7]reach{all, all, no, no, no, no, no}, false},
		{StatementRead, [7]reach{all, all, own, own, no, no, no}, false},
		{AuditRead, [7]reach{all, all, no, no, no, no, no}, false},

		{PriceChange, [7]reach{all, all, no, no, no, no, no}, false},
		{BudgetChange, [7]reach{all, all, own, no, no, no, no}, false},
		{OutcomeDefine, [7]reach{all, no, own, no, no, no, no}, false},
		{AgentStop, [7]reach{all, no, own, no, no, no, no}, false},
		{PlanWrite, [7]reach{all, all, own, no, no, no, no}, false},
		{ContractChange, [7]reach{all, all, no, no, no, no, no}, false},
		{RateChange, [7]reach{all, all, no, no, no, no, no}, false},
		{PeriodClose, [7]reach{no, all, no, no, no, no, no}, false},
		{PolicyApply, [7]reach{all, no, no, no, no, no, no}, false},
		{PastRestate, [7]reach{all, all, no, no, no, no, no}, false},
		{RegisterChange, [7]reach{all, all, own, no, no, no, no}, false},

		{PlanApprove, [7]reach{all, all, own, no, no, no, no}, true},
		{CapOverride, [7]reach{all, all, no, no, no, no, no}, true},

		{TokenManage, [7]reach{all, no, no, no, no, no, no}, false},
		{PersonManage, [7]reach{all, no, no, no, no, no, no}, false},
		{PersonErase, [7]reach{all, no, no, no, no, no, no}, false},
		{OrganisationChange, [7]reach{all, all, no, no, no, no, no}, false},
		{SettingChange, [7]reach{all, no, no, no, no, no, no}, false},
		{BackupMake, [7]reach{all, no, no, no, no, no, no}, false},
		{UpstreamKeyManage, [7]reach{all, no, no, no, no, no, no}, false},
		{SessionOpen, [7]reach{all, all, all, all, no, no, no}, false},

		{GatewayCall, [7]reach{no, no, no, no, no, own, no}, false},
		{TelemetryWrite, [7]reach{no, no, no, no, own, no, no}, false},
		{EventWrite, [7]reach{no, no, no, no, own, no, no}, false},
		{ImportWrite, [7]reach{all, all, no, no, own, no, no}, false},
		{OutcomeWrite, [7]reach{no, no, no, no, no, no, own}, false},
	}
}

// Actions lists every action that the table knows, in its order.
func Actions() []Action {
	var actions []Action
	for _, r := range table() {
		actions = append(actions, r.action)
	}
	return actions
}
