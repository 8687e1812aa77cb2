package pricebook

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
	"strconv"
	"time"
)

// ContentID gives the id of a fact: "pf_" and 16 hexadecimal digits of the
// digest of what it says. Evidence, notes and the end of Known are left out, so
// that closing or re-checking a fact keeps its id.
func (f *Fact) ContentID() string {
	var room [512]byte
	sum := sha256.Sum256(f.appendContent(room[:0]))
	return "pf_" + hex.EncodeToString(sum[:8])
}

func (f *Fact) appendContent(b []byte) []byte {
	b = appendText(b, f.Seller, f.SKU, f.Meter.String(), string(f.Currency), string(f.layer()))
	b, _ = f.Price.AppendText(b)
	b = appendInts(b, f.Per, f.When.floor())
	b = appendText(b, f.When.ServiceTiers...)
	b = appendText(append(b, 0), f.When.Regions...)
	b = appendText(append(b, 0), f.When.Window.String(), f.When.ImageSize, f.When.ImageQuality)
	return appendTimes(b, f.Valid.From, f.Valid.To, f.Known.From, f.PromoUntilAtLeast)
}

func appendText(b []byte, all ...string) []byte {
	for _, s := range all {
		b = append(append(b, s...), 0)
	}
	return b
}

func appendInts(b []byte, all ...int64) []byte {
	for _, n := range all {
		b = append(strconv.AppendInt(append(b, 0), n, 10), 0)
	}
	return b
}

func appendTimes(b []byte, all ...time.Time) []byte {
	for _, t := range all {
		if !t.IsZero() {
			b = strconv.AppendInt(b, t.UnixMicro(), 10)
		}
		b = append(b, 0)
	}
	return b
}

// digest hashes everything that decides a price or a remark, in canonical order.
// What a book prices is its identity, so the end of Known is left out:
// compiling the past again gives the hash that it had.
func digest(facts []rate, aliases []Alias, overlays []Overlay) string {
	sum := sha256.New()
	var room [1024]byte
	for i := range facts {
		f := facts[i].fact()
		b := f.appendContent(appendText(room[:0], f.ID))
		b = appendText(b, f.Model, string(f.Confidence), strconv.FormatBool(f.Free))
		sum.Write(append(b, '\n'))
	}
	digestAliases(sum, aliases)
	digestOverlays(sum, overlays)
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

func sortedAliases(aliases []Alias) []Alias {
	aliases = slices.Clone(aliases)
	slices.SortFunc(aliases, func(a, b Alias) int {
		return cmp.Or(cmp.Compare(a.Seller, b.Seller), cmp.Compare(a.Match, b.Match),
			a.Valid.From.Compare(b.Valid.From), cmp.Compare(a.SKU, b.SKU))
	})
	return aliases
}

func sortedOverlays(overlays []Overlay) []Overlay {
	overlays = slices.Clone(overlays)
	slices.SortFunc(overlays, func(a, b Overlay) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), a.Valid.From.Compare(b.Valid.From))
	})
	return overlays
}

func digestAliases(sum hash.Hash, aliases []Alias) {
	for _, a := range aliases {
		b := appendText([]byte("alias\x00"), a.Seller, a.Match, a.SKU, a.Region)
		sum.Write(append(appendTimes(b, a.Valid.From, a.Valid.To), '\n'))
	}
}

func digestOverlays(sum hash.Hash, overlays []Overlay) {
	for _, o := range overlays {
		b := appendText([]byte("overlay\x00"), o.ID, o.Seller, o.Account, o.SKUGlob, o.MeterGlob,
			string(o.Op), o.Value.String(), string(o.Base))
		b = appendInts(b, o.Per, int64(o.Precedence))
		sum.Write(append(appendTimes(b, o.Valid.From, o.Valid.To), '\n'))
	}
}
