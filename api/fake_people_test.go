package api_test

import (
	"context"
	"strings"

	"github.com/bursarhq/bursar/api"
	"github.com/bursarhq/bursar/auth"
	"github.com/bursarhq/bursar/spend"
)

func (f *fake) Tokens(context.Context) ([]auth.TokenRow, error) {
	if f.tokens != nil {
		return f.tokens, nil
	}
	return []auth.TokenRow{{Prefix: "aaaaaaaa", Hash: "HASH", Kind: "viewer"}, {Prefix: "bbbbbbbb", Hash: "HASH", Kind: "events"}}, nil
}

func (f *fake) Issue(_ context.Context, _ auth.Identity, r auth.TokenRequest) (auth.Secret, auth.TokenRow, error) {
	f.issued++
	return auth.NewToken(r, noon())
}

func (f *fake) Rotate(_ context.Context, _ auth.Identity, r auth.Rotation) (auth.Secret, auth.TokenRow, error) {
	if r.Prefix != "aaaaaaaa" {
		return auth.Secret{}, auth.TokenRow{}, spend.Errorf(spend.KindNotFound, "rotate", "no such token")
	}
	return auth.NewToken(auth.TokenRequest{Kind: auth.GatewayToken, Name: "after " + r.Overlap.String()}, noon())
}

func (f *fake) Revoke(_ context.Context, _ auth.Identity, prefix string) (bool, error) {
	return prefix == "aaaaaaaa", nil
}

// ada is the id of the one person, who leads claims and whom sources call ada.
const ada = "aaaaaaaaaaaaaaaaaaaaaaaaaa"

func somebody() api.Person {
	return api.Person{
		Principal: ada, Name: "Ada Quill", Email: "ada@example.org", ExternalIDs: []string{"ada"}, Created: noon(),
		Roles: []api.Role{{Role: auth.Lead, Scope: claims()}},
	}
}

func (f *fake) People(_ context.Context, after string, limit int) ([]api.Person, error) {
	gone := api.Person{Principal: strings.Repeat("b", 26), ExternalIDs: []string{}, Roles: []api.Role{}, Created: noon(), Erased: noon()}
	if after == ada {
		return []api.Person{gone}, nil
	}
	return []api.Person{somebody(), gone}[:min(limit, 2)], nil
}

func (f *fake) FindPerson(_ context.Context, who string) (api.Person, error) {
	if who != "ada" && who != ada {
		return api.Person{}, spend.Errorf(spend.KindNotFound, "find a person", "nobody is known by that")
	}
	return somebody(), nil
}

func (f *fake) KeepPerson(_ context.Context, _ auth.Identity, r auth.PersonRequest) (api.KeptPerson, error) {
	f.people = append(f.people, r)
	return api.KeptPerson{Principal: ada, New: true}, nil
}

func (f *fake) ErasePerson(ctx context.Context, _ auth.Identity, who string) (string, error) {
	p, err := f.FindPerson(ctx, who)
	return p.Principal, err
}

func (*fake) Given(context.Context) ([]auth.PersonGrant, error) {
	return []auth.PersonGrant{{Principal: ada, Grant: auth.Grant{Role: auth.Lead, Scope: claims()}}}, nil
}

func (f *fake) GiveRole(_ context.Context, _ auth.Identity, to auth.PersonGrant) error {
	return to.Validate()
}

func (f *fake) TakeRole(_ context.Context, _ auth.Identity, from auth.PersonGrant) error {
	f.taken = append(f.taken, from)
	return nil
}
