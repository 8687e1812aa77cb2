// Package attribute gives every event its scope by rules that people can read,
// test and correct.
//
// A rule says on which events it acts (when, from, until) and what it does to their
// scope: set fills a field that is open, refine puts a value over what was claimed,
// and a default rule fills what nobody else filled. Rules are tried in their order,
// and each field is decided by the first that matches and acts on it. Conditions
// look at the event as its sources told it, never at what another rule decided, so
// that a rule can be read alone.
//
// It refuses to guess: what no rule decides stays empty and is shown as
// unattributed. It refuses to put a rule over identity: whose a credential is, its
// credential says, and a rule names neither credentials nor people. It knows no
// clock, no database and no file.
//
// A line keeps the rule that decided it as id@version, or default:id@version. The
// version digests what this one rule does, and neither its place nor the rest of the
// file: changing one rule of a hundred leaves the lines of the other ninety-nine as
// they are booked when the past is attributed anew.
//
// Rules read only what a line of the ledger keeps and by which lines are told apart
// when they are attributed anew (lake.Kinship); dates are days of the organisation.
//
// Start with Rules.Resolve, which is the order of all steps, and Rules.Decide.
// Invariant: the same rules and the same event give the same scope, live, on import,
// when re-rating and in a simulation.
//
// Worked example, with the first two rules of docs/attribution.md:
//
//   - {id: shop, when: {repository: acme/shop*}, set: {team: retail}}
//   - {id: repositories, when: {repository: "~ acme/(?P<name>[a-z-]+)"}, set: {team: platform, application: "${name}"}}
//
// A call of repository acme/shop-web is of team retail by shop, and of application
// shop-web by repositories, which lost the team to shop.
package attribute
