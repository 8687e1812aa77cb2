package statetest

import (
	"context"
	"time"

	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
	"github.com/bursarhq/bursar/state"
)

// issue keeps a token as the program itself.
func (r *room) issue(request auth.TokenRequest) (auth.Secret, state.Token) {
	r.Helper()
	secret, token, err := auth.NewToken(request, r.now.Truncate(time.Microsecond))
	r.must(err)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error { return auth.KeepToken(ctx, tx, auth.System(), token) }))
	return secret, token
}

// admit asks the database, and what the store remembers, which must agree after every
// write.
func (r *room) admit(secret auth.Secret) (a auth.Admission) {
	r.Helper()
	var remembered auth.Admission
	for range 2 { // the second time nothing is asked
		var err error
		remembered, err = auth.Authenticate(r.Context(), r.store.Known(), secret)
		r.must(err)
	}
	defer func() { r.same("remembered", a, remembered) }()
	r.must(r.read(func(ctx context.Context, tx *state.Tx) (err error) {
		a, err = auth.Authenticate(ctx, tx, secret)
		return err
	}))
	return a
}

// rotated gives a token a successor that is bound alike, beside which it goes on.
func rotated(r *room) {
	bounds := auth.Bounds{Workflow: "refunds", Models: []string{"gpt-5*"}, Endpoints: []string{"chat"}}
	old, token := r.issue(auth.TokenRequest{Kind: auth.GatewayToken, Name: "refunds", Bounds: bounds})
	var secret auth.Secret
	r.must(r.write(func(ctx context.Context, tx *state.Tx) (err error) {
		secret, _, err = auth.RotateToken(ctx, tx, auth.System(), auth.Rotation{Prefix: token.Prefix, Overlap: time.Hour})
		return err
	}))
	r.same("bounds of both", []auth.Bounds{bounds, bounds}, []auth.Bounds{r.admit(old).Identity.Bounds, r.admit(secret).Identity.Bounds})
	r.now = r.now.Add(time.Hour)
	r.same("after the overlap", []bool{false, true}, []bool{r.admit(old).Admitted, r.admit(secret).Admitted})
	r.refuses(spend.KindNotFound, r.write(func(ctx context.Context, tx *state.Tx) error {
		_, _, err := auth.RotateToken(ctx, tx, auth.System(), auth.Rotation{Prefix: token.Prefix})
		return err
	}))
}

func tokens(r *room) {
	scope := spend.Scope{BusinessUnit: "retail", Team: "claims", Application: "triage"}
	secret, token := r.issue(auth.TokenRequest{
		Kind: auth.GatewayToken, Name: "triage in production", Scope: scope, Expires: r.now.Truncate(time.Microsecond).Add(48 * time.Hour),
	})
	admission := r.admit(secret)
	r.same("identity", auth.Identity{
		Token: token.Prefix, Kind: auth.GatewayToken, Method: auth.ByToken, Grants: []auth.Grant{{Role: auth.Gateway, Scope: scope}},
	}, admission.Identity)
	r.same("never used", true, admission.TouchDue)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error { return auth.Touch(ctx, tx, admission.Identity) }))
	r.same("used today", false, r.admit(secret).TouchDue)
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		all, err := tx.Tokens(ctx)
		token.LastUsed = "2026-11-25"
		r.same("kept", []state.Token{token}, all)
		return err
	}))
	r.now = r.now.Add(48 * time.Hour)
	r.same("expired", "this token expired on 2026-11-27", r.admit(secret).Reason)
	for _, want := range []bool{true, false} {
		r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
			done, err := auth.RevokeToken(ctx, tx, auth.System(), token.Prefix)
			r.same("revoked now", want, done)
			return err
		}))
	}
	r.same("revoked", "this token was revoked on 2026-11-27", r.admit(secret).Reason)
	r.refuses(spend.KindConflict, r.write(func(ctx context.Context, tx *state.Tx) error { return tx.AddToken(ctx, token) }))
}

