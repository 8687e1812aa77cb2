package protocol

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/wire"
)

// Share is one sampling among several that made a message. Where it is not in the
// usage of the message it is a charge of its own.
type Share struct {
	Kind  string // message, fallback_message, compaction or advisor_message
	Model string // that consumed it
	Usage spend.Usage
}

// settleShares reads the iterations of a message. Its usage holds those of the
// model that served, and none of the rest:
//
//	compaction         a summary on the way, by the model that served
//	advisor_message    advice, by the advisor's model
//	message            before a fallback_message: of a model that declined
//
// Whether the usage holds those of models that declined is told by the sum. Where
// neither sum is the usage, and where a kind is unknown, the usage stays as the
// vendor told it, flagged as inconsistent.
func (a *Answer) settleShares() {
	all := &a.facts
	iterations, problems := a.iterations()
	if len(problems) > 0 {
		all.Usage, all.Problems = spend.Usage{}, problems
		return
	}
	var declined []Share
	fallback := served(iterations)
	latest(&all.Model, fallback)
	for _, i := range iterations {
		switch i.Kind {
		case "compaction", "advisor_message":
			all.Beside = append(all.Beside, i)
		case "message", "fallback_message":
			if fallback != "" && i.Model != fallback {
				declined = append(declined, i)
			}
		default:
			all.Flags |= spend.UsageInconsistent
		}
	}
	a.settleDeclined(declined, iterations)
}

// served is the model of the fallback that answered, nothing when none did.
func served(iterations []Share) string {
	for _, i := range iterations {
		if i.Kind == "fallback_message" {
			return i.Model
		}
	}
	return ""
}

// settleDeclined books what models consumed that declined beside the usage of the
// one that served, which the sum may have to be freed of them for.
//
//	usage 61 in, 11 out; declined 31 and 2; served 30 and 9    usage 30 and 9, beside 31 and 2
//	usage 30 in, 9 out; declined 31 and 2; served 30 and 9     the same
func (a *Answer) settleDeclined(declined, iterations []Share) {
	all := &a.facts
	if len(declined) == 0 {
		return
	}
	var one, both spend.Usage
	for _, i := range iterations {
		if i.Kind != "message" && i.Kind != "fallback_message" {
			continue
		}
		add(&both, &i.Usage)
		if i.Model == all.Model {
			add(&one, &i.Usage)
		}
	}
	switch totals(&all.Usage) {
	case totals(&one):
	case totals(&both):
		all.Usage.Tokens = one.Tokens
	default:
		all.Flags |= spend.UsageInconsistent
		return
	}
	all.Beside = append(all.Beside, declined...)
}

// iterations are those of the usage, each read as a usage of its own.
func (a *Answer) iterations() (all []Share, problems []spend.Problem) {
	var said struct {
		Iterations []json.RawMessage `json:"iterations"`
	}
	if err := json.Unmarshal(a.usage.raw, &said); err != nil {
		return nil, []spend.Problem{{Field: "usage.iterations", Msg: "is not a list"}}
	}
	for n, raw := range said.Iterations {
		at := fmt.Sprintf("usage.iterations[%d]", n)
		var names struct{ Type, Model string }
		if json.Unmarshal(raw, &names) != nil {
			problems = append(problems, spend.Problem{Field: at, Msg: "is not an object with a type"})
			continue
		}
		usage, _, found := wire.Usage(a.head.Flavour, raw)
		for _, p := range found {
			problems = append(problems, spend.Problem{Field: at + "." + p.Field, Msg: p.Msg})
		}
		model := cmp.Or(label([]byte(names.Model)), a.facts.Model)
		all = append(all, Share{label([]byte(names.Type)), model, usage})
	}
	return all, problems
}

// add sums tokens; an iteration has nothing else.
func add(to, u *spend.Usage) {
	for m := range to.Tokens {
		to.Tokens[m] += u.Tokens[m]
	}
}

// totals are the prompt and the completion.
func totals(u *spend.Usage) [2]int64 { return [2]int64{u.PromptTokens(), u.CompletionTokens()} }
