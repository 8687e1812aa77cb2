package agentlog

import (
	"net/url"
	"strings"
)

// repository names a repository by host and path, without what may be secret in its
// address, a user and a password: git@forge.example:acme/shop.git and
// https://ada:key@forge.example/acme/shop are forge.example/acme/shop. A name of owner
// and repository, acme/shop, stays. Of a folder on this machine only the last element
// is told, and nothing of what is not understood and may hold a secret.
func repository(address string) string {
	address = strings.TrimSuffix(strings.TrimRight(strings.TrimSpace(address), "/"), ".git")
	host, path := hostOf(address)
	path = strings.Trim(path, "/")
	switch {
	case strings.Contains(path, "@"), host == "" && strings.Contains(address, "@"):
		return ""
	case host != "" && path != "":
		return name(strings.ToLower(host) + "/" + path)
	case isOwned(address):
		return name(address)
	}
	return name(Base(address))
}

// hostOf reads an address with a scheme, or one of ssh's form.
func hostOf(address string) (host, path string) {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Hostname(), u.Path
	}
	before, path, found := strings.Cut(address, ":")
	host = before[strings.LastIndexByte(before, '@')+1:]
	if !found || len(host) < 2 || strings.ContainsAny(host, `/\`) || strings.HasPrefix(path, "//") {
		return "", "" // a folder, a drive or a scheme
	}
	return host, path
}

// isOwned says that a name is one of owner and repository.
func isOwned(s string) bool {
	owner, rest, found := strings.Cut(s, "/")
	return found && strings.Trim(owner, "./~") != "" && rest != "" && !strings.ContainsAny(rest, `/\`) && !strings.Contains(owner, `\`)
}

// tags are the texts of a scope that are told, nil for none.
func tags(pairs ...[2]string) map[string]string {
	var all map[string]string
	for _, pair := range pairs {
		if pair[1] == "" {
			continue
		}
		if all == nil {
			all = map[string]string{}
		}
		all[pair[0]] = pair[1]
	}
	return all
}
