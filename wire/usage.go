package wire

import (
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// Flavours lists the vendors' usage forms that Usage reads, by name.
func Flavours() []string {
	var names []string
	for _, f := range flavours() {
		names = append(names, f.name)
	}
	return names
}

// Usage reads a vendor's usage object, or a whole response or last stream
// chunk that holds one, as JSON of at most 1 MiB. The flavour is one of
// Flavours or a common spelling of it ("gemini", "openai"). With any problem
// the usage is zero and must not be booked; problems name fields of the body
// by path, or of Totals where a part is above its total. UsageInconsistent
// says that the vendor's totals contradict its parts, ModalityUnsplit that
// tokens of several modalities were counted together.
func Usage(flavour string, body []byte) (spend.Usage, spend.Flags, []spend.Problem) {
	f, known := find(flavour)
	if !known {
		return spend.Usage{}, 0, []spend.Problem{{Field: "flavour", Msg: "is unknown; want " + strings.Join(Flavours(), ", ")}}
	}
	var r reading
	root := r.open(body)
	if len(r.problems) > 0 {
		return spend.Usage{}, 0, r.problems
	}
	totals := f.totals(root)
	if len(r.problems) > 0 {
		return spend.Usage{}, 0, r.problems
	}
	usage, flags, problems := totals.Disjoint()
	if len(problems) > 0 {
		return spend.Usage{}, 0, problems
	}
	return usage, flags | r.flags, nil
}
