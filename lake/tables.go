package lake

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bursarhq/bursar/spend"
)

// Sightings is the table of what each source said about each attempt.
func Sightings() Table[Sighting] {
	return Table[Sighting]{Name: "sightings", Columns: []Column[Sighting]{
		ident("attempt_id", Attribute, func(s *Sighting) *spend.ID { return &s.Attempt }),
		text("source", Attribute, func(s *Sighting) *string { return &s.Source }),
		text("source_key", Attribute, func(s *Sighting) *string { return &s.SourceKey }),
		small("rank", Attribute, func(s *Sighting) *spend.Rank { return &s.Rank }),
		whole("revision", Attribute, func(s *Sighting) *int64 { return &s.Revision }),
		moment("booked_at", Attribute, func(s *Sighting) *time.Time { return &s.BookedAt }),
		ident("content_id", Attribute, func(s *Sighting) *spend.ID { return &s.ContentID }),
		asJSON("event", func(s *Sighting) *spend.Event { return &s.Event }),
	}}
}

// Keys is the table of the other keys of an attempt.
func Keys() Table[KeyLink] {
	return Table[KeyLink]{Name: "attempt_keys", Columns: []Column[KeyLink]{
		ident("key", Attribute, func(k *KeyLink) *spend.ID { return &k.Key }),
		ident("attempt", Attribute, func(k *KeyLink) *spend.ID { return &k.Attempt }),
	}}
}

// Offsets is the table of how far each file of each source has been read.
func Offsets() Table[Offset] {
	return Table[Offset]{Name: "offsets", Columns: []Column[Offset]{
		text("source", Attribute, func(o *Offset) *string { return &o.Source }),
		text("file", Attribute, func(o *Offset) *string { return &o.File }),
		whole("bytes", Attribute, func(o *Offset) *int64 { return &o.Bytes }),
		whole("records", Attribute, func(o *Offset) *int64 { return &o.Records }),
		{Name: "prefix", Type: Text,
			Get: func(o *Offset, v *Value) error { v.Text = hex.EncodeToString(o.Prefix[:]); return nil },
			Set: func(o *Offset, v *Value) error { return readPrefix(o, v.Text) }},
		flag("done", Attribute, func(o *Offset) *bool { return &o.Done }),
		moment("updated_at", Attribute, func(o *Offset) *time.Time { return &o.UpdatedAt }),
	}}
}

func readPrefix(o *Offset, digits string) error {
	if n, err := hex.Decode(o.Prefix[:], []byte(digits)); err != nil || n != len(o.Prefix) {
		return fmt.Errorf("offset of %s: prefix %.80q is not a SHA-256 in hexadecimal", o.Source, digits)
	}
	return nil
}

func asJSON[T, F any](name string, field func(*T) *F) Column[T] {
	return Column[T]{Name: name, Type: Text, JSON: true,
		Get: func(r *T, v *Value) error {
			text, err := json.Marshal(field(r))
			v.Text = string(text)
			return err
		},
		Set: func(r *T, v *Value) error { return json.Unmarshal([]byte(v.Text), field(r)) }}
}
