package api

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/bursarhq/bursar/spend"
)

// TokenCSV writes tokens for a spreadsheet, without their secrets.
func TokenCSV(w io.Writer, page *Page[Token]) error {
	head := []string{
		"name", "prefix", "kind", "role", "business_unit", "team", "application", "created", "last_used", "expires", "revoked",
		"workflow", "environment", "models", "endpoints",
	}
	return tableOf(w, head, page.Items, func(t *Token) []string {
		row := append([]string{t.Name, t.Prefix, string(t.Kind), string(t.Role)}, scopeCells(&t.Scope)...)
		return append(row, instantCell(t.Created), t.LastUsed, instantCell(t.Expires), instantCell(t.Revoked),
			t.Bounds.Workflow, t.Bounds.Environment, strings.Join(t.Bounds.Models, " "), strings.Join(t.Bounds.Endpoints, " "))
	})
}

// scopeCells writes how far a token or a role reaches.
func scopeCells(s *spend.Scope) []string { return []string{s.BusinessUnit, s.Team, s.Application} }

// PersonCSV writes people for a spreadsheet, one role a row; who has none has a row too.
func PersonCSV(w io.Writer, page *Page[Person]) error {
	type row struct {
		who  *Person
		role Role
	}
	var rows []row
	for i := range page.Items {
		p := &page.Items[i]
		for _, r := range p.Roles {
			rows = append(rows, row{p, r})
		}
		if len(p.Roles) == 0 {
			rows = append(rows, row{who: p})
		}
	}
	head := []string{"principal", "name", "email", "external_ids", "role", "business_unit", "team", "application", "created", "erased"}
	return tableOf(w, head, rows, func(r *row) []string {
		cells := []string{r.who.Principal, r.who.Name, r.who.Email, strings.Join(r.who.ExternalIDs, " "), string(r.role.Role)}
		return append(append(cells, scopeCells(&r.role.Scope)...), instantCell(r.who.Created), instantCell(r.who.Erased))
	})
}

// writeRoles writes the roles that people have, and what each role may do.
func writeRoles(w io.Writer, t *RoleTable) error {
	var rows [][]string
	for i := range t.Given {
		g := &t.Given[i]
		rows = append(rows, slices.Concat([]string{"given", g.Principal, string(g.Role)}, scopeCells(&g.Scope), []string{"", "", ""}))
	}
	for i := range t.Rights {
		r := &t.Rights[i]
		for _, role := range t.Roles {
			if reach := r.Reach[role]; reach != "" {
				rows = append(rows, []string{"right", "", string(role), "", "", "", string(r.Action), string(reach), strconv.FormatBool(r.Second)})
			}
		}
	}
	head := []string{"part", "principal", "role", "business_unit", "team", "application", "action", "reach", "second"}
	return tableOf(w, head, rows, func(row *[]string) []string { return *row })
}

// QuarantineCSV writes rejected records for a spreadsheet, without what was read of them.
func QuarantineCSV(w io.Writer, page *Page[RejectedRecord]) error {
	head := []string{"source", "file", "record", "kind", "rejected_at", "problems", "whole", "result", "source_key", "digest"}
	return tableOf(w, head, page.Items, func(r *RejectedRecord) []string {
		why := make([]string, len(r.Problems))
		for i, p := range r.Problems {
			why[i] = strings.TrimSpace(p.Field + " " + p.Msg)
		}
		return []string{
			r.Source, r.File, strconv.FormatInt(r.Record, 10), string(r.Kind), instantCell(r.At), strings.Join(why, "; "),
			strconv.FormatBool(r.Whole), string(r.Result), r.SourceKey, r.Digest,
		}
	})
}

// RegisterCSV writes the entries of the register for a spreadsheet.
func RegisterCSV(w io.Writer, found *Registered) error {
	head := []string{"kind", "name", "status", "team", "calls", "cost", "exposure", "currency", "first_seen", "last_seen", "purpose", "names"}
	return tableOf(w, head, found.Items, func(e *RegisteredEntry) []string {
		return []string{
			string(e.Kind), e.Name, string(e.Status), e.Team, strconv.FormatInt(e.Calls, 10), knownCell(e.Cost), e.Exposure.String(), string(found.Currency),
			instantCell(e.FirstSeen), instantCell(e.LastSeen), e.Purpose, strings.Join(e.Names, " "),
		}
	})
}

// DoctorCSV writes what a doctor found for a spreadsheet.
func DoctorCSV(w io.Writer, r *Report) error {
	return tableOf(w, []string{"check", "state", "found", "mend"}, r.Findings, func(f *Finding) []string {
		return []string{f.Name, string(f.State), f.Msg, f.Mend}
	})
}

func writeViews(w io.Writer, list *ViewList) error {
	return tableOf(w, []string{"name", "page", "query", "saved_at"}, list.Items, func(v *View) []string {
		return []string{v.Name, v.Page, v.Query, instantCell(v.Saved)}
	})
}

func writeApplied(w io.Writer, a *Applied) error {
	return tableOf(w, []string{"name", "applied_at", "applied_by", "text"}, a.Documents, func(d *AppliedDocument) []string {
		return []string{d.Name, instantCell(d.At), d.By, d.Text}
	})
}
