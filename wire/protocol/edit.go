package protocol

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/bursarhq/bursar/spend"
)

// place is where a value stands in the body; one that is missing ends at 0.
type place struct{ start, end int }

func (p place) found() bool { return p.end > 0 }

// places are those that an edit needs.
type places struct {
	whole       bool // the body is one JSON object and nothing else
	model       place
	stream      place
	options     place
	optionsKind byte
	askUsage    place
}

// Change is what is to be edited in a request.
type Change struct {
	AskUsage bool   // a stream tells its usage, where the client did not ask for it
	Model    string // another model, "" for the one that was asked for
}

// Body is a body in pieces, so that a long one is edited without a copy of it.
type Body [][]byte

// Len is the number of bytes.
func (b Body) Len() (n int) {
	for _, piece := range b {
		n += len(piece)
	}
	return n
}

// Bytes joins the pieces.
func (b Body) Bytes() []byte { return slices.Concat(b...) }

// Edited is a body that was edited in place.
type Edited struct {
	Body       Body
	UsageAdded bool // usage was asked for on the client's behalf: tell Head
}

// splice puts other bytes into one place.
type splice struct {
	at  place
	new []byte
}

// Edit changes a body in place: what is changed is replaced or put in, and every
// other byte stays as it is. The body is the one that Read read; a stream that
// tells its usage anyway, and an operation that has no such option, is left
// alone. On an error the pieces are the body as it came.
//
//	{"model":"a","stream":true,"n":1}
//	{"model":"b","stream":true,"stream_options":{"include_usage":true},"n":1}
func (r *Request) Edit(body []byte, c Change) (Edited, error) {
	untouched := Edited{Body: Body{body}}
	asks := c.AskUsage && r.Metered() && r.Operation.streamsUsage() && r.Stream && !r.AsksUsage
	if !asks && c.Model == "" {
		return untouched, nil
	}
	if err := r.editable(); err != nil {
		return untouched, err
	}
	var all []splice
	if asks {
		s, err := r.askUsage(body)
		if err != nil {
			return untouched, err
		}
		all = append(all, s)
	}
	if c.Model != "" {
		s, err := r.otherModel(c.Model)
		if err != nil {
			return untouched, err
		}
		all = append(all, s)
	}
	return Edited{Body: spliced(body, all), UsageAdded: asks}, nil
}

const editing = "edit the request"

// editable says why the body must stay as it is: what cannot be read for certain
// is not edited.
func (r *Request) editable() error {
	for _, p := range r.Unread {
		switch p.Field {
		case "body", "stream", "stream_options", "stream_options.include_usage":
			return doubtful(p)
		}
	}
	if !r.places.whole {
		return spend.Errorf(spend.KindInvalid, editing, "the body of %s has not been read", r.Operation)
	}
	return nil
}

func doubtful(p spend.Problem) error {
	return spend.Errorf(spend.KindInvalid, editing, "%s", p).
		WithHint("send one JSON object that has each field once; this request is passed on as it came")
}

// askUsage sets stream_options.include_usage.
func (r *Request) askUsage(body []byte) (splice, error) {
	const member, object = `"include_usage":true`, `{"include_usage":true}`
	at := r.places.options
	switch {
	case !at.found():
		after := r.places.stream.end
		return splice{place{after, after}, []byte(`,"stream_options":` + object)}, nil
	case r.places.optionsKind == 'n':
		return splice{at, []byte(object)}, nil
	case r.places.optionsKind != '{':
		return splice{}, spend.Errorf(spend.KindInvalid, editing, "stream_options is no object").
			WithHint("send stream_options as an object, or leave it out")
	case r.places.askUsage.found():
		return splice{r.places.askUsage, []byte("true")}, nil
	}
	inside := at.start + 1
	if empty(body[inside : at.end-1]) {
		return splice{place{inside, inside}, []byte(member)}, nil
	}
	return splice{place{inside, inside}, []byte(member + ",")}, nil
}

func empty(inside []byte) bool {
	return !slices.ContainsFunc(inside, func(c byte) bool { return c > ' ' })
}

// otherModel replaces the value of model.
func (r *Request) otherModel(name string) (splice, error) {
	if !r.places.model.found() {
		return splice{}, spend.Errorf(spend.KindInvalid, editing, "its model does not stand in the body").
			WithHint("name a fallback only where the model is a field of the request")
	}
	if i := slices.IndexFunc(r.Unread, func(p spend.Problem) bool { return p.Field == "model" }); i >= 0 {
		return splice{}, doubtful(r.Unread[i])
	}
	quoted, err := json.Marshal(name)
	if err != nil {
		return splice{}, spend.Errorf(spend.KindInternal, editing, "write the model's name: %w", err)
	}
	return splice{r.places.model, quoted}, nil
}

// spliced puts the splices into the body, in the order of their places.
func spliced(body []byte, all []splice) Body {
	slices.SortFunc(all, func(a, b splice) int { return cmp.Compare(a.at.start, b.at.start) })
	var out Body
	done := 0
	for _, s := range all {
		out = append(out, body[done:s.at.start], s.new)
		done = s.at.end
	}
	return append(out, body[done:])
}
