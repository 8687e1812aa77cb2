package ingest

import "github.com/bursarhq/bursar/spend"

// foreign finds a record whose credential may not speak of the attempts that its
// keys name. The vendor's id of a response is no secret, so knowing it gives no
// right to change what another application's call cost, or whose it was.
func foreign(r *Record, attempts []*attempt) []spend.Problem {
	if !r.Bound {
		return nil
	}
	for _, a := range attempts {
		for _, s := range a.scopes() {
			if apart(&r.Event.Scope, s) {
				return []spend.Problem{{Field: "response", Msg: "belongs to a call of another application, to which this credential cannot add; " +
					"send the id that the vendor gave to this very call, or send it with that application's credential"}}
			}
		}
	}
	return nil
}

// scopes are those of the attempt's line, else those that its sightings claim.
func (a *attempt) scopes() []*spend.Scope {
	if a.line != nil {
		return []*spend.Scope{&a.line.Scope}
	}
	var all []*spend.Scope
	for i := range a.sightings {
		all = append(all, &a.sightings[i].Event.Scope)
	}
	return all
}

// apart says that two scopes cannot be one's own: the narrowest level that both
// name has two names.
//
// Example: application "triage" of team "claims" and application "triage" of a
// team without a name are not apart; "triage" and "refunds" are.
func apart(a, b *spend.Scope) bool {
	for _, level := range [][2]string{{a.Application, b.Application}, {a.Team, b.Team}, {a.BusinessUnit, b.BusinessUnit}} {
		if level[0] != "" && level[1] != "" {
			return level[0] != level[1]
		}
	}
	return false
}