func (r *room) exchange(secret auth.Secret) (session auth.Secret, a auth.Admission) {
	r.Helper()
	r.must(r.write(func(ctx context.Context, tx *state.Tx) (err error) {
		session, a, err = auth.Exchange(ctx, tx, secret, time.Hour)
		return err
	}))
	return session, a
}

func (r *room) resume(session auth.Secret) (a auth.Admission) {
	r.Helper()
	r.must(r.read(func(ctx context.Context, tx *state.Tx) (err error) {
		a, err = auth.Resume(ctx, tx, session)
		return err
	}))
	return a
}

func exchangeOnce(r *room) {
	admin, token := r.issue(auth.TokenRequest{Kind: auth.AdminToken, Name: "first start"})
	viewer, _ := r.issue(auth.TokenRequest{Kind: auth.ViewerToken, Name: "wall screen"})
	program, _ := r.issue(auth.TokenRequest{Kind: auth.OutcomesToken, Name: "help desk"})
	session, a := r.exchange(admin)
	r.same("admitted", true, a.Admitted)
	r.same("session's identity", a.Identity, r.resume(session).Identity)
	r.now = r.now.Add(time.Minute)
	second, _ := r.exchange(admin)
	r.same("a second browser's identity", a.Identity, r.resume(second).Identity)
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		row, _, err := tx.Token(ctx, token.Prefix)
		r.same("exchanged last", r.now.Truncate(time.Microsecond), row.Exchanged)
		return err
	}))
	_, other := r.exchange(viewer)
	r.same("a viewer's token", true, other.Admitted)
	_, none := r.exchange(program)
	r.same("a program's token", false, none.Admitted)
	r.same("still a token", true, r.admit(admin).Admitted)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		_, err := auth.RevokeToken(ctx, tx, a.Identity, token.Prefix)
		return err
	}))
	for _, ended := range []auth.Secret{session, second} {
		r.same("after its token", "this is no session of ours", r.resume(ended).Reason)
	}
	_, late := r.exchange(admin)
	r.same("with a revoked token", "this token was revoked on 2026-11-25", late.Reason)
}

func sessions(r *room) {
	admin, _ := r.issue(auth.TokenRequest{Kind: auth.AdminToken, Name: "first start"})
	session, _ := r.exchange(admin)
	r.now = r.now.Add(time.Hour)
	r.same("over", "this session is over; sign in again", r.resume(session).Reason)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
		n, err := tx.DropOldSessions(ctx)
		r.same("dropped", int64(1), n)
		return err
	}))
	other, _ := r.issue(auth.TokenRequest{Kind: auth.AdminToken, Name: "second browser"})
	session, _ = r.exchange(other)
	r.must(r.write(func(ctx context.Context, tx *state.Tx) error { return auth.EndSession(ctx, tx, session) }))
	r.same("ended", false, r.resume(session).Admitted)
}

func audit(r *room) {
	for range 3 {
		r.now = r.now.Add(time.Second)
		r.must(r.write(func(ctx context.Context, tx *state.Tx) error {
			_, err := auth.Append(ctx, tx, auth.Note{Who: auth.System(), Action: auth.SettingChange, Target: "settings"})
			return err
		}))
	}
	r.must(r.read(func(ctx context.Context, tx *state.Tx) error {
		check, err := auth.Verify(ctx, tx, auth.Head{})
		last, _, _ := tx.LastAudit(ctx)
		r.same("check", auth.Check{Entries: 3, Head: auth.Head{Seq: 3, Hash: last.Hash}}, check)
		rows, _ := tx.AuditAfter(ctx, 1, 1)
		r.same("page", 1, len(rows))
		entry, _ := auth.ReadEntry(rows[0])
		r.same("time", r.now.Add(-time.Second).Truncate(time.Microsecond), entry.Time())
		newest, _ := tx.AuditBefore(ctx, 3, 9)
		r.same("the newest first", []int64{2, 1}, []int64{newest[0].Seq, newest[1].Seq})
		return err
	}))
	r.refuses(spend.KindConflict, r.write(func(ctx context.Context, tx *state.Tx) error {
		return tx.AddAudit(ctx, state.AuditEntry{Seq: 3, Entry: "{}", Hash: "h"})
	}))
}
