package budget

import (
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/money"
)

// list is a text, or several.
type list []string

// UnmarshalYAML reads a text as a list of one.
func (l *list) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = list{n.Value}
		return nil
	}
	return n.Decode((*[]string)(l))
}

func selector(w map[string]list) Selector {
	if len(w) == 0 {
		return nil
	}
	s := Selector{}
	for name, wants := range w {
		s[name] = wants
	}
	return s
}

func number(text, at string, found *document.Problems) money.Amount {
	if text == "" {
		return money.Amount{}
	}
	a, err := money.Parse(text)
	found.Add(err != nil, at, "%.40q must be a decimal number with at most 12 decimals", text)
	return a
}

func alerts(texts []string, at string, found *document.Problems) (all []Alert) {
	for _, text := range texts {
		percent, forecast := strings.CutPrefix(text, "forecast ")
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(percent), "%"))
		found.Add(err != nil, at, "%.40q must be a percentage such as 80, or forecast 100", text)
		if err == nil {
			all = append(all, Alert{n, forecast})
		}
	}
	return all
}

// duration reads "7d", "24h" or a word, 0 for what is none.
func duration(s string) time.Duration {
	for i, word := range []string{"second", "minute", "hour", "day"} {
		if s == word {
			return [...]time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour}[i]
		}
	}
	if days, isDays := strings.CutSuffix(s, "d"); isDays {
		n, _ := strconv.ParseUint(days, 10, 9)
		return time.Duration(n) * 24 * time.Hour
	}
	length, _ := time.ParseDuration(s)
	return length
}
