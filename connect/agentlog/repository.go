package agentlog

import (
	"net/url"
	"strings"
)

// repository names a repository by host and path, without what may be secret in its
// address, a user and a password: git@forge.example:acme/shop.git and
// https://ada:key@forge.example/acme/shop are forge.example/acme/shop. Of a folder on
// this machine only the last element is told.
func repository(address string) string {
	address = strings.TrimSuffix(strings.TrimRight(strings.TrimSpace(address), "/"), ".git")
	host, path := "", ""
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		host, path = u.Hostname(), u.Path
	} else if h, p, scp := strings.Cut(address, ":"); scp && len(h) > 1 && !strings.ContainsAny(h, `/\`) && !strings.HasPrefix(p, "//") {
		host, path = h[strings.LastIndexByte(h, '@')+1:], p
	}
	path = strings.Trim(path, "/")
	if host == "" || path == "" {
		if strings.Contains(address, "@") {
			return "" // an address that is not understood may hold a secret
		}
		return Base(address)
	}
	return strings.ToLower(host) + "/" + path
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
