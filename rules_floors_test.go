package bursar_test

import (
	"path"
	"slices"
	"strings"
)

// supportFloor is where the packages stand that only tests import: laketest
// in lake/laketest drives every engine, so it stands beside the engines.
const supportFloor = 4

// floorTable is the house: imports only go down. The root holds no code and
// nothing imports it.
func floorTable() map[string]int {
	table := map[string]int{}
	for floor, folders := range []string{
		0: "money config",
		1: "spend document",
		2: "wire pricebook attribute budget allocate contract forecast variance anomaly " +
			"outcome agent plan placement focus company tracker exchange privacy purchase calendar organisation register discrepancy wire/protocol adoption board occasion telemetry market reconcile",
		3: "ingest report notify auth state lake journal client backup policy trailer vault paper queue",
		4: "gateway otlp connect connect/agentlog connect/vendor connect/poll api ui job mcp lake/duck lake/click connect/history courier",
		5: "app harvest",
		6: "cmd/bursar .",
	} {
		for _, folder := range strings.Fields(folders) {
			table[folder] = floor
		}
	}
	return table
}

// neighbours are the imports that stay on one floor, and there are no others.
func neighbours() map[string][]string {
	return map[string][]string{
		"pricebook":        {"wire"},                  // cases to rate bring usage as vendors and callers count it, and there is one carve
		"budget":           {"pricebook", "calendar"}, // its windows are local days and finance periods
		"connect/agentlog": {"connect"},               // what a line of a log becomes is what any record of a file becomes
		"connect/history":  {"connect"},               // the same of what products wrote down
		"company":          {"purchase"},              // what the company buys is told as anybody's purchases are
		"document":         {"spend"},                 // a mistake in a document is a problem as that of a record is
		"discrepancy":      {"pricebook"},             // why another figure is not ours is told by pricing in other ways
		"contract":         {"pricebook"},
		"variance":         {"pricebook"},
		"market":           {"pricebook", "variance"}, // an index is of prices in the book
		"anomaly":          {"forecast", "variance"},
		"ingest":           {"lake"}, // the batch that the pipeline appends is the lake's value
		"placement":        {"forecast"},
		"adoption":         {"calendar"},                                                 // people are counted by local days
		"attribute":        {"calendar"},                                                 // the dates of rules are local days
		"organisation":     {"calendar"},                                                 // whether a fiscal year is one is said in one place
		"purchase":         {"calendar"},                                                 // costs are spread over local days
		"board":            {"outcome", "variance", "market"},                            // its report is made of their answers
		"plan":             {"calendar", "pricebook", "contract", "forecast", "outcome"}, // its months are finance periods
		"telemetry":        {"pricebook", "wire"},                                        // a seller has one name, and totals are carved in one place
		"tracker":          {"pricebook"},
		"vault":            {"auth"}, // what a box holds is a Secret, which prints as stars
		"wire/protocol":    {"wire"}, // what usage means is said once, for files, records and live calls
	}
}

func floorOf(folder string) (floor int, known bool) {
	switch {
	case isSupport(folder):
		return supportFloor, true
	case strings.HasPrefix(folder, "internal/"):
		return 0, true
	}
	floor, known = floorTable()[folder]
	return floor, known
}

// isSupport reports whether only tests may import the folder: x/xtest.
func isSupport(folder string) bool {
	parent := path.Dir(folder)
	return parent != "." && path.Base(folder) == path.Base(parent)+"test"
}

// floors keeps imports going down. External test packages are outside the
// house and may import what they like.
func floors(t *tree) []string {
	var found []string
	homeless := map[string]bool{}
	for _, s := range t.files {
		if _, known := floorOf(s.folder); !known && !homeless[s.folder] {
			homeless[s.folder] = true
			found = append(found, t.at(s.syntax.Name, "folder %s has no floor: give it a floor in floorTable (rules_floors_test.go) "+
				"or put the code where it belongs; what you cannot place has two duties", s.folder))
		}
		if s.test && strings.HasSuffix(s.syntax.Name.Name, "_test") {
			continue
		}
		for importPath, spec := range s.imports() {
			target, ours := strings.CutPrefix(importPath, modulePath+"/")
			if !ours {
				continue
			}
			if why := climbs(s, target); why != "" {
				found = append(found, t.at(spec, "%s", why))
			}
		}
	}
	slices.Sort(found)
	return found
}

// climbs says why a file must not import the target, or nothing when it may.
func climbs(s *source, target string) string {
	from, fromKnown := floorOf(s.folder)
	to, toKnown := floorOf(target)
	switch {
	case !fromKnown || !toKnown:
		return "" // reported once, at the folder without a floor
	case isSupport(target) && s.test:
		return ""
	case isSupport(target):
		return target + " is there for tests: import it from _test.go files only"
	case to < from, slices.Contains(neighbours()[s.folder], target):
		return ""
	case to == from:
		return s.folder + " and " + target + " stand on one floor: pass a value or a function instead, " +
			"or list the pair in neighbours (rules_floors_test.go) and say why in the commit"
	}
	return s.folder + " imports upwards (" + target + "): declare the small interface or value it needs where it stands, " +
		"and let app join the two"
}

// purity keeps spend, money and floor 2 free of the world: values in, values
// out. What they need to know about time comes as an argument.
func purity(t *tree) []string {
	var found []string
	for _, s := range t.code() {
		floor, known := floorOf(s.folder)
		if !known || s.folder != "money" && floor != 1 && floor != 2 {
			continue
		}
		for importPath, spec := range s.imports() {
			if worldly(importPath) && (s.folder != "money" || importPath != "database/sql/driver") {
				found = append(found, t.at(spec, "%s is pure and must not import %s: take the value as an argument, "+
					"or do this part on floor 3 or above", s.folder, importPath))
			}
		}
		for _, sel := range s.selections("time") {
			if readsClock(sel.Sel.Name) {
				found = append(found, t.at(sel, "%s is pure and must not call time.%s: take the instant as an argument", s.folder, sel.Sel.Name))
			}
		}
	}
	slices.Sort(found)
	return found
}

func worldly(importPath string) bool {
	for _, banned := range []string{"context", "net", "database/sql", "log", "os"} {
		if importPath == banned || strings.HasPrefix(importPath, banned+"/") {
			return true
		}
	}
	return false
}

func readsClock(name string) bool {
	switch name {
	case "Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker":
		return true
	}
	return false
}
