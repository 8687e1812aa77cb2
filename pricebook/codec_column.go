package pricebook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/money"
	"github.com/bursarhq/bursar/spend"
)

func factColumns() []column[Fact] {
	return []column[Fact]{
		text("id", func(f *Fact) *string { return &f.ID }),
		text("seller", func(f *Fact) *string { return &f.Seller }),
		text("sku", func(f *Fact) *string { return &f.SKU }),
		text("model", func(f *Fact) *string { return &f.Model }),
		{"meter",
			func(f *Fact, s string) (err error) { f.Meter, err = spend.ParseMeter(s); return err },
			func(f *Fact) string { return f.Meter.String() }},
		{"price",
			func(f *Fact, s string) (err error) { f.Price, err = money.Parse(s); return err },
			func(f *Fact) string { return f.Price.String() }},
		{"per",
			func(f *Fact, s string) error { return f.readPer(s) },
			func(f *Fact) string { return strconv.FormatInt(f.Per, 10) }},
		text("currency", func(f *Fact) *money.Currency { return &f.Currency }),
		list("service_tier", func(f *Fact) *[]string { return &f.When.ServiceTiers }),
		list("region", func(f *Fact) *[]string { return &f.When.Regions }),
		{"prompt_tokens",
			func(f *Fact, s string) error { return f.When.readContextTier(s) },
			func(f *Fact) string { return f.When.ContextTier() }},
		{"window",
			func(f *Fact, s string) (err error) { f.When.Window, err = ParseWindow(s); return err },
			func(f *Fact) string { return f.When.Window.String() }},
		text("image_size", func(f *Fact) *string { return &f.When.ImageSize }),
		text("image_quality", func(f *Fact) *string { return &f.When.ImageQuality }),
		instant("valid_from", func(f *Fact) *time.Time { return &f.Valid.From }),
		instant("valid_to", func(f *Fact) *time.Time { return &f.Valid.To }),
		instant("known_from", func(f *Fact) *time.Time { return &f.Known.From }),
		instant("known_to", func(f *Fact) *time.Time { return &f.Known.To }),
		instant("promo_until", func(f *Fact) *time.Time { return &f.PromoUntilAtLeast }),
		word("layer", func(f *Fact) *Layer { return &f.Layer }, layers()),
		word("basis", func(f *Fact) *Basis { return &f.Basis }, bases()),
		text("source", func(f *Fact) *string { return &f.Source.Ref }),
		instant("checked", func(f *Fact) *time.Time { return &f.Source.Checked }),
		word("confidence", func(f *Fact) *Confidence { return &f.Confidence }, confidences()),
		{"free",
			func(f *Fact, s string) (err error) { f.Free, err = strconv.ParseBool(s); return err },
			func(f *Fact) string { return truth(f.Free) }},
		text("note", func(f *Fact) *string { return &f.Note }),
	}
}

func aliasColumns() []column[Alias] {
	return []column[Alias]{
		text("seller", func(a *Alias) *string { return &a.Seller }),
		text("match", func(a *Alias) *string { return &a.Match }),
		{"kind",
			func(_ *Alias, s string) error { return oneOf(s, []string{"exact"}) },
			func(*Alias) string { return "exact" }},
		text("sku", func(a *Alias) *string { return &a.SKU }),
		text("region", func(a *Alias) *string { return &a.Region }),
		instant("valid_from", func(a *Alias) *time.Time { return &a.Valid.From }),
		instant("valid_to", func(a *Alias) *time.Time { return &a.Valid.To }),
		text("note", func(a *Alias) *string { return &a.Note }),
	}
}

func bases() []Basis { return []Basis{VendorPage, VendorNotice, Invoice, Tracker, Derived} }

func confidences() []Confidence { return []Confidence{High, Medium, Low} }

func text[T any, S ~string](name string, field func(*T) *S) column[T] {
	return column[T]{name,
		func(row *T, s string) error { *field(row) = S(s); return nil },
		func(row *T) string { return string(*field(row)) }}
}

func word[T any, S ~string](name string, field func(*T) *S, vocabulary []S) column[T] {
	c := text(name, field)
	c.read = func(row *T, s string) error { *field(row) = S(s); return oneOf(S(s), vocabulary) }
	return c
}

func list[T any](name string, field func(*T) *[]string) column[T] {
	return column[T]{name,
		func(row *T, s string) error { *field(row) = strings.Split(s, "|"); return nil },
		func(row *T) string { return strings.Join(*field(row), "|") }}
}

func instant[T any](name string, field func(*T) *time.Time) column[T] {
	return column[T]{name,
		func(row *T, s string) (err error) { *field(row), err = parseTime(s); return err },
		func(row *T) string { return formatTime(*field(row)) }}
}

func oneOf[S ~string](s S, vocabulary []S) error {
	if slices.Contains(vocabulary, s) {
		return nil
	}
	all := make([]string, len(vocabulary))
	for i, v := range vocabulary {
		all[i] = string(v)
	}
	return fmt.Errorf("%.40q: want %s", string(s), strings.Join(all, ", "))
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func (w *When) readContextTier(s string) error {
	bound, ok := strings.CutPrefix(s, ">")
	bound, inclusive := strings.CutPrefix(bound, "=")
	n, err := strconv.ParseInt(bound, 10, 64)
	if !ok || err != nil || n < 1 || n > 1<<53 {
		return fmt.Errorf("%.40q: want a bound like >200000 or >=200000", s)
	}
	w.PromptAbove, w.Inclusive = n, inclusive
	return nil
}

func (f *Fact) readPer(s string) (err error) {
	if f.Per, err = strconv.ParseInt(s, 10, 64); err != nil {
		return fmt.Errorf("%.40q: want a whole number", s)
	}
	return checkPer(f.Per)
}

// parseTime reads a date, which is midnight UTC, or RFC 3339.
func parseTime(s string) (time.Time, error) {
	layout := time.RFC3339
	if len(s) == len(time.DateOnly) {
		layout = time.DateOnly
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%.40q: want a date like 2026-09-01 or an instant like 2026-08-16T16:00:00Z", s)
	}
	return t.UTC(), nil
}

func formatTime(t time.Time) string {
	t = t.UTC()
	switch {
	case t.IsZero():
		return ""
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339Nano)
}
