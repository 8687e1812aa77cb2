package telemetry

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode"

	commonv1 "go.opentelemetry.io/proto/slim/otlp/common/v1"
)

// value is what an attribute holds, as far as anything of it is read.
type value struct {
	kind   kind
	text   string
	whole  int64
	number float64
}

type kind uint8

const (
	absent kind = iota
	text
	whole
	number
	odd // a list, an object, a truth
)

const (
	maxWord   = 256                   // bytes of a name or an identity
	maxObject = 4 << 10               // bytes of a JSON object of counts
	maxCount  = 1_000_000_000_000_000 // tokens
)

func valueOf(v *commonv1.AnyValue) value {
	switch v := v.GetValue().(type) {
	case nil:
		return value{}
	case *commonv1.AnyValue_StringValue:
		return value{kind: text, text: v.StringValue}
	case *commonv1.AnyValue_IntValue:
		return value{kind: whole, whole: v.IntValue}
	case *commonv1.AnyValue_DoubleValue:
		return numberOf(v.DoubleValue)
	}
	return value{kind: odd}
}

func numberOf(f float64) value {
	if f == math.Trunc(f) && math.Abs(f) <= 1<<53 {
		return value{kind: whole, whole: int64(f), number: f}
	}
	return value{kind: number, number: f}
}

// word gives a name or an identity, "" for anything that could be a text of a call.
func (v *value) word() string {
	switch v.kind {
	case whole:
		return strconv.FormatInt(v.whole, 10)
	case text:
		s := strings.TrimSpace(v.text)
		if len(s) < len(v.text) && len(s) <= maxWord {
			s = strings.Clone(s) // what is remembered of it holds none of the spaces around
		}
		if len(s) <= maxWord && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return s
		}
	}
	return ""
}

// id gives an identity, which has no spaces.
func (v *value) id() string {
	s := v.word()
	if strings.ContainsRune(s, ' ') {
		return ""
	}
	return s
}

// count gives a number of tokens, and false when it is none.
func (v *value) count() (int64, bool) {
	n, good := v.whole, v.kind == whole
	if v.kind == text {
		var err error
		n, err = strconv.ParseInt(strings.TrimSpace(v.text), 10, 64)
		good = err == nil
	}
	return n, good && n >= 0 && n <= maxCount
}

// amount gives a decimal in text, "" when it is none.
func (v *value) amount() string {
	switch v.kind {
	case whole:
		return strconv.FormatInt(v.whole, 10)
	case number:
		return strconv.FormatFloat(v.number, 'f', -1, 64)
	case text:
		return strings.TrimSpace(v.text)
	}
	return ""
}

// members reads a JSON object of counts; what is no number in it is passed over.
func (v *value) members(f func(name string, v value)) {
	if v.kind != text || len(v.text) > maxObject {
		return
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(v.text)))
	decoder.UseNumber()
	var all map[string]any
	if decoder.Decode(&all) != nil {
		return
	}
	for name, held := range all {
		if n, good := held.(json.Number); good {
			f(name, value{kind: text, text: n.String()})
		}
	}
}

// memberOf gives a text that is a member of a JSON object itself, and no part of one
// within; "" when there is none. It stops there, or after so many bytes.
func memberOf(object, name string) string {
	const most = 256 << 10
	decoder := json.NewDecoder(strings.NewReader(object[:min(len(object), most)]))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return ""
	}
	for depth := 0; ; {
		key, err := decoder.Token()
		if err != nil {
			return ""
		}
		switch delim, _ := key.(json.Delim); {
		case delim == '{' || delim == '[':
			depth++
		case delim != 0 && depth == 0:
			return ""
		case delim != 0:
			depth--
		case depth > 0:
		case key == name:
			v, _ := decoder.Token()
			id, _ := v.(string)
			return answerID(id)
		default:
			if v, err := decoder.Token(); err != nil {
				return ""
			} else if v == json.Delim('{') || v == json.Delim('[') {
				depth++
			}
		}
	}
}

// answerID gives an id of an answer in the form of the vendors, "" for anything that an
// answer could hold itself.
func answerID(s string) string {
	for _, begin := range []string{"chatcmpl-", "cmpl-", "resp_", "msg_", "gen-"} {
		if strings.HasPrefix(s, begin) && len(s) <= 128 && !strings.ContainsFunc(s, func(r rune) bool { return r > 'z' || r != '-' && r != '_' && r < '0' }) {
			return s
		}
	}
	return ""
}
