package app

import (
	"errors"

	"github.com/bursarhq/bursar/config"
	"github.com/bursarhq/bursar/gateway"
	"github.com/bursarhq/bursar/spend"
)

// CheckFiles reads every file that the operator's file names, as a server would, and says
// what is wrong with all of them.
func CheckFiles(f *config.Config) error {
	_, rules := readRules(f.Rules)
	_, channels := readChannels(f.Notices.Channels)
	_, accounts := readAccounts(f.Vendors.Accounts)
	_, certificate := CertificateOf(f)
	var routes error
	if f.Gateway.Routes != "" {
		_, routes = readRoutes(f.Gateway.Routes, gateway.System())
	}
	return errors.Join(rules, routes, channels, accounts, certificate)
}

// inFile names the file of what is wrong with it.
func inFile(path string, err error) error {
	if err == nil {
		return nil
	}
	return spend.Errorf(spend.KindOf(err), path, "%w", err).WithHint("%s", spend.HintOf(err))
}

// unopened says that a file which is named cannot be opened.
func unopened(op string, err error) error {
	return spend.Errorf(spend.KindNotFound, op, "%w", err).WithHint("give the path of a file that is there and can be read")
}
