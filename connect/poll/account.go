package poll

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/spend"
)

// Account is an account at a vendor whose usage and costs are fetched.
type Account struct {
	Name   string    // its cursors are kept under it
	Vendor string    // openai, anthropic, copilot or cursor
	As     string    // the account that its lines are of
	Base   *url.URL  // of the vendor's interface
	Key    string    // name of a sealed key
	Org    string    // at GitHub
	Since  time.Time // first day that is asked about
}

const (
	maxBytes    = 1 << 20
	maxAccounts = 100
)

// file is the shape of a file of accounts.
type file struct {
	Schema   string    `yaml:"poll"` // bursar/1
	Accounts []written `yaml:"accounts"`
}

type written struct {
	Name    string `yaml:"name"`
	Vendor  string `yaml:"vendor"`
	Account string `yaml:"account"`
	Base    string `yaml:"base"`
	Key     string `yaml:"key"`
	Org     string `yaml:"org"`
	Since   string `yaml:"since"`
}

// Read reads a file of accounts (YAML, unknown keys refused). All mistakes come at once.
func Read(in io.Reader) ([]Account, error) {
	raw, err := io.ReadAll(io.LimitReader(in, maxBytes+1))
	if err != nil || len(raw) > maxBytes {
		return nil, refused("the file cannot be read, or is larger than 1 MiB")
	}
	var f file
	if err := document.Decode(raw, &f); err != nil {
		return nil, refused(err.Error())
	}
	top, err := document.Root(raw)
	if err != nil {
		return nil, refused(err.Error())
	}
	var found []string
	if f.Schema != "bursar/1" {
		found = append(found, fmt.Sprintf("line %d: poll: want bursar/1", document.Line(top, "poll")))
	}
	if len(f.Accounts) > maxAccounts {
		found = append(found, fmt.Sprintf("line %d: accounts: more than %d", document.Line(top, "accounts"), maxAccounts))
	}
	seen, accounts := map[string]bool{}, []Account{}
	for i := range f.Accounts {
		a, problems := f.Accounts[i].read()
		if seen[a.Name] {
			problems = append(problems, "is there twice")
		}
		seen[a.Name] = true
		for _, p := range problems {
			found = append(found, fmt.Sprintf("line %d: account %.60q: %s", document.Line(top, "accounts", strconv.Itoa(i)), a.Name, p))
		}
		accounts = append(accounts, a)
	}
	if len(found) > 0 {
		return nil, refused(strings.Join(found, "; "))
	}
	return accounts, nil
}

func refused(why string) error {
	return spend.Errorf(spend.KindInvalid, "read the accounts", "%s", why).WithHint("docs/vendor-exports.md explains every key")
}

func (w *written) read() (a Account, found []string) {
	a = Account{Name: w.Name, Vendor: w.Vendor, As: w.Account, Key: w.Key, Org: w.Org}
	want := func(holds bool, problem string) {
		if !holds {
			found = append(found, problem)
		}
	}
	known := feedsOf(w.Vendor) != nil
	want(w.Name != "" && len(w.Name) <= 60, "name: want 1 to 60 letters")
	want(known, "vendor: want openai, anthropic, copilot or cursor")
	want(w.Account != "" && !strings.Contains(w.Account, "@"), "account: want a name of yours at the vendor, and no address of a person")
	want(w.Key != "", "key: want the name of a key that bursar upstream-key set has sealed")
	want(w.Vendor != "copilot" || w.Org != "", "org: want the organisation at GitHub")
	var err error
	a.Since, err = time.Parse(time.DateOnly, w.Since)
	want(err == nil, "since: want a day like 2026-11-01")
	base := w.Base
	if base == "" {
		base = host(w.Vendor)
	}
	a.Base, err = url.Parse(base)
	want(!known || err == nil && a.Base.Host != "" && a.Base.User == nil && (a.Base.Scheme == "https" || a.Base.Scheme == "http" && local(a.Base.Hostname())),
		"base: want an address like https://api.example.com")
	return a, found
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
