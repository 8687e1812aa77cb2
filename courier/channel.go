package courier

import (
	"net/url"
	"slices"

	"github.com/bursarhq/bursar/document"
	"github.com/bursarhq/bursar/notify"
	"github.com/bursarhq/bursar/spend"
)

// Kind is how a channel is spoken to.
type Kind string

// The kinds of channel.
const (
	Webhook Kind = "webhook" // signed JSON, as Standard Webhooks says
	Slack   Kind = "slack"   // an incoming webhook of Slack
	Teams   Kind = "teams"   // a workflow of Microsoft Teams
	Mail    Kind = "mail"
)

// Everybody is whom a channel is for that takes what nobody else does.
const Everybody = "*"

// Channel is one place where messages arrive.
type Channel struct {
	Name string
	Kind Kind
	For  []string     // teams, roles and principals; Everybody for those without a channel
	URL  *url.URL     // of a webhook, Slack or Teams; part of it may be secret
	Keys []notify.Key // that sign, at least one of a webhook
	To   []string     // addresses of a mail
}

// Book is every channel, and the mail server. It is immutable.
type Book struct {
	channels []Channel
	mail     *postman // nil when none is named
	post     *poster
}

// For names the channels of an owner: its own, or else those for everybody.
func (b *Book) For(owner string) (names []string) {
	if b == nil {
		return nil
	}
	for _, who := range []string{owner, Everybody} {
		for i := range b.channels {
			if who != "" && slices.Contains(b.channels[i].For, who) {
				names = append(names, b.channels[i].Name)
			}
		}
		if len(names) > 0 {
			break
		}
	}
	return names
}

func (b *Book) find(name string) *Channel {
	if b == nil {
		return nil
	}
	i := slices.IndexFunc(b.channels, func(c Channel) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return &b.channels[i]
}

// Channels bounds the channels of a file.
const Channels = 1000

// check adds what is wrong with the channel.
func (c *Channel) check(at string, found *document.Problems, mailed bool) {
	found.Add(!document.IsName(c.Name, ""), at, "the name must be 1 to 60 of a-z, 0-9, - and _")
	found.Add(len(c.For) == 0 || slices.Contains(c.For, ""), at, `for: says whom it is for: teams, roles, principals, or "*"`)
	found.Add(!slices.Contains([]Kind{Webhook, Slack, Teams, Mail}, c.Kind), at, "kind: is %.20q, must be webhook, slack, teams or mail", c.Kind)
	if c.Kind == Mail {
		found.Add(len(c.To) == 0 || len(c.To) > 50, at, "to: wants 1 to 50 addresses")
		found.Add(c.URL != nil || len(c.Keys) > 0, at, "a mail has neither url nor key")
		found.Add(!mailed, at, "mail: does not say which server takes letters")
		return
	}
	found.Add(len(c.To) > 0, at, "to: is of a mail")
	known := c.URL != nil && c.URL.Host != "" && (c.URL.Scheme == "https" || c.URL.Scheme == "http") && c.URL.User == nil
	found.Add(!known, at, "url, url_env or url_file: must hold an address like https://hooks.example.com/…, without a user")
	found.Add(c.Kind == Webhook && len(c.Keys) == 0, at, "a webhook is signed: key_env or key_file names its key")
	found.Add(known && c.Kind != Webhook && c.URL.Scheme != "https" && !isLoopback(c.URL), at, "the address of a room is secret: it begins with https")
}

func isLoopback(u *url.URL) bool {
	return slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
}

func refused(why string) error {
	return spend.Errorf(spend.KindInvalid, "read the channels", "%s", why).WithHint("docs/budgets.md has a file to begin with")
}
